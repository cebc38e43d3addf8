"""What one answer is computed from: the interactions of a user, and what is known of user and context."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import scipy.sparse as sp

from personalize_gitops.emulator.models.log import Floats, Ints, Log

LONGEST = 200  # interactions of a user that a part looks at; older ones change no answer by much


@dataclass(frozen=True)
class Moment:
    """One user or session at the time of a question."""

    items: Ints  # positions of the items, newest first
    weights: Floats  # of their events
    peers: sp.csr_matrix | None = None  # the metadata of the user, one row
    context: sp.csr_matrix | None = None  # the contextual metadata, one row

    def after(self, items: Sequence[int], weights: Sequence[float]) -> Self:
        """Return the moment after some more interactions, given oldest first."""
        newer, their_weights = np.array(items[::-1], np.int64), np.array(weights[::-1], np.float32)
        return type(self)(
            np.concatenate((newer, self.items)),
            np.concatenate((their_weights, self.weights)),
            self.peers,
            self.context,
        )

    def newest(self) -> Self:
        """Return the moment with the newest interactions only."""
        return replace(self, items=self.items[:LONGEST], weights=self.weights[:LONGEST])


NOTHING = Moment(np.zeros(0, np.int64), np.zeros(0, np.float32))
"""A user of whom nothing is known."""


@dataclass(frozen=True)
class Histories:
    """The interactions of each user, newest first."""

    starts: Ints  # by position of the user; one entry more for the end
    items: Ints
    weights: Floats

    def of(self, user: int) -> tuple[Ints, Floats]:
        """Return the items and weights of a user."""
        part = slice(self.starts[user], self.starts[user + 1])
        return self.items[part].astype(np.int64), self.weights[part]

    def arrays(self) -> dict[str, Any]:
        """Return the arrays to save."""
        return {
            "history_starts": self.starts,
            "history_items": self.items.astype(np.int32),
            "history_weights": self.weights,
        }

    @classmethod
    def from_arrays(cls, found: Mapping[str, Any]) -> Self:
        """Return the histories that `arrays` was called on."""
        return cls(found["history_starts"], found["history_items"], found["history_weights"])


def histories_of(log: Log) -> Histories:
    """Return the interactions of each user of a log."""
    order = np.lexsort((log.ages, log.users))
    return Histories(log.starts.astype(np.int64), log.items[order], log.weights[order])
