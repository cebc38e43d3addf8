"""The offline metrics of a training: the split into training and test, and what each family is measured by.

The model is trained a second time without the test data (docs/service/2 §9.1): a tenth of the users, of whom it sees
the oldest nine tenths of their interactions before it is asked for the others.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from personalize_gitops.emulator.models import metrics
from personalize_gitops.emulator.models.families import Model, family_of, train
from personalize_gitops.emulator.models.log import Log, read_log
from personalize_gitops.emulator.models.values import Columns, Configuration, Event, Question, TrainingData

SIZES = (5, 10, 25)
LIST = 25
_REWARDED = 500  # recommendations among which average_rewards_at_k looks for those with the highest reward
_TESTED_SHARE = 0.1
_MOST_TESTED = 500  # users


@dataclass(frozen=True)
class Tested:
    """One test user: what the model sees, and what it should recommend."""

    user: str
    seen: Sequence[Event]
    wanted: Sequence[str]
    context: Mapping[str, str]


def metrics_of(configuration: Configuration, data: TrainingData, seed: int = 0) -> Mapping[str, float]:
    """Return the metrics by the names of the service."""
    measured = {
        "trending": _trend_metrics,
        "actions": _action_metrics,
        "segments": _segment_metrics,
    }.get(family_of(configuration.recipe).module, _item_metrics)
    found = measured(configuration, data, seed)
    return {name: round(float(value), 4) for name, value in found.items()}


def split(configuration: Configuration, data: TrainingData, seed: int = 0) -> tuple[TrainingData, list[Tested]]:
    """Return the training data without the test users, and the test users.

    Who is a test user depends on the id and the seed alone, so that more data does not change it.
    """
    log = read_log(data.interactions, configuration)
    chosen = held_out_users(log.user_ids, seed)
    rows = [user not in chosen for user in data.interactions.get("USER_ID", ())]
    rest = replace(data, interactions=some_rows(data.interactions, rows))
    return rest, list(_tested(log, data, chosen))


def held_out_users(users: Sequence[str], seed: int) -> frozenset[str]:
    """Return a tenth of the users."""
    order = sorted(users, key=lambda user: (crc32(f"{seed}/{user}".encode()), user))
    return frozenset(order[: min(_MOST_TESTED, max(1, round(_TESTED_SHARE * len(order))))])


def some_rows(columns: Columns, kept: Sequence[bool]) -> Columns:
    """Return a table with some of its rows."""
    return {name: [v for v, keep in zip(values, kept, strict=True) if keep] for name, values in columns.items()}


def _tested(log: Log, data: TrainingData, chosen: Collection[str]) -> Iterator[Tested]:
    types = data.interactions.get("EVENT_TYPE")
    values = data.interactions.get("EVENT_VALUE")
    for number, user in enumerate(log.user_ids):
        part = log.of_user(number)
        rows = log.rows[part].tolist()
        hidden = len(rows) - int(len(rows) * (1 - _TESTED_SHARE))
        if user not in chosen or len(rows) < 2:
            continue
        items, times = [log.item_ids[item] for item in log.items[part]], log.times[part].tolist()
        events = [
            Event(
                item,
                types[row] if types else "",
                time,
                float(values[row]) if values and values[row] else None,
            )
            for item, time, row in zip(items, times, rows, strict=True)
        ]
        first = rows[-hidden]
        context = {f.column: data.interactions[f.column][first] for f in data.context_features}
        yield Tested(user, events[:-hidden], items[-hidden:], context)


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


def recommended(model: Model, configuration: Configuration, tested: Tested, count: int = LIST) -> list[str]:
    """Return the items that a model recommends to a test user, or for the newest item that the user has seen."""
    removed = {event.item for event in tested.seen if event.type.casefold() == configuration.removes.casefold()}
    question = Question(user=tested.user, item=tested.seen[-1].item, events=tested.seen, context=tested.context)
    keep = (lambda ids: [id_ for id_ in ids if id_ not in removed]) if configuration.removes and removed else None
    return [result.id for result in model.answer(question).best(count, keep)]


def ranking_metrics(lists: Sequence[Sequence[str]], tested: Sequence[Tested]) -> dict[str, float]:
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


def _trend_metrics(configuration: Configuration, data: TrainingData, seed: int) -> Mapping[str, float]:
    raise NotImplementedError


def _action_metrics(configuration: Configuration, data: TrainingData, seed: int) -> Mapping[str, float]:
    raise NotImplementedError


def _segment_metrics(configuration: Configuration, data: TrainingData, seed: int) -> Mapping[str, float]:
    raise NotImplementedError
