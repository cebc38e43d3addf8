"""Next-Best-Action: how likely a user is to take each action (docs/service/1 §13.10).

The rate of an action, smoothed, times how much more often users with the same metadata and the same items take it than
others, and the user's own interactions with it.
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
from personalize_gitops.emulator.models.log import Floats, Ints, read_log
from personalize_gitops.emulator.models.parts import user_item
from personalize_gitops.emulator.models.ranking import Ranking
from personalize_gitops.emulator.models.values import Columns, Configuration, Event, Question, TrainingData

_DAY = 86_400
_WINDOW = 42 * _DAY  # before the newest action interaction
_LEAST = 50  # interactions of each kind that an action needs within the window to have a score
_SMOOTHING = 20.0  # interactions
_OWN = 5.0  # interactions with an action after which the user's own rate counts half
_TAKEN = "taken"

Values = NDArray[np.float64]


@dataclass(frozen=True)
class ActionModel:
    """Actions with their rates, and users with their traits. A trait is a value of the metadata, or an item."""

    actions: Sequence[str]
    rates: Values  # by action
    scored: NDArray[np.bool_]  # the actions with enough interactions
    lifts: sp.csr_matrix  # traits by actions: the logarithm of how much more often they are taken
    users: Sequence[str]
    traits: sp.csr_matrix  # users by traits, each row with the sum 1
    taken: sp.csr_matrix  # users by actions: how often
    refused: sp.csr_matrix  # users by actions: how often not taken, or only viewed
    last_taken: sp.csr_matrix  # users by actions: epoch seconds
    priorities: Floats  # VALUE by action; decides among equal scores
    ends: Values  # when actions expire; inf for never
    pauses: Values  # seconds before an action that was taken is recommended again; 0 for none

    def to_bytes(self) -> bytes:
        """Return the model as bytes."""
        arrays: dict[str, Any] = {name: getattr(self, name) for name in _ARRAYS}
        for name in _MATRICES:
            arrays |= sparse_arrays(name, getattr(self, name))
        return packed(arrays, {"actions": self.actions, "users": self.users})

    def answer(self, question: Question) -> Ranking:
        """Return actions, the most likely ones first; without a score come those of the highest VALUE first."""
        user = self._user.get(question.user or "")
        taken, refused, last = self._own(user, question.events)
        own = taken + refused
        expected = self._expected(user)
        likely = (taken + _OWN * expected) / (own + _OWN)
        scores = np.where(self.scored, np.clip(likely, 0, 1), 0.0)
        values = scores + 1e-6 * self.priorities
        if question.now is not None:
            waits = (self.pauses > 0) & (last > 0) & (question.now < last + self.pauses)
            values[(self.ends <= question.now) | waits] = -np.inf
        if question.among is not None:
            values[~np.isin(self.actions, list(question.among))] = -np.inf
        return Ranking(self.actions, values, scores)

    @cached_property
    def _user(self) -> dict[str, int]:
        return position_of(self.users)

    @cached_property
    def _action(self) -> dict[str, int]:
        return position_of(self.actions)

    def _expected(self, user: int | None) -> Values:
        """Return the rate of each action for users with the same traits."""
        if user is None or not self.scored.any():
            return self.rates
        lift = np.asarray((self.traits[[user]] @ self.lifts).todense()).ravel()
        expected: Values = self.rates * np.exp(lift)
        return expected

    def _own(self, user: int | None, events: Sequence[Event]) -> tuple[Values, Values, Values]:
        """Return how often a user took and refused each action, and when last."""
        names = ("taken", "refused", "last_taken")
        taken, refused, last = (_row(getattr(self, name), user, len(self.actions)) for name in names)
        for event in events:
            action = self._action.get(event.item)
            if action is not None and event.type.casefold() == _TAKEN:
                taken[action] += 1
                last[action] = max(last[action], event.time)
            elif action is not None:
                refused[action] += 1
        return taken, refused, last


_ARRAYS = ("rates", "scored", "priorities", "ends", "pauses")
_MATRICES = ("lifts", "traits", "taken", "refused", "last_taken")


def train(configuration: Configuration, data: TrainingData) -> ActionModel:
    """Count who took which action."""
    actions = tuple(sorted(set(data.actions.get("ACTION_ID", ()))))
    users, traits = _traits(data)
    acts = _acts(data.action_interactions, position_of(users), position_of(actions))
    period = configuration.number("action_optimization_period", 14) * _DAY
    taken, refused = (acts.counted(took, period) for took in (True, False))
    rates = _rates(taken, refused)
    return ActionModel(
        actions=actions,
        rates=rates,
        scored=acts.enough(took=True) & acts.enough(took=False),
        lifts=_lifts(traits, taken, refused, rates),
        users=users,
        traits=traits,
        taken=acts.counted(True),
        refused=acts.counted(False),
        last_taken=_latest(acts),
        priorities=_numbers(data.actions, actions, ("VALUE",), 0.0).astype(np.float32),
        ends=_numbers(data.actions, actions, ("EXPIRATION_TIMESTAMP", "ACTION_EXPIRATION_TIMESTAMP"), np.inf),
        pauses=_numbers(data.actions, actions, ("REPEAT_FREQUENCY",), 0.0) * _DAY,
    )


def load(content: bytes) -> ActionModel:
    """Return the model from its bytes."""
    found = unpacked(content)
    matrices = {name: sparse_of(name, found) for name in _MATRICES}
    arrays = {name: found[name] for name in _ARRAYS}
    return ActionModel(actions=found["actions"], users=found["users"], **matrices, **arrays)


@dataclass(frozen=True)
class _Acts:
    """Interactions with known actions; all arrays have one entry for each of them."""

    users: Ints
    actions: Ints
    times: Ints
    took: NDArray[np.bool_]
    shape: tuple[int, int]  # users by actions

    @property
    def ages(self) -> Ints:
        """Seconds before the newest interaction."""
        return int(self.times.max(initial=0)) - self.times

    def counted(self, took: bool, period: float = np.inf) -> sp.csr_matrix:
        """Return how often each user took or refused each action; what is older by one period counts half."""
        mask = self.took == took
        weights = 0.5 ** (self.ages[mask] / period)
        return sp.csr_matrix((weights, (self.users[mask], self.actions[mask])), shape=self.shape)

    def enough(self, took: bool) -> NDArray[np.bool_]:
        """Return which actions have enough recent interactions to have a score."""
        recent = (self.took == took) & (self.ages <= _WINDOW)
        counts = np.bincount(self.actions[recent], minlength=self.shape[1])
        found: NDArray[np.bool_] = counts >= _LEAST
        return found


def _acts(table: Columns, user: Mapping[str, int], action: Mapping[str, int]) -> _Acts:
    names = ("USER_ID", "ACTION_ID", "TIMESTAMP", "EVENT_TYPE")
    rows = [row for row in zip(*(table.get(name, ()) for name in names), strict=True) if row[1] in action]
    return _Acts(
        np.array([user[row[0]] for row in rows], np.int64),
        np.array([action[row[1]] for row in rows], np.int64),
        np.array([float(row[2]) for row in rows], np.float64).astype(np.int64),
        np.array([row[3].casefold() == _TAKEN for row in rows], bool),
        (len(user), len(action)),
    )


def _traits(data: TrainingData) -> tuple[tuple[str, ...], sp.csr_matrix]:
    """Return all users, and one row for each: the metadata and the items of the interactions."""
    more = {*data.users.get("USER_ID", ()), *data.action_interactions.get("USER_ID", ())}
    log = read_log(data.interactions, Configuration("aws-next-best-action"), users=more)
    words = learn_vocabulary(data.users, "USER_ID", data.user_features).rows(data.users, "USER_ID", log.user_ids)
    together = sp.hstack((words, _of_sum_one(user_item(log)))).tocsr()
    return log.user_ids, _of_sum_one(together)


def _of_sum_one(matrix: sp.csr_matrix) -> sp.csr_matrix:
    sums = np.maximum(np.asarray(matrix.sum(axis=1)).ravel(), 1e-9)
    return sp.csr_matrix(sp.diags_array(1 / sums, dtype=np.float32) @ matrix)


def _latest(acts: _Acts) -> sp.csr_matrix:
    """Return when each user took each action last."""
    users, actions, times = acts.users[acts.took], acts.actions[acts.took], acts.times[acts.took]
    order = np.lexsort((times, actions, users))
    pairs = users[order] * max(acts.shape[1], 1) + actions[order]
    last = order[np.append(pairs[1:] != pairs[:-1], True)] if len(pairs) else order
    return sp.csr_matrix((times[last].astype(np.float64), (users[last], actions[last])), shape=acts.shape)


def _rates(taken: sp.csr_matrix, refused: sp.csr_matrix) -> Values:
    """Return the rate of each action; those with few interactions are close to that of all."""
    yes, no = (np.asarray(matrix.sum(axis=0)).ravel() for matrix in (taken, refused))
    overall = (yes.sum() + 1) / (yes.sum() + no.sum() + 2)
    rates: Values = (yes + _SMOOTHING * overall) / (yes + no + _SMOOTHING)
    return rates


def _lifts(traits: sp.csr_matrix, taken: sp.csr_matrix, refused: sp.csr_matrix, rates: Values) -> sp.csr_matrix:
    """Return the logarithm of how much more often than others the users with a trait take an action."""
    present = sp.csr_matrix((np.ones(len(traits.data)), traits.indices, traits.indptr), shape=traits.shape)
    yes, all_ = (present.T @ taken).tocsr(), (present.T @ (taken + refused)).tocoo()
    share = np.asarray(yes[all_.row, all_.col]).ravel() if all_.nnz else np.zeros(0)
    smoothed = (share + _SMOOTHING * rates[all_.col]) / (all_.data + _SMOOTHING)
    return sp.csr_matrix((np.log(smoothed / rates[all_.col]), (all_.row, all_.col)), shape=all_.shape)


def _numbers(table: Columns, ids: Sequence[str], names: Sequence[str], default: float) -> Values:
    """Return the values of the first of some columns that exists."""
    column: Mapping[str, str] = next(
        (dict(zip(table["ACTION_ID"], table[name], strict=True)) for name in names if name in table), {}
    )
    return np.array([float(column.get(id_) or default) for id_ in ids], np.float64)


def _row(matrix: sp.csr_matrix, user: int | None, size: int) -> Values:
    row = np.zeros(size)
    if user is not None:
        part = slice(matrix.indptr[user], matrix.indptr[user + 1])
        row[matrix.indices[part]] = matrix.data[part]
    return row
