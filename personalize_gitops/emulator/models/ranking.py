"""Rankings: what a model answers. The order is computed as far as it is read."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Filter = Callable[[Sequence[str]], Collection[str]]
"""Returns those of some ids that pass."""

_AT_ONCE = 50  # ids that are given to a filter together; most answers need no more of them
_FIRST = 200  # the ids that are put in order before the others; most answers need no more


@dataclass(frozen=True)
class Scored:
    """One result."""

    id: str
    score: float | None = None
    explored: bool = False  # whether it is there for exploration


@dataclass(frozen=True)
class Ranking:
    """Ids, best first.

    `values` orders the ids; `scores` are what results show, if the recipe shows any. An id whose value is -inf is not
    part of the ranking. The ids of `last` follow all others, without a score.
    """

    ids: Sequence[str]
    values: NDArray[Any]
    scores: NDArray[Any] | None = None
    explored: Collection[int] = ()  # positions that exploration has moved up
    last: Sequence[str] = ()
    unscored: NDArray[np.bool_] | None = field(default=None)  # positions of results without a score

    def best(self, count: int, keep: Filter | None = None) -> list[Scored]:
        """Return up to `count` results that pass the filter."""
        found: list[Scored] = []
        for block in self._chunks():
            ids = [self.ids[position] for position in block]
            passed = None if keep is None else set(keep(ids))
            for position, id_ in zip(block, ids, strict=True):
                if passed is None or id_ in passed:
                    found.append(self._scored(position, id_))
                    if len(found) == count:
                        return found
        passed_last = None if keep is None else set(keep(self.last))
        last = [id_ for id_ in self.last if passed_last is None or id_ in passed_last]
        return [*found, *map(Scored, last)][:count]

    def __iter__(self) -> Iterator[Scored]:
        """Yield all results."""
        return iter(self.best(len(self.ids) + len(self.last)))

    def _chunks(self) -> Iterator[list[int]]:
        """Yield positions, best first, a few at a time."""
        for block in self._blocks():
            for start in range(0, len(block), _AT_ONCE):
                yield block[start : start + _AT_ONCE]

    def _blocks(self) -> Iterator[list[int]]:
        """Yield positions, best first: a first block, then all others. Equal values keep the order of the ids."""
        values = self.values
        if len(values) > 2 * _FIRST:
            least = np.partition(values, len(values) - _FIRST)[len(values) - _FIRST]
            if np.isfinite(least):
                above = np.flatnonzero(values >= least)
                first = above[np.argsort(-values[above], kind="stable")]
                yield first.tolist()
                rest = np.flatnonzero((values < least) & (values > -np.inf))
                yield rest[np.argsort(-values[rest], kind="stable")].tolist()
                return
        order = np.argsort(-values, kind="stable")
        yield order[values[order] > -np.inf].tolist()

    def _scored(self, position: int, id_: str) -> Scored:
        known = self.scores is not None and not (self.unscored is not None and self.unscored[position])
        score = float(self.scores[position]) if known and self.scores is not None else None
        return Scored(id_, score, position in self.explored)


def softmax(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return shares that sum to 1; 0 for values of -inf."""
    if not len(values) or not np.isfinite(values.max()):
        return np.zeros(len(values))
    shares: NDArray[np.float64] = np.exp(values.astype(np.float64) - float(values.max()))
    shares /= shares.sum()
    return shares
