"""The parts of the blend: each scores all items for one moment, scaled so that its best item has 1.

    ease, next    from the items of the history to others, see `parts`
    own           the history itself, for data where people come back to the same items
    popular       the number of users
    content       items with the metadata of those in the history
    peers         items of users with the same metadata
    context       items of interactions with the same contextual metadata

A number after a colon is how many interactions an older one must lie back to count a third as much.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from personalize_gitops.emulator.models.arrays import sparse_arrays, sparse_of
from personalize_gitops.emulator.models.history import Moment
from personalize_gitops.emulator.models.log import Floats

_FARTHEST = 9  # times the steps of a part: an interaction that lies farther back counts less than a thousandth
_FULL = 8  # a matrix with more than one entry of so many is kept in full as well
_MATRICES = ("ease", "next", "content", "peers", "context")

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Sources:
    """What the parts are computed from."""

    ease: sp.csr_matrix  # items by items
    next: sp.csr_matrix  # items by items
    content: sp.csr_matrix  # items by tokens
    peers: sp.csr_matrix  # tokens of users by items
    context: sp.csr_matrix  # tokens of interactions by items
    popular: Floats  # by item, at most 1

    @property
    def size(self) -> int:
        """The number of items."""
        return len(self.popular)

    def scores(self, name: str, moment: Moment) -> Values:
        """Return the values of all items for one part, at most 1."""
        kind, _, steps = name.partition(":")
        moment = moment.newest()
        match kind:
            case "ease" | "next":
                values = self._followers(kind, moment, float(steps))
            case "own":
                values = _counted(moment.items, _decayed(moment, float(steps)), self.size)
            case "content":
                values = self._alike(moment)
            case "peers" | "context":
                values = self._shared(getattr(self, kind), getattr(moment, kind))
            case _:
                values = self.popular.astype(np.float64)
        most = values.max(initial=0.0)
        return values / most if most > 0 else values

    def with_items(self, content: sp.csr_matrix) -> Self:
        """Return the sources with further items, given by the rows of their metadata."""
        popular = np.concatenate((self.popular, np.zeros(content.shape[0], np.float32)))
        return replace(self, content=sp.vstack((self.content, content)).tocsr(), popular=popular)

    def arrays(self) -> dict[str, Any]:
        """Return the arrays to save."""
        found: dict[str, Any] = {"popular": self.popular}
        for name in _MATRICES:
            found |= sparse_arrays(name, getattr(self, name))
        return found

    @classmethod
    def from_arrays(cls, found: Mapping[str, Any]) -> Self:
        """Return the sources that `arrays` was called on."""
        return cls(**{name: sparse_of(name, found) for name in _MATRICES}, popular=found["popular"])

    @cached_property
    def _dense(self) -> Mapping[str, NDArray[np.float32]]:
        """The matrices of items by items that are so full that whole rows are summed faster, seven times."""
        found = {name: getattr(self, name) for name in ("ease", "next")}
        return {name: m.toarray() for name, m in found.items() if m.nnz * _FULL > m.shape[0] * m.shape[1]}

    def _followers(self, kind: str, moment: Moment, steps: float) -> Values:
        matrix: sp.csr_matrix = getattr(self, kind)
        counting = int(min(_FARTHEST * steps, len(moment.items)))
        items, weights = moment.items[:counting], _decayed(moment, steps)[:counting]
        known = items < matrix.shape[0]  # not those that were added after the training
        items, weights = items[known], weights[known]
        if kind not in self._dense:
            return _gathered(matrix, items, weights, self.size)
        values = np.zeros(self.size)
        # Not with BLAS, whose threads wait for each other on a busy machine.
        values[: matrix.shape[1]] = np.einsum("i,ij->j", weights, self._dense[kind][items])
        return values

    def _alike(self, moment: Moment) -> Values:
        tokens = _gathered(self.content, moment.items, _decayed(moment, 20), self.content.shape[1])
        values: Values = self.content @ tokens
        return values

    def _shared(self, matrix: sp.csr_matrix, row: sp.csr_matrix | None) -> Values:
        if row is None:
            return np.zeros(self.size)
        return _gathered(matrix, row.indices, row.data, self.size)


def _decayed(moment: Moment, steps: float) -> Floats:
    """Return the weight of each interaction; inf steps weigh all alike."""
    if steps == np.inf:
        return moment.weights
    decay: Floats = np.exp(np.arange(len(moment.items), dtype=np.float32) / np.float32(-steps))
    return decay * moment.weights


def _gathered(matrix: sp.csr_matrix, rows: NDArray[Any], weights: NDArray[Any], size: int) -> Values:
    """Return the weighted sum of some rows, as a dense row of the given size."""
    starts = matrix.indptr[rows]
    lengths = matrix.indptr[rows + 1] - starts
    ends = np.cumsum(lengths)
    if not len(ends) or not ends[-1]:
        return np.zeros(size)
    entries = np.arange(ends[-1]) + np.repeat(starts - ends + lengths, lengths)
    return _counted(matrix.indices[entries], matrix.data[entries] * np.repeat(weights, lengths), size)


def _counted(positions: NDArray[Any], weights: NDArray[Any], size: int) -> Values:
    """Return the sum of the weights at each position."""
    return np.bincount(positions, weights, size).astype(np.float64, copy=False)
