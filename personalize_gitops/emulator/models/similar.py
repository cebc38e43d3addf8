"""Related items: those that occur together with an item, and those with similar metadata (docs/service/1 §13.9).

Answers SIMS, Similar-Items, Semantic-Similarity, and the use cases about one item. An unknown item is answered with
what is popular, and so is the rest of an answer for which there are too few related items.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from personalize_gitops.emulator.models.arrays import packed, position_of, sparse_arrays, sparse_of, unpacked
from personalize_gitops.emulator.models.content import learn_vocabulary
from personalize_gitops.emulator.models.exploring import ages_of
from personalize_gitops.emulator.models.log import Floats, Log, Mask, read_log, usual_users, within_percentiles
from personalize_gitops.emulator.models.neighbours import baskets, groups_of, neighbours
from personalize_gitops.emulator.models.ranking import Ranking
from personalize_gitops.emulator.models.values import Configuration, Question, TrainingData

_CONFIDENT = 5.0  # users of an item after which its metadata counts half (docs/service/1 §13.9: fewer make it cold)
_OF_KNOWN = 0.1  # the share of metadata between items that many users know
_OF_COLD = 0.5  # and for items without interactions, whose metadata predicts less than common users
_HALF_LIFE = 30 * 86_400  # seconds, for the influence of freshness

_CONTENT: Mapping[str, tuple[float, float]] = {
    "aws-similar-items": (_OF_KNOWN, _OF_COLD),
    "aws-vod-more-like-x": (_OF_COLD, 1.0),
    "aws-semantic-similarity": (1.0, 1.0),
}
"""The weights of metadata for known and for cold items, by recipe. Other recipes do not look at metadata."""


@dataclass(frozen=True)
class SimilarModel:
    """Items with their neighbours and the rows of their metadata. Results have no scores."""

    items: Sequence[str]
    neighbours: sp.csr_matrix
    content: sp.csr_matrix  # items by tokens; without columns for recipes that do not look at metadata
    shares: tuple[float, float]  # of metadata, for known and for cold items
    users: Floats  # the number of users by item
    freshness: Floats  # from 0 to 1 by item

    def to_bytes(self) -> bytes:
        """Return the model as bytes."""
        matrices = {**sparse_arrays("neighbours", self.neighbours), **sparse_arrays("content", self.content)}
        arrays = {"users": self.users, "freshness": self.freshness}
        return packed({**matrices, **arrays}, {"items": self.items, "shares": self.shares})

    def answer(self, question: Question) -> Ranking:
        """Return the other items, the most related ones first."""
        popular = self.users / max(float(self.users.max(initial=0)), 1.0)
        values = np.where(self.users > 0, popular.astype(np.float64) - 1, -np.inf)
        item = self._item.get(question.item or "")
        if item is None:
            return Ranking(self.items, values)
        alike = self._alike(item)
        related = alike > 0
        influence = 1 + question.influence.get("POPULARITY", 0.0) * popular
        influence += question.influence.get("FRESHNESS", 0.0) * self.freshness
        values[related] = (alike * influence)[related]
        values[item] = -np.inf
        return Ranking(self.items, values)

    @cached_property
    def _item(self) -> dict[str, int]:
        return position_of(self.items)

    def _alike(self, item: int) -> NDArray[Any]:
        """Return how much all items are related to one: by users as far as they know both, else by metadata."""
        together = np.zeros(len(self.items))
        row = slice(self.neighbours.indptr[item], self.neighbours.indptr[item + 1])
        together[self.neighbours.indices[row]] = self.neighbours.data[row]
        most = together.max(initial=0.0)
        together /= most or 1.0
        if not self.content.shape[1]:
            return together
        alike = np.asarray((self.content @ self.content[[item]].T).todense()).ravel()
        confidence = self.users / (self.users + _CONFIDENT)
        known, cold = self.shares
        both = confidence * confidence[item]
        mixed: NDArray[np.float64] = together * (1 - known) + alike * (known * both + cold * (1 - both))
        return mixed


def train(configuration: Configuration, data: TrainingData) -> SimilarModel:
    """Find the neighbours of each item."""
    shares = _CONTENT.get(configuration.recipe, (0.0, 0.0))
    log = read_log(data.interactions, configuration, data.items.get("ITEM_ID", ()))
    words = learn_vocabulary(data.items, "ITEM_ID", data.item_features if shares[1] else ())
    ages = ages_of(log, data.items)
    age = np.clip(ages.newest - ages.born, 0, None)
    return SimilarModel(
        log.item_ids,
        _neighbours(log, configuration),
        words.rows(data.items, "ITEM_ID", log.item_ids),
        shares,
        log.users_of_items().astype(np.float32),
        np.nan_to_num(0.5 ** (age / _HALF_LIFE), nan=1.0).astype(np.float32),
    )


def load(content: bytes) -> SimilarModel:
    """Return the model from its bytes."""
    found = unpacked(content)
    return SimilarModel(
        found["items"],
        sparse_of("neighbours", found),
        sparse_of("content", found),
        tuple(found["shares"]),
        found["users"],
        found["freshness"],
    )


def _neighbours(log: Log, configuration: Configuration) -> sp.csr_matrix:
    if configuration.recipe == "aws-semantic-similarity":
        return sp.csr_matrix((len(log.item_ids), len(log.item_ids)), dtype=np.float32)
    if configuration.recipe == "aws-ecomm-frequently-bought-together":
        return neighbours(groups_of(log, baskets(log)), 2, (0.25, 0.25))  # between counts and cosine
    if configuration.recipe == "aws-sims":
        log = log.only(_usual_items(log, configuration)[log.items] & usual_users(log, configuration)[log.users])
        discount = configuration.number("popularity_discount_factor", 0.5)
        return neighbours(
            groups_of(log, log.users), int(configuration.number("min_cointeraction_count", 3)), (0.0, discount)
        )
    discount = configuration.number("popularity_discount_factor", 0.0)
    return neighbours(groups_of(log, log.users), 2, (0.5, 0.5 + discount / 2))


def _usual_items(log: Log, configuration: Configuration) -> Mask:
    counts = np.bincount(log.items, minlength=len(log.item_ids))
    return within_percentiles(counts, configuration, "item_interaction_count")
