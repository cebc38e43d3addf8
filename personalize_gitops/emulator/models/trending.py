"""Trending items: those whose interactions grow most from one interval to the next (docs/service/1 §13.5).

The last interval ends with the newest interaction, not now: local data is often old. Items that do not grow follow in
the order of popularity.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from personalize_gitops.emulator.models.arrays import packed, unpacked
from personalize_gitops.emulator.models.log import Ints, Log, Mask, read_log
from personalize_gitops.emulator.models.ranking import Ranking
from personalize_gitops.emulator.models.values import Configuration, Question, TrainingData

_INTERVALS: Mapping[str, int] = {
    "30 minutes": 1_800,
    "1 hour": 3_600,
    "2 hours": 7_200,
    "3 hours": 10_800,
    "1 day": 86_400,
}


@dataclass(frozen=True)
class TrendingModel:
    """Items with their growth and the number of their users. Results have no scores."""

    items: Sequence[str]
    growth: NDArray[np.float64]
    users: Ints

    def to_bytes(self) -> bytes:
        """Return the model as bytes."""
        return packed({"growth": self.growth, "users": self.users}, {"items": self.items})

    def answer(self, question: Question) -> Ranking:
        """Return the items with interactions, those that grow most first."""
        popular = self.users / max(float(self.users.max(initial=0)), 1.0) - 1
        values = np.where(self.growth > 0, self.growth, popular)
        return Ranking(self.items, np.where(self.users > 0, values, -np.inf))


def train(configuration: Configuration, data: TrainingData) -> TrendingModel:
    """Compare the last two intervals."""
    log = read_log(data.interactions, configuration)
    now, before = counts(log, interval_of(configuration))
    # The difference in units of what chance makes of it: 3 after 0 tells more than 103 after 100.
    return TrendingModel(log.item_ids, (now - before) / np.sqrt(now + before + 1), log.users_of_items())


def load(content: bytes) -> TrendingModel:
    """Return the model from its bytes."""
    found = unpacked(content)
    return TrendingModel(found["items"], found["growth"], found["users"])


def interval_of(configuration: Configuration) -> int:
    """Return the seconds of an interval; two hours where nothing is set."""
    return _INTERVALS.get(configuration.parameters.get("trend_discovery_frequency", ""), 7_200)


def counts(log: Log, interval: int, kept: Mask | None = None) -> tuple[Ints, Ints]:
    """Return the kept interactions of each item in the last interval of the log, and in the one before."""
    age = (int(log.times.max(initial=0)) - log.times) // interval
    chosen = np.ones(len(age), bool) if kept is None else kept
    last, before = (np.bincount(log.items[chosen & (age == n)], minlength=len(log.item_ids)) for n in (0, 1))
    return last, before
