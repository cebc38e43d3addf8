"""Popularity: the items that most users have interacted with, the same for everyone (docs/service/1 §13.6).

Also the domain's most popular, most viewed and best selling items, by the event type of the use case.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from personalize_gitops.emulator.models.arrays import packed, unpacked
from personalize_gitops.emulator.models.log import Ints, read_log
from personalize_gitops.emulator.models.ranking import Ranking
from personalize_gitops.emulator.models.values import Configuration, Question, TrainingData


@dataclass(frozen=True)
class PopularityModel:
    """Items with the number of their users. Results have no scores."""

    items: Sequence[str]
    users: Ints

    def to_bytes(self) -> bytes:
        """Return the model as bytes."""
        return packed({"users": self.users}, {"items": self.items})

    def answer(self, question: Question) -> Ranking:
        """Return the items with interactions, the most popular first."""
        return Ranking(self.items, np.where(self.users > 0, self.users.astype(np.float64), -np.inf))


def train(configuration: Configuration, data: TrainingData) -> PopularityModel:
    """Count the users of each item."""
    log = read_log(data.interactions, configuration)
    return PopularityModel(log.item_ids, log.users_of_items())


def load(content: bytes) -> PopularityModel:
    """Return the model from its bytes."""
    found = unpacked(content)
    return PopularityModel(found["items"], found["users"])
