"""From a log to matrices of items by items: which items follow from an item in a history (docs/service/6 §3).

ease          every item predicts every other one: a linear model with a closed form
transitions   which items come within some steps after an item, in the order of time
"""

from itertools import pairwise

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray

from personalize_gitops.emulator.models.log import Floats, Ints, Log

_LARGEST_EASE = 6_000  # items; the cost grows with the third power
_REGULARIZATION = 300.0
_DECAY, _SHRINKAGE = 0.92, 10.0
_BLOCK = 1_000_000  # interactions


def ease(log: Log, neighbours: int) -> sp.csr_matrix:
    """Return the weight of each item for each other item, the largest ones of each row."""
    total = len(log.item_ids)
    counts = np.bincount(log.items, minlength=total)
    chosen = np.sort(np.argsort(-counts, kind="stable")[: min(_LARGEST_EASE, int((counts > 0).sum()))])
    if not len(chosen):
        return sp.csr_matrix((total, total), dtype=np.float32)
    together = user_item(log)[:, chosen]
    weights = _closed_form((together.T @ together).toarray().astype(np.float32, order="F"))
    pruned = _largest_of_rows(weights, neighbours)
    place = sp.csr_matrix((np.ones(len(chosen), np.float32), (np.arange(len(chosen)), chosen)), (len(chosen), total))
    return sorted_csr(place.T @ pruned @ place)


def transitions(log: Log, window: int, neighbours: int, block: int = _BLOCK) -> sp.csr_matrix:
    """Return how often each item comes within `window` steps after each other one, less for popular items.

    It takes items with about `block` interactions at a time: the pairs of all of them need gigabytes.
    """
    counts = np.bincount(log.items, minlength=len(log.item_ids))
    parts = [
        largest_of_rows(_scaled(_followers(log, window, start, end), start, counts.astype(np.float32)), neighbours)
        for start, end in _blocks(counts, block)
    ]
    return sorted_csr(sp.vstack(parts)) if parts else sp.csr_matrix((0, 0), dtype=np.float32)


def _blocks(counts: Ints, size: int) -> list[tuple[int, int]]:
    """Return ranges of items with about `size` interactions each."""
    block = np.cumsum(counts) // size
    edges = [0, *(np.flatnonzero(np.diff(block)) + 1).tolist(), len(counts)]
    return [(start, end) for start, end in pairwise(edges) if start < end]


def _followers(log: Log, window: int, start: int, end: int) -> sp.csr_matrix:
    """Return the weights of the pairs whose first item is in a range, one row for each item of the range."""
    shape = (end - start, len(log.item_ids))
    counted = sp.csr_matrix(shape, dtype=np.float32)
    first = np.flatnonzero((log.items >= start) & (log.items < end))
    for gap in range(1, window + 1):
        first = first[first < len(log.users) - gap]
        first = first[log.users[first] == log.users[first + gap]]  # who ends here ends with larger gaps too
        weights = (_DECAY ** (gap - 1) * log.weights[first + gap]).astype(np.float32)
        pairs = log.items[first] - start, log.items[first + gap]
        counted = counted + sp.csr_matrix((weights, pairs), shape=shape)
    return counted


def _scaled(counted: sp.csr_matrix, start: int, counts: Floats) -> sp.csr_matrix:
    """Return the weights of pairs relative to how often both items occur."""
    coordinates = counted.tocoo()
    scale = np.sqrt(counts[coordinates.row + start] * counts[coordinates.col]) + _SHRINKAGE
    return sp.csr_matrix((coordinates.data / scale, (coordinates.row, coordinates.col)), shape=counted.shape)


def user_item(log: Log) -> sp.csr_matrix:
    """Return users by items: the weight of the event, 1 without event weights."""
    shape = (len(log.user_ids), len(log.item_ids))
    matrix = sp.csr_matrix((log.weights.astype(np.float32), (log.users, log.items)), shape=shape)
    matrix.data = np.minimum(matrix.data, 1.0)
    return matrix


def largest_of_rows(matrix: sp.csr_matrix, count: int) -> sp.csr_matrix:
    """Return a matrix with the largest entries of each row. Of equal entries, those of earlier columns stay."""
    matrix = sorted_csr(matrix)
    kept = np.ones(matrix.nnz, bool)
    for row in np.flatnonzero(np.diff(matrix.indptr) > count).tolist():
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        order = np.argsort(-np.abs(matrix.data[part]), kind="stable")
        kept[part.start + order[count:]] = False
    ends = np.concatenate(([0], np.cumsum(kept)))[matrix.indptr]
    return sp.csr_matrix((matrix.data[kept], matrix.indices[kept], ends), shape=matrix.shape)


def sorted_csr(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Return a matrix in the one form that equal matrices share."""
    matrix = sp.csr_matrix(matrix)
    matrix.sum_duplicates()
    matrix.sort_indices()
    return matrix


def _closed_form(together: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the weights of the linear model from the counts of items that occur together."""
    diagonal = np.diag_indices_from(together)
    together[diagonal] += _REGULARIZATION
    factor, _ = scipy.linalg.lapack.spotrf(together, lower=0, overwrite_a=1)
    half, _ = scipy.linalg.lapack.spotri(factor, lower=0, overwrite_c=1)  # the upper triangle; the lower one is 0
    inverse: NDArray[np.float32] = half + half.T
    inverse /= -np.diag(half).copy()
    inverse[diagonal] = 0
    return inverse


def _largest_of_rows(weights: NDArray[np.float32], count: int) -> sp.csr_matrix:
    """Return the largest entries of each row of a dense matrix."""
    size = len(weights)
    if size <= count:
        return sp.csr_matrix(weights)
    columns = np.empty((size, count), np.int64)
    for start in range(0, size, 500):  # in blocks, to need little memory
        block = np.abs(weights[start : start + 500])
        columns[start : start + 500] = np.argpartition(-block, count - 1, axis=1)[:, :count]
    data: Floats = np.take_along_axis(weights, columns, axis=1)
    rows = np.repeat(np.arange(size), count)
    return sp.csr_matrix((data.ravel(), (rows, columns.ravel())), shape=(size, size))
