"""The split of the guide: a tenth of the users is tested (docs/service/2 §9.1).

The model sees all interactions of the other users, and of a test user the oldest nine tenths; it should recommend what
is in the newest tenth.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from personalize_gitops.emulator.models.log import Log, chosen_rows, codes_of, read_log
from personalize_gitops.emulator.models.values import Columns, Configuration, Event, TrainingData

SIZES = (5, 10, 25)  # how many results a metric looks at
_TESTED_SHARE = 0.1
_MOST_TESTED = 500  # users


@dataclass(frozen=True)
class Trial:
    """One test user: what the model sees, and what it should recommend."""

    user: str
    seen: Sequence[Event]
    hidden: Sequence[Event]  # newer than those it sees
    context: Mapping[str, str]

    @property
    def wanted(self) -> Sequence[str]:
        """The items that it should recommend."""
        return [event.item for event in self.hidden]


def split(configuration: Configuration, data: TrainingData, seed: int = 0) -> tuple[TrainingData, list[Trial]]:
    """Return the training data without the test users, and the test users.

    Who is a test user depends on the id and the seed alone, so that more data does not change it.
    """
    log = read_log(data.interactions, configuration)
    chosen = held_out_users(log.user_ids, seed)
    rest = replace(data, interactions=without_users(data.interactions, chosen))
    return rest, list(_tested(log, data, chosen))


def held_out_users(users: Sequence[str], seed: int) -> frozenset[str]:
    """Return a tenth of the users."""
    order = sorted(users, key=lambda user: (crc32(f"{seed}/{user}".encode()), user))
    return frozenset(order[: min(_MOST_TESTED, max(1, round(_TESTED_SHARE * len(order))))])


def without_users(columns: Columns, users: Collection[str]) -> Columns:
    """Return interactions without those of some users."""
    ids, codes = codes_of(columns.get("USER_ID", ()))
    return chosen_rows(columns, np.array([id_ not in users for id_ in ids], bool)[codes])


def _tested(log: Log, data: TrainingData, chosen: Collection[str]) -> Iterator[Trial]:
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
        yield Trial(user, events[:-hidden], events[-hidden:], context)
