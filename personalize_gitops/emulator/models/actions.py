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
    as_items = {"ITEM_ID": data.action_interactions.get("ACTION_ID", ()), **data.action_interactions}
    log = read_log(as_items, _ALL)
    position = position_of(actions := tuple(sorted(set(data.actions.get("ACTION_ID", ())))))
    known = np.array([log.item_ids[item] in position for item in range(len(log.item_ids))], bool)
    log = log.only(known[log.items] if len(log.items) else np.zeros(0, bool))
    columns = np.array([position.get(id_, 0) for id_ in log.item_ids], np.int64)[log.items]
    types = data.action_interactions.get("EVENT_TYPE") or ()
    took = np.array([types[row].casefold() == _TAKEN for row in log.rows.tolist()], bool)
    traits = _traits(data, log.user_ids)
    users, of_user = traits[0], np.array([traits[1][id_] for id_ in log.user_ids], np.int64)[log.users]
    shape = (len(users), len(actions))
    newest = int(log.times.max(initial=0))
    period = configuration.number("action_optimization_period", 14) * _DAY
    weights = 0.5 ** ((newest - log.times) / period)  # an interaction that is older by one period counts half
    counted = [_matrix(weights[mask], of_user[mask], columns[mask], shape) for mask in (took, ~took)]
    plain = [_matrix(np.ones(int(mask.sum())), of_user[mask], columns[mask], shape) for mask in (took, ~took)]
    recent = newest - log.times <= _WINDOW
    enough = [np.bincount(columns[recent & mask], minlength=len(actions)) >= _LEAST for mask in (took, ~took)]
    rates = _rates(*counted)
    return ActionModel(
        actions=actions,
        rates=rates,
        scored=enough[0] & enough[1],
        lifts=_lifts(traits[2], counted[0], counted[1], rates),
        users=users,
        traits=traits[2],
        taken=plain[0],
        refused=plain[1],
        last_taken=_latest(log.times[took], of_user[took], columns[took], shape),
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


_ALL = Configuration("aws-next-best-action")


def _traits(data: TrainingData, more: Sequence[str]) -> tuple[tuple[str, ...], dict[str, int], sp.csr_matrix]:
    """Return all users, their positions, and one row for each: their metadata and the items of their interactions."""
    log = read_log(data.interactions, _ALL, users={*data.users.get("USER_ID", ()), *more})
    words = learn_vocabulary(data.users, "USER_ID", data.user_features).rows(data.users, "USER_ID", log.user_ids)
    together = sp.hstack((words, _of_sum_one(user_item(log)))).tocsr()
    return log.user_ids, position_of(log.user_ids), _of_sum_one(together)


def _of_sum_one(matrix: sp.csr_matrix) -> sp.csr_matrix:
    sums = np.maximum(np.asarray(matrix.sum(axis=1)).ravel(), 1e-9)
    return sp.csr_matrix(sp.diags_array(1 / sums, dtype=np.float32) @ matrix)


def _matrix(data: NDArray[Any], rows: Ints, columns: Ints, shape: tuple[int, int]) -> sp.csr_matrix:
    return sp.csr_matrix((data.astype(np.float64), (rows, columns)), shape=shape)


def _latest(times: Ints, rows: Ints, columns: Ints, shape: tuple[int, int]) -> sp.csr_matrix:
    """Return the greatest time of each pair."""
    order = np.lexsort((times, columns, rows))
    pairs = rows[order] * max(shape[1], 1) + columns[order]
    last = np.append(pairs[1:] != pairs[:-1], True) if len(pairs) else np.zeros(0, bool)
    return _matrix(times[order][last], rows[order][last], columns[order][last], shape)


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
