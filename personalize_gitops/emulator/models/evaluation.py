"""The offline metrics of a training: of a second model, which is trained without the test data."""

from collections.abc import Mapping, Sequence

from personalize_gitops.emulator.models import metrics
from personalize_gitops.emulator.models.action_metrics import action_metrics
from personalize_gitops.emulator.models.families import Model, family_of, train
from personalize_gitops.emulator.models.ranking import Filter
from personalize_gitops.emulator.models.segment_metrics import segment_metrics
from personalize_gitops.emulator.models.splitting import SIZES, Trial, split
from personalize_gitops.emulator.models.trend_metrics import trend_metrics
from personalize_gitops.emulator.models.values import Configuration, Question, TrainingData

LIST = 25
_REWARDED = 500  # recommendations among which average_rewards_at_k looks for those with the highest reward


def metrics_of(configuration: Configuration, data: TrainingData, seed: int = 0) -> Mapping[str, float]:
    """Return the metrics by the names of the service."""
    measured = {
        "trending": trend_metrics,
        "actions": action_metrics,
        "segments": segment_metrics,
    }.get(family_of(configuration.recipe).module, _item_metrics)
    found = measured(configuration, data, seed)
    return {name: round(float(value), 4) for name, value in found.items()}


def _item_metrics(configuration: Configuration, data: TrainingData, seed: int) -> Mapping[str, float]:
    rest, tested = split(configuration, data, seed)
    model = train(configuration, rest)
    count = _REWARDED if configuration.objective else LIST
    lists = [recommended(model, configuration, each, count) for each in tested]
    found = ranking_metrics(lists, tested)
    catalogue = {*data.interactions.get("ITEM_ID", ()), *data.items.get("ITEM_ID", ())}
    found["coverage"] = len({item for items in lists for item in items[:LIST]}) / max(len(catalogue), 1)
    if configuration.objective:
        column = data.items.get(configuration.objective.column, ())
        rewards = {id_: float(value or 0) for id_, value in zip(data.items.get("ITEM_ID", ()), column, strict=False)}
        each_user = zip(lists, tested, strict=True)
        found["average_rewards_at_k"] = metrics.mean(
            metrics.average_rewards(items, set(each.wanted), rewards, LIST)
            for items, each in each_user
            if set(items) & set(each.wanted)
        )
    return found


def recommended(model: Model, configuration: Configuration, tested: Trial, count: int = LIST) -> list[str]:
    """Return the items that a model recommends to a test user, or for the newest item that the user has seen."""
    question = Question(user=tested.user, item=tested.seen[-1].item, events=tested.seen, context=tested.context)
    return [result.id for result in model.answer(question).best(count, _without_removed(configuration, tested))]


def _without_removed(configuration: Configuration, tested: Trial) -> Filter | None:
    """Return the filter that a use case applies by itself, if any (docs/service/1 §12)."""
    type_ = configuration.removes.casefold()
    removed = {event.item for event in tested.seen if event.type.casefold() == type_} if type_ else set()
    return (lambda ids: [id_ for id_ in ids if id_ not in removed]) if removed else None


def ranking_metrics(lists: Sequence[Sequence[str]], tested: Sequence[Trial]) -> dict[str, float]:
    """Return the metrics of lists of items, one for each test user."""
    hits = [[item in set(each.wanted) for item in items] for items, each in zip(lists, tested, strict=True)]
    relevant = [len(set(each.wanted)) for each in tested]
    found = {f"mean_reciprocal_rank_at_{LIST}": metrics.mean(metrics.reciprocal_rank(one, LIST) for one in hits)}
    for size in SIZES:
        gains = [metrics.discounted_gain(one, size, count) for one, count in zip(hits, relevant, strict=True)]
        found[f"normalized_discounted_cumulative_gain_at_{size}"] = metrics.mean(gains)
    for size in SIZES:
        found[f"precision_at_{size}"] = metrics.mean(metrics.precision(one, size) for one in hits)
    return found
