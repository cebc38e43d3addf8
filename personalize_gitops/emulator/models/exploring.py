"""Exploration: items with few interactions get some of the places of an answer (docs/service/2 §8.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from personalize_gitops.emulator.models.arrays import position_of
from personalize_gitops.emulator.models.log import Ints, Log
from personalize_gitops.emulator.models.values import Columns, Exploration

_DAY = 86_400
_FEW = 15  # users; an item with more is known well enough
_PLACES = 3.0  # with weight 1, every third place is for exploration; with 0.3, every tenth
_MOST = 50  # explored items in one ranking


@dataclass(frozen=True)
class Ages:
    """When items appeared, and how well they are known."""

    born: NDArray[np.float64]  # epoch seconds by item: CREATION_TIMESTAMP, or else the first interaction
    users: Ints  # the number of users of each item
    newest: float  # the time of the newest interaction of any item

    def explorable(self, exploration: Exploration) -> Ints:
        """Return the items that few users know and that are young enough."""
        young = self.born >= self.newest - exploration.age_cut_off * _DAY
        return np.flatnonzero(young & (self.users < _FEW))

    def with_items(self, table: Columns, ids: Sequence[str]) -> Self:
        """Return the ages with further items, which nobody has interacted with."""
        born = np.fmin(_created(table, ids), np.inf)
        users = np.concatenate((self.users, np.zeros(len(ids), np.int64)))
        return type(self)(np.concatenate((self.born, born)), users, self.newest)

    def arrays(self) -> dict[str, Any]:
        """Return the arrays to save."""
        return {"born": self.born, "item_users": self.users, "newest": np.array(self.newest)}

    @classmethod
    def from_arrays(cls, found: Mapping[str, Any]) -> Self:
        """Return the ages that `arrays` was called on."""
        return cls(found["born"], found["item_users"], float(found["newest"]))


def ages_of(log: Log, items: Columns) -> Ages:
    """Return the ages of all items of a log. An item without any date counts as new."""
    first = np.full(len(log.item_ids), np.inf)
    np.minimum.at(first, log.items, log.times.astype(np.float64))
    created = _created(items, log.item_ids)
    born = np.where(np.isnan(created), first, created)
    return Ages(born, log.users_of_items(), float(log.times.max(initial=0)))


def explored(
    values: NDArray[Any], alike: NDArray[Any], ages: Ages, exploration: Exploration, user: str
) -> tuple[NDArray[Any], frozenset[int]]:
    """Return the values with explored items moved up, and the positions of these items.

    `alike` says how much an item resembles what the user knows. The choice differs between users, not between
    requests of one user.
    """
    candidates = ages.explorable(exploration)
    liked = candidates[np.argsort(-(alike[candidates] + _noise(candidates, user)), kind="stable")][: 4 * _MOST]
    waiting = [item for item in liked.tolist() if values[item] > -np.inf]
    order = np.argsort(-values, kind="stable")
    rank = np.empty(len(values), np.int64)
    rank[order] = np.arange(len(values))
    moved, chosen = values.copy(), []
    step = max(2, round(_PLACES / exploration.weight))
    for place in range(step - 1, min(len(values), step * _MOST), step):
        # An item that ranks higher by itself needs no exploration.
        item = next((item for item in waiting if rank[item] > place), None)
        if item is None:
            break
        waiting.remove(item)
        chosen.append(item)
        moved[item] = np.nextafter(values[order[place]], np.inf)
    return moved, frozenset(chosen)


def _noise(items: Ints, user: str) -> NDArray[np.float64]:
    """Return a number from 0 to 1 for each item, which depends on the user."""
    mixed = (items.astype(np.uint64) * np.uint64(2_654_435_761) + np.uint64(crc32(user.encode()))) % np.uint64(2**32)
    mixed = (mixed * np.uint64(1_103_515_245) + np.uint64(12_345)) % np.uint64(2**31)
    return mixed.astype(np.float64) / 2**31


def _created(table: Columns, ids: Sequence[str]) -> NDArray[np.float64]:
    """Return CREATION_TIMESTAMP by item; NaN where there is none."""
    created = np.full(len(ids), np.nan)
    position = position_of(ids)
    times = table.get("CREATION_TIMESTAMP") or ()
    for id_, time in zip(table.get("ITEM_ID", ()), times, strict=False):
        if time and id_ in position:
            created[position[id_]] = float(time)
    return created
