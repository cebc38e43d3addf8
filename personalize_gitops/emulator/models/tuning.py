"""Tuning of the blend: the weights of the parts, on the newest interactions of some users (docs/service/6 §3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from personalize_gitops.emulator.models.history import Moment
from personalize_gitops.emulator.models.log import Ints, Log, Mask
from personalize_gitops.emulator.models.sources import Sources

_TESTED_USERS = 400, 1_000  # at least, and where the catalogue is so small that more of them cost little
_VALUES = 2_000_000  # of items, that all tested users together may need for a part
_CANDIDATES = 150  # the best items of each part
_GRID = (0.0, 0.1, 0.2, 0.4, 0.7, 1.0, 1.5, 2.5)
_PASSES = 3
_LIST = 25
_RARE_REPEATS = 0.02
_SHARPNESS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
_LEAST_POPULAR = 0.01  # so that users without a history get what is popular

_DISCOUNTS = 1 / np.log2(np.arange(2, _LIST + 2))


@dataclass(frozen=True)
class Blend:
    """The result: how to put the parts together."""

    weights: Mapping[str, float]  # by part; those with 0 are left out
    leaves_out_seen: bool  # because users hardly come back to the same items
    sharpness: float  # the factor of the values before the softmax

    def values(self, sources: Sources, moment: Moment) -> NDArray[np.float64]:
        """Return the values of all items for one moment, at most 1."""
        total = np.zeros(sources.size)
        for name, weight in self.weights.items():
            total += weight * sources.scores(name, moment)
        total /= sum(self.weights.values()) or 1.0
        if self.leaves_out_seen:
            total[moment.items] -= 1.0
        return total


@dataclass(frozen=True)
class Case:
    """A user whose newest interactions are known but not shown."""

    moment: Moment
    wanted: Ints  # the items of the newest interactions


def tested_users(items: int) -> int:
    """Return how many users the tuning looks at with a catalogue of so many items."""
    least, most = _TESTED_USERS
    return min(most, max(least, _VALUES // max(items, 1)))


def held_out(log: Log, share: float = 0.1) -> Mask:
    """Return which interactions are the newest ones of a user who has at least two: a share of them, one at least."""
    counts = np.where(log.lengths > 1, np.maximum(1, np.round(log.lengths * share)), 0)
    newest: Mask = log.ages < counts[log.users]
    return newest


def tuned(sources: Sources, cases: Sequence[Case], names: Sequence[str]) -> Blend:
    """Return the blend of parts that puts the wanted items of the cases first."""
    if not cases:
        return Blend({"popular": 1.0}, False, _SHARPNESS[2])
    seen = [np.isin(case.wanted, case.moment.items).mean() for case in cases]
    leaves_out = float(np.mean(seen)) <= _RARE_REPEATS
    names = [name for name in names if not (leaves_out and name.startswith("own"))]  # it scores what was seen
    table = _Table(sources, cases, names, leaves_out)
    weights = table.search()
    weights[names.index("popular")] = max(weights[names.index("popular")], _LEAST_POPULAR)
    chosen = {name: float(weight) for name, weight in zip(names, weights, strict=True) if weight}
    return Blend(chosen, leaves_out, table.sharpness(weights))


class _Table:
    """The values of all parts for the candidates of all cases."""

    def __init__(self, sources: Sources, cases: Sequence[Case], names: Sequence[str], leaves_out: bool) -> None:
        rows = [_candidates(sources, case, names, leaves_out) for case in cases]
        width = max(_LIST, *(values.shape[1] for values, _ in rows))
        self.parts = np.full((len(names), len(rows), width), -1e6, np.float32)
        self.hits = np.zeros((len(rows), width), np.float32)
        for number, (values, hits) in enumerate(rows):
            self.parts[:, number, : values.shape[1]] = values
            self.hits[number, : len(hits)] = hits
        lengths = np.array([min(_LIST, len(np.unique(case.wanted))) for case in cases])
        self.ideal = np.cumsum(_DISCOUNTS)[lengths - 1]
        self.start = [{"ease": 1.0, "next": 0.7, "own": 0.4}.get(name.partition(":")[0], 0.1) for name in names]

    def search(self) -> NDArray[np.float32]:
        """Return the best weights, one of the grid after the other for one part after the other."""
        weights = np.array(self.start, np.float32)
        total = self.total(weights)
        best = self.quality(total)
        for _ in range(_PASSES):
            before = weights.copy()
            for part, values in enumerate(self.parts):
                others = total - weights[part] * values
                for weight in _GRID:
                    quality = self.quality(others + np.float32(weight) * values)
                    if quality > best + 1e-6:
                        best, weights[part] = quality, weight
                total = others + weights[part] * values
            if (before == weights).all():
                break
        return weights

    def quality(self, total: NDArray[Any]) -> float:
        """Return the NDCG of the first 25 items."""
        first = np.argpartition(-total, _LIST - 1, axis=1)[:, :_LIST]
        order = np.argsort(-np.take_along_axis(total, first, 1), axis=1, kind="stable")
        hits = np.take_along_axis(self.hits, np.take_along_axis(first, order, 1), 1)
        return float(((hits * _DISCOUNTS).sum(axis=1) / self.ideal).mean())

    def total(self, weights: NDArray[Any]) -> NDArray[np.float32]:
        """Return the weighted sum of the parts, without the threads of a matrix product: they only wait here."""
        total = np.zeros(self.parts.shape[1:], np.float32)
        for weight, values in zip(weights, self.parts, strict=True):
            total += np.float32(weight) * values
        return total

    def sharpness(self, weights: NDArray[Any]) -> float:
        """Return the factor with which the softmax fits the wanted items best."""
        total = self.total(weights) / max(float(weights.sum()), 1e-9)
        wanted = self.hits > 0

        def fit(factor: float) -> float:
            shares = np.exp((total - total.max(axis=1, keepdims=True)) * factor)
            shares /= shares.sum(axis=1, keepdims=True)
            return float(np.log(shares[wanted] + 1e-9).sum())

        return max(_SHARPNESS, key=fit)


def _candidates(
    sources: Sources, case: Case, names: Sequence[str], leaves_out: bool
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return the values of the best items of each part, and which of them are wanted."""
    values = np.array([sources.scores(name, case.moment) for name in names], np.float32)
    if leaves_out:
        values[:, case.moment.items] = -1.0
    count = min(_CANDIDATES, values.shape[1])
    best = np.argpartition(-values, count - 1, axis=1)[:, :count]
    chosen = np.unique(best)
    return values[:, chosen], np.isin(chosen, case.wanted)
