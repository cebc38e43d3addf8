"""The metrics of recommended actions (docs/service/2 §9.2)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from personalize_gitops.emulator.models import metrics
from personalize_gitops.emulator.models.families import train
from personalize_gitops.emulator.models.ranking import Scored
from personalize_gitops.emulator.models.splitting import SIZES, Trial, split
from personalize_gitops.emulator.models.values import Configuration, Question, TrainingData

_LIST = 5  # the recommended actions of a user


def action_metrics(configuration: Configuration, data: TrainingData, seed: int) -> Mapping[str, float]:
    """Return how well the model tells which actions test users take."""
    interactions = {"ITEM_ID": data.action_interactions.get("ACTION_ID", ()), **data.action_interactions}
    rest, tested = split(configuration, replace(data, interactions=interactions, context_features=()), seed)
    rows = {name: values for name, values in rest.interactions.items() if name != "ITEM_ID"}
    model = train(configuration, replace(data, action_interactions=rows))
    results = {each.user: list(model.answer(Question(user=each.user, events=each.seen))) for each in tested}
    taken = {each.user: {e.item for e in each.hidden if e.type.casefold() == "taken"} for each in tested}
    takers = [each for each in tested if taken[each.user]]
    found: dict[str, float] = {"coverage": float(bool(tested))}
    for size in SIZES:
        found[f"normalized_discounted_cumulative_gain_at_{size}"] = metrics.mean(
            metrics.discounted_gain(
                [result.id in taken[each.user] for result in results[each.user]], size, len(taken[each.user])
            )
            for each in takers
        )
    return found | _by_action(tested, results, taken)


def _by_action(
    tested: Sequence[Trial], results: Mapping[str, Sequence[Scored]], taken: Mapping[str, Collection[str]]
) -> dict[str, float]:
    """Return the metrics that look at one action at a time."""
    predicted: dict[str, set[str]] = {}
    actual: dict[str, set[str]] = {}
    right: list[float] = []
    wrong: list[float] = []
    for each in tested:
        for result in results[each.user][:_LIST]:
            predicted.setdefault(result.id, set()).add(each.user)
        for action in taken[each.user]:
            actual.setdefault(action, set()).add(each.user)
        score = {result.id: result.score or 0.0 for result in results[each.user]}
        for event in each.hidden:
            (right if event.item in taken[each.user] else wrong).append(score.get(event.item, 0.0))
    return {
        "precision": metrics.mean(metrics.precision_of_action(p, actual.get(a, ())) for a, p in predicted.items()),
        "recall": metrics.mean(metrics.recall_of_action(predicted.get(a, ()), t) for a, t in actual.items()),
        "area_under_curve": metrics.area_under_curve(right, wrong),
    }
