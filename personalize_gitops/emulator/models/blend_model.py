"""The blend: recommendations for a user from several parts, whose weights every training tunes (docs/service/6 §3).

Answers User-Personalization, Personalized-Ranking, the HRNN recipes and the personal use cases of the domains. Nothing
in it resembles the service's models but the question and the form of the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from personalize_gitops.emulator.models.arrays import packed, position_of, sparse_arrays, sparse_of, unpacked
from personalize_gitops.emulator.models.content import Vocabulary
from personalize_gitops.emulator.models.exploring import Ages, explored
from personalize_gitops.emulator.models.history import NOTHING, Histories, Moment
from personalize_gitops.emulator.models.log import Floats, Mask, weights_of_events
from personalize_gitops.emulator.models.ranking import Ranking, softmax
from personalize_gitops.emulator.models.sources import Sources
from personalize_gitops.emulator.models.tuning import Blend
from personalize_gitops.emulator.models.values import Columns, EventRule, Question

_SCORED_BY_V2 = 1_000  # the other items follow by popularity, without a score (docs/service/2 §10.3)


@dataclass(frozen=True)
class BlendModel:
    """A trained blend."""

    recipe: str
    events: Sequence[EventRule]
    items: Sequence[str]
    users: Sequence[str]
    histories: Histories  # of the users
    sources: Sources
    blend: Blend
    item_words: Vocabulary
    user_words: Vocabulary
    context_words: Vocabulary
    user_rows: sp.csr_matrix  # the metadata of the users
    rewards: Floats  # the objective by item, from 0 to 1; empty without one
    ages: Ages

    def to_bytes(self) -> bytes:
        """Return the model as bytes."""
        arrays = {**self.sources.arrays(), **self.histories.arrays(), **self.ages.arrays(), "rewards": self.rewards}
        words = {name: getattr(self, name).to_json() for name in ("item_words", "user_words", "context_words")}
        texts = {"recipe": self.recipe, "items": self.items, "users": self.users, "blend": vars(self.blend)}
        events = {"events": [[rule.type, rule.threshold, rule.weight] for rule in self.events]}
        return packed({**arrays, **sparse_arrays("user_rows", self.user_rows)}, {**texts, **words, **events})

    def answer(self, question: Question) -> Ranking:
        """Return items for a user: all items, or those of `among`."""
        moment = self._moment(question)
        values = self._rewarded(self.blend.values(self.sources, moment))
        if self.recipe == "aws-hrnn-coldstart":
            values[moment.items] = -np.inf
        if question.among is not None:
            return self._ranked(question.among, values)
        scores = softmax(values * self.blend.sharpness)
        unscored = None
        if self.recipe == "aws-user-personalization-v2" and len(values) > _SCORED_BY_V2:
            values, scores, unscored = self._scored_first(values)
        moved: frozenset[int] = frozenset()
        if question.exploration is not None and question.exploration.weight > 0:
            alike = self.sources.scores("content", moment)
            values, moved = explored(values, alike, self.ages, question.exploration, question.user or "")
        return Ranking(self.items, values, scores, moved, unscored=unscored)

    def with_items(self, items: Columns) -> Self:
        """Return the model with further items, known by their metadata only (docs/service/1 §11.3)."""
        new = sorted(set(items.get("ITEM_ID", ())) - self._item.keys())
        if not new:
            return self
        ids = [*self.items, *new]
        sources = self.sources.with_items(self.item_words.rows(items, "ITEM_ID", new))
        rewards = np.concatenate((self.rewards, np.zeros(len(new), np.float32))) if len(self.rewards) else self.rewards
        return replace(self, items=ids, sources=sources, rewards=rewards, ages=self.ages.with_items(items, new))

    @cached_property
    def _item(self) -> dict[str, int]:
        return position_of(self.items)

    @cached_property
    def _user(self) -> dict[str, int]:
        return position_of(self.users)

    def _moment(self, question: Question) -> Moment:
        """Return what is known of the user, with the events that are newer than the training."""
        user = self._user.get(question.user or "")
        moment = NOTHING
        if user is not None:
            row = self.user_rows[[user]] if self.user_rows.nnz else None
            moment = Moment(*self.histories.of(user), row)
        if question.context and self.context_words.weights:
            moment = replace(moment, context=self.context_words.row(question.context))
        events = [event for event in question.events if event.item in self._item]
        weights = weights_of_events(events, self.events)
        counted = [(self._item[e.item], w) for e, w in zip(events, weights.tolist(), strict=True) if w > 0]
        return moment.after([item for item, _ in counted], [weight for _, weight in counted]) if counted else moment

    def _rewarded(self, values: NDArray[Any]) -> NDArray[Any]:
        return np.where(values > 0, values * (1 + self.rewards), values) if len(self.rewards) else values

    def _ranked(self, among: Sequence[str], values: NDArray[Any]) -> Ranking:
        """Return the items of a list, with scores that sum to 1; those without interactions last and without one."""
        asked = dict.fromkeys(among)
        scored = [id_ for id_ in asked if id_ in self._item and self.sources.popular[self._item[id_]] > 0]
        known = set(scored)
        last = [id_ for id_ in asked if id_ not in known]
        chosen = values[[self._item[id_] for id_ in scored]]
        return Ranking(scored, chosen, softmax(chosen * self.blend.sharpness), last=last)

    def _scored_first(self, values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], Mask]:
        """Put the best items before the others, which have no score and the order of popularity."""
        best = np.argpartition(-values, _SCORED_BY_V2)[:_SCORED_BY_V2]
        unscored = np.ones(len(values), bool)
        unscored[best] = False
        scores = softmax(np.where(unscored, -np.inf, values * self.blend.sharpness))
        return np.where(unscored, self.sources.popular - 3.0, values), scores, unscored


def load(content: bytes) -> BlendModel:
    """Return the model from its bytes."""
    found = unpacked(content)
    words = {name: Vocabulary.from_json(found[name]) for name in ("item_words", "user_words", "context_words")}
    return BlendModel(
        recipe=found["recipe"],
        events=[EventRule(*rule) for rule in found["events"]],
        items=found["items"],
        users=found["users"],
        histories=Histories.from_arrays(found),
        sources=Sources.from_arrays(found),
        blend=Blend(**found["blend"]),
        user_rows=sparse_of("user_rows", found),
        rewards=found["rewards"],
        ages=Ages.from_arrays(found),
        **words,
    )
