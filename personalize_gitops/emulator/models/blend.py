"""Training of the blend: the parts, then their weights on a hold-out, then the parts again on everything."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from personalize_gitops.emulator.models.blend_model import BlendModel, load
from personalize_gitops.emulator.models.content import Vocabulary, learn_vocabulary
from personalize_gitops.emulator.models.exploring import ages_of
from personalize_gitops.emulator.models.history import Moment, histories_of
from personalize_gitops.emulator.models.log import Floats, Log, Mask, read_log, usual_users
from personalize_gitops.emulator.models.parts import ease, largest_of_rows, transitions, user_item
from personalize_gitops.emulator.models.sources import Sources
from personalize_gitops.emulator.models.tuning import Case, held_out, tested_users, tuned
from personalize_gitops.emulator.models.values import Columns, Configuration, Objective, TrainingData

__all__ = ["load", "train"]

_RECENT = ("ease:20", "ease:200", "next:5", "next:50", "own:30", "own:300")
_TIMELESS = ("ease:inf", "next:inf", "own:inf")
_STEPS = 20  # an item is followed by those up to so many steps later
_NEIGHBOURS_BEYOND = 51  # with the default hidden_dimension of 149, an item has 200
_AFFORDABLE = 1_000_000  # neighbours of all items together that are kept in any case: pruning costs quality
_PER_TOKEN = 2_000  # items
_SMOOTHING = 50.0  # interactions of a token that count as if they were of everybody
_REWARDS = {"LOW": 0.5, "MEDIUM": 1.0, "HIGH": 3.0}  # how much the best reward adds to the value of an item


def train(configuration: Configuration, data: TrainingData) -> BlendModel:
    """Return the model of a configuration and its data."""
    log = read_log(data.interactions, configuration, data.items.get("ITEM_ID", ()), data.users.get("USER_ID", ()))
    words = Words(data, log)
    learned = log.only(usual_users(log, configuration)[log.users])
    newest = held_out(learned)
    tuning = _sources(learned.only(~newest), words, configuration)
    blend = tuned(tuning, cases(learned, newest, words), _names(configuration, words))
    return BlendModel(
        recipe=configuration.recipe,
        events=configuration.events,
        items=log.item_ids,
        users=log.user_ids,
        histories=histories_of(log),
        sources=_sources(learned, words, configuration),
        blend=blend,
        item_words=words.of_items,
        user_words=words.of_users,
        context_words=words.of_context,
        user_rows=words.users,
        rewards=_rewards(configuration.objective, data.items, log),
        ages=ages_of(log, data.items),
    )


@dataclass(frozen=True)
class Words:
    """The metadata of items, users and interactions: vocabularies, and the rows of a log."""

    data: TrainingData
    log: Log

    @cached_property
    def of_items(self) -> Vocabulary:
        """The metadata of items."""
        return learn_vocabulary(self.data.items, "ITEM_ID", self.data.item_features)

    @cached_property
    def of_users(self) -> Vocabulary:
        """The metadata of users."""
        return learn_vocabulary(self.data.users, "USER_ID", self.data.user_features)

    @cached_property
    def of_context(self) -> Vocabulary:
        """The contextual metadata."""
        return learn_vocabulary(self.data.interactions, "ITEM_ID", self.data.context_features)

    @cached_property
    def items(self) -> sp.csr_matrix:
        """One row for each item of the log."""
        return self.of_items.rows(self.data.items, "ITEM_ID", self.log.item_ids)

    @cached_property
    def users(self) -> sp.csr_matrix:
        """One row for each user of the log."""
        return self.of_users.rows(self.data.users, "USER_ID", self.log.user_ids)

    @cached_property
    def context(self) -> sp.csr_matrix:
        """One row for each row of the table of interactions."""
        numbers = list(map(str, range(len(self.data.interactions.get("ITEM_ID", ())))))
        return self.of_context.rows({**self.data.interactions, "": numbers}, "", numbers)


def cases(log: Log, newest: Mask, words: Words) -> list[Case]:
    """Return users for the tuning, evenly over all who have interactions that are held out."""
    users = np.unique(log.users[newest])
    chosen = users[
        np.unique(np.linspace(0, len(users) - 1, min(tested_users(len(log.item_ids)), len(users))).astype(int))
    ]
    found = []
    for user in chosen.tolist():
        part = log.of_user(user)
        hidden = newest[part]
        items, weights = log.items[part][~hidden][::-1], log.weights[part][~hidden][::-1]
        peers = words.users[[user]] if words.of_users.weights else None
        context = words.context[[log.rows[part][hidden][0]]] if words.of_context.weights else None
        found.append(Case(Moment(items, weights, peers, context), log.items[part][hidden]))
    return found


def _sources(log: Log, words: Words, configuration: Configuration) -> Sources:
    least = int(configuration.number("hidden_dimension", 149)) + _NEIGHBOURS_BEYOND
    neighbours = max(least, _AFFORDABLE // max(len(log.item_ids), 1))
    steps = min(_STEPS, int(configuration.number("bptt", 32)))
    users = log.users_of_items().astype(np.float32)
    return Sources(
        ease=ease(log, neighbours),
        next=transitions(log, steps, neighbours),
        content=words.items,
        peers=_shares(words.users.T @ user_item(log), users),
        context=_shares(_by_token(log, words), users),
        popular=users / max(float(users.max(initial=0)), 1.0),
    )


def _by_token(log: Log, words: Words) -> sp.csr_matrix:
    """Return the interactions of each contextual token with each item."""
    shape = (len(log.rows), len(log.item_ids))
    ones = sp.csr_matrix((log.weights, (np.arange(len(log.rows)), log.items)), shape=shape)
    return (
        words.context[log.rows].T @ ones if words.of_context.weights else sp.csr_matrix((0, shape[1]), dtype=np.float32)
    )


def _shares(counts: sp.csr_matrix, users: Floats) -> sp.csr_matrix:
    """Return the share of each item in the interactions of each token; rare tokens are close to 0."""
    totals = np.asarray(counts.sum(axis=1)).ravel() + _SMOOTHING
    return largest_of_rows(sp.diags_array(1 / totals, dtype=np.float32) @ counts, _PER_TOKEN)


def _names(configuration: Configuration, words: Words) -> list[str]:
    """Return the parts that the data allows. Without a recency bias, old interactions count like new ones."""
    recent = configuration.flag("apply_recency_bias") and configuration.flag("recency_mask")
    known = {"content": words.of_items, "peers": words.of_users, "context": words.of_context}
    return [*(_RECENT if recent else _TIMELESS), "popular", *(name for name, found in known.items() if found.weights)]


def _rewards(objective: Objective | None, items: Columns, log: Log) -> Floats:
    """Return what the objective adds to each item; empty if it adds nothing."""
    most = _REWARDS.get(objective.sensitivity, 0.0) if objective else 0.0
    if objective is None or not most or objective.column not in items:
        return np.zeros(0, np.float32)
    value = dict(zip(items["ITEM_ID"], items[objective.column], strict=True))
    found = np.array([float(value.get(id_) or "nan") for id_ in log.item_ids])
    low, high = (np.nanmin(found), np.nanmax(found)) if not np.isnan(found).all() else (0.0, 0.0)
    shares: Floats = np.nan_to_num((found - low) / max(high - low, 1e-9)).astype(np.float32)
    return shares * np.float32(most)
