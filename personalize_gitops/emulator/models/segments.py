"""User segments: the users most likely to interact with an item, or with items that have some attributes.

Item-Affinity sums over the history of each user how much its items predict the wanted one. Item-Attribute-Affinity
takes the share of a user's interactions with items that have all attributes (docs/service/1 §13.11).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from personalize_gitops.emulator.models.arrays import packed, position_of, sparse_arrays, sparse_of, unpacked
from personalize_gitops.emulator.models.history import LONGEST
from personalize_gitops.emulator.models.log import Log, read_log
from personalize_gitops.emulator.models.parts import ease, sorted_csr
from personalize_gitops.emulator.models.ranking import Ranking
from personalize_gitops.emulator.models.values import Columns, Configuration, Question, TrainingData, Use

_STEPS = 50.0  # an interaction with so many newer ones counts a third
_SMOOTHING = 10.0  # interactions of a user that count as if they were of everybody
_NEIGHBOURS_BEYOND = 51  # with the default hidden_dimension of 149, an item has 200
_RARE_REPEATS = 0.02  # the share of repeated interactions below which users hardly come back to an item
_REPEATED = {True: 0.2, False: -1.0}  # by whether they do: what having the item counts, against the best predictor


@dataclass(frozen=True)
class SegmentModel:
    """Users by items, and what predicts an item. Results have no scores."""

    users: Sequence[str]
    items: Sequence[str]
    interactions: sp.csr_matrix  # users by items: newer ones count more
    predictors: sp.csr_matrix  # items by items: how much the column predicts the row
    attributes: Mapping[str, Sequence[str]]  # of the items, by column in capitals
    repeats: float  # the share of interactions whose user had the item before

    def to_bytes(self) -> bytes:
        """Return the model as bytes."""
        matrices = {
            **sparse_arrays("interactions", self.interactions),
            **sparse_arrays("predictors", self.predictors),
        }
        texts = {"users": self.users, "items": self.items, "attributes": self.attributes, "repeats": self.repeats}
        return packed(matrices, texts)

    def answer(self, question: Question) -> Ranking:
        """Return users for an item, or for attributes; nobody if no item is known or has all of them."""
        if question.attributes:
            return Ranking(self.users, self._share(self._items_with(question.attributes)))
        item = self._item.get(question.item or "")
        if item is None:
            return Ranking([], np.zeros(0))
        wanted = np.zeros(len(self.items))
        row = slice(self.predictors.indptr[item], self.predictors.indptr[item + 1])
        wanted[self.predictors.indices[row]] = self.predictors.data[row]
        wanted[item] += _REPEATED[self.repeats > _RARE_REPEATS] * max(float(wanted.max(initial=0.0)), 1e-3)
        return Ranking(self.users, self.interactions @ wanted)

    @cached_property
    def _item(self) -> dict[str, int]:
        return position_of(self.items)

    def _items_with(self, wanted: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """Return 1 for the items that have all attributes; `|` separates the values of a column."""
        found = np.ones(len(self.items))
        for column, value in wanted:
            values = self.attributes.get(column.upper(), ())
            has = [_equal(text, value) for text in values] or [False] * len(self.items)
            found *= np.array(has, np.float64)
        return found

    def _share(self, items: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of these items in the interactions of each user; -inf for all if there are no items."""
        all_ = np.asarray(self.interactions.sum(axis=1)).ravel()
        those = np.asarray(self.interactions @ items).ravel()
        if not items.any():
            return np.full(len(self.users), -np.inf)
        overall = those.sum() / max(all_.sum(), 1e-9)
        share: NDArray[np.float64] = (those + _SMOOTHING * overall) / (all_ + _SMOOTHING)
        return share


def train(configuration: Configuration, data: TrainingData) -> SegmentModel:
    """Read the interactions, and for Item-Affinity train what predicts an item."""
    log = read_log(data.interactions, configuration)
    by_attribute = configuration.recipe == "aws-item-attribute-affinity"
    neighbours = int(configuration.number("hidden_dimension", 149)) + _NEIGHBOURS_BEYOND
    size = len(log.item_ids)
    predictors = sp.csr_matrix((size, size), dtype=np.float32) if by_attribute else ease(log, neighbours)
    columns = [f.column for f in data.item_features if f.use is not Use.TEXTUAL] if by_attribute else []
    return SegmentModel(
        log.user_ids,
        log.item_ids,
        _weighted(log),
        sorted_csr(predictors.T),
        {name.upper(): _values(data.items, name, log.item_ids) for name in columns},
        1 - float(log.users_of_items().sum()) / max(len(log.users), 1),
    )


def load(content: bytes) -> SegmentModel:
    """Return the model from its bytes."""
    found = unpacked(content)
    matrices = sparse_of("interactions", found), sparse_of("predictors", found)
    return SegmentModel(found["users"], found["items"], *matrices, found["attributes"], found["repeats"])


def _weighted(log: Log) -> sp.csr_matrix:
    """Return users by items, with interactions that count less the more newer ones there are."""
    newest = log.only(log.ages < LONGEST)
    weights: NDArray[Any] = (newest.weights * np.exp(-newest.ages / _STEPS)).astype(np.float32)
    shape = (len(log.user_ids), len(log.item_ids))
    return sorted_csr(sp.csr_matrix((weights, (newest.users, newest.items)), shape=shape))


def _values(items: Columns, name: str, ids: Sequence[str]) -> list[str]:
    value = dict(zip(items["ITEM_ID"], items[name], strict=True)) if name in items else {}
    return [value.get(id_, "") for id_ in ids]


def _equal(text: str, wanted: str) -> bool:
    """Return whether one of the values of a cell is the wanted one; numbers compare as numbers."""
    if wanted in text.split("|"):
        return True
    try:
        return float(text) == float(wanted)
    except ValueError:
        return False
