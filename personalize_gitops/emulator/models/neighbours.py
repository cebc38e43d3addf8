"""Items that occur together: in the histories of users, or in baskets."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from personalize_gitops.emulator.models.log import Ints, Log
from personalize_gitops.emulator.models.parts import largest_of_rows, sorted_csr

_BLOCK = 1_000  # rows at a time: the product of all needs gigabytes (docs/service/6 §3)
_KEPT = 100  # neighbours of an item
_BASKET_GAP = 3_600  # seconds; a longer pause ends a basket


def neighbours(groups: sp.csr_matrix, least: int, exponents: tuple[float, float]) -> sp.csr_matrix:
    """Return for each item those that are in the same groups most often, at most 100 of them.

    `groups` has one row for each user or basket, with 1 for each of its items. Pairs that occur together fewer than
    `least` times do not count. The count is divided by the numbers of groups of both items, with these exponents.
    """
    numbers = np.maximum(np.asarray(groups.sum(axis=0)).ravel(), 1)
    own, other = numbers ** -exponents[0], numbers ** -exponents[1]
    by_item = sp.csr_matrix(groups.T)
    blocks = [
        _block(by_item[start : start + _BLOCK] @ groups, start, least, own, other)
        for start in range(0, groups.shape[1], _BLOCK)
    ]
    return sorted_csr(sp.vstack(blocks)) if blocks else sp.csr_matrix((0, 0), dtype=np.float32)


def groups_of(log: Log, group: Ints) -> sp.csr_matrix:
    """Return the distinct items of each group as a row of ones; `group` has the number of each interaction's group."""
    shape = (int(group.max(initial=-1)) + 1, len(log.item_ids))
    matrix = sp.csr_matrix((np.ones(len(group), np.float32), (group, log.items)), shape=shape)
    matrix.data[:] = 1
    return matrix


def baskets(log: Log) -> Ints:
    """Return the number of the basket of each interaction: those of one user without a long pause between them."""
    begins = np.ones(len(log.users), bool)
    begins[1:] = (np.diff(log.users) > 0) | (np.diff(log.times) > _BASKET_GAP)
    return np.cumsum(begins) - 1


def _block(
    together: sp.csr_matrix, start: int, least: int, own: NDArray[np.float32], other: NDArray[np.float32]
) -> sp.csr_matrix:
    pairs = together.tocoo()
    kept = (pairs.data >= least) & (pairs.row + start != pairs.col)
    rows, columns = pairs.row[kept], pairs.col[kept]
    values = (pairs.data[kept] * own[rows + start] * other[columns]).astype(np.float32)
    return largest_of_rows(sp.csr_matrix((values, (rows, columns)), shape=together.shape), _KEPT)
