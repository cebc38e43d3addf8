"""Interactions as arrays, reduced to the event types that a configuration learns from."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from personalize_gitops.emulator.models.column import Column
from personalize_gitops.emulator.models.values import ANY_EVENT, Columns, Configuration, Event, EventRule

Ints = NDArray[np.signedinteger[Any]]
Positions = NDArray[np.int32]  # half the memory of millions of interactions
Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Log:
    """Interactions in the order of users, and of time within a user; all arrays have one entry for each of them."""

    user_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    users: Positions  # in user_ids, ascending
    items: Positions  # in item_ids
    times: Ints  # epoch seconds
    weights: Floats  # of the event types, at most 1
    rows: Positions  # in the table

    @property
    def starts(self) -> Ints:
        """Where the interactions of each user start; one entry more for the end."""
        return np.searchsorted(self.users, np.arange(len(self.user_ids) + 1, dtype=np.int32))

    @property
    def lengths(self) -> Ints:
        """The number of interactions of each user."""
        return np.bincount(self.users, minlength=len(self.user_ids))

    @property
    def ages(self) -> Ints:
        """How many interactions of the same user are newer."""
        return self.starts[self.users + 1] - 1 - np.arange(len(self.users))

    def only(self, kept: Mask) -> Self:
        """Return some of the interactions; users and items keep their positions."""
        arrays = {name: getattr(self, name)[kept] for name in ("users", "items", "times", "weights", "rows")}
        return replace(self, **arrays)

    def of_user(self, user: int) -> slice:
        """Return where the interactions of a user are."""
        start, end = np.searchsorted(self.users, np.array((user, user + 1), np.int32))
        return slice(int(start), int(end))

    def users_of_items(self) -> Ints:
        """Return the number of distinct users of each item."""
        shape = (len(self.user_ids), len(self.item_ids))
        pairs = sp.csr_matrix((np.ones(len(self.users), np.float32), (self.users, self.items)), shape=shape)
        return np.bincount(pairs.indices, minlength=len(self.item_ids))


def read_log(
    interactions: Columns, configuration: Configuration, items: Iterable[str] = (), users: Iterable[str] = ()
) -> Log:
    """Return the interactions to learn from. `items` and `users` are further ids, which follow those with interactions.

    Ids are in the order of their names, so that the order of the rows changes nothing but the order of equal times.
    """
    by_user, by_item = interactions.get("USER_ID", ()), interactions.get("ITEM_ID", ())
    times = times_of(interactions.get("TIMESTAMP") or ())
    weights = event_weights(interactions, configuration.events, len(by_item))
    rows = np.flatnonzero(weights > 0).astype(np.int32)
    user_ids, user_of = _coded(by_user, rows, users)
    item_ids, item_of = _coded(by_item, rows, items)
    times, weights = times[rows], weights[rows]
    order = np.lexsort((rows, times, user_of))
    return Log(user_ids, item_ids, user_of[order], item_of[order], times[order], weights[order], rows[order])


def event_weights(interactions: Columns, rules: Sequence[EventRule], count: int) -> Floats:
    """Return the weight of each interaction; 0 for those that a configuration does not learn from."""
    if not rules:
        return np.ones(count, np.float32)
    by_type = {rule.type.casefold(): rule for rule in rules}
    most = max(rule.weight for rule in rules) or 1.0
    types, type_of = codes_of(interactions.get("EVENT_TYPE") or [""] * count)
    found = [by_type.get(type_.casefold(), by_type.get(ANY_EVENT)) for type_ in types]
    weights = np.array([rule.weight / most if rule else 0 for rule in found], np.float32)[type_of]
    least = [rule.threshold if rule else None for rule in found]
    if any(threshold is not None for threshold in least):
        bounds = np.array([-np.inf if threshold is None else threshold for threshold in least])[type_of]
        values, value_of = codes_of(interactions.get("EVENT_VALUE") or [""] * count)
        numbers = np.array([float(value or "nan") for value in values])[value_of]
        weights[(bounds > -np.inf) & ~(numbers >= bounds)] = 0
    return weights


def weights_of_events(events: Sequence[Event], rules: Sequence[EventRule]) -> Floats:
    """Return the weights of events that are newer than the training."""
    values = ["" if event.value is None else str(event.value) for event in events]
    return event_weights({"EVENT_TYPE": [event.type for event in events], "EVENT_VALUE": values}, rules, len(events))


def usual_users(log: Log, configuration: Configuration) -> Mask:
    """Return which users have neither a very short nor a very long history (docs/service/1 §13.3)."""
    return within_percentiles(log.lengths, configuration, "user_history_length")


def within_percentiles(counts: Ints, configuration: Configuration, name: str) -> Mask:
    """Return which counts are within two percentiles of all that are not 0."""
    least = configuration.number(f"min_{name}_percentile", 0.0)
    most = configuration.number(f"max_{name}_percentile", 1.0)
    present = counts[counts > 0]
    if not len(present):
        return np.ones(len(counts), bool)
    low, high = np.quantile(present, (least, most), method="nearest")
    within: Mask = (counts >= low) & (counts <= high)
    return within


def codes_of(values: Sequence[str]) -> tuple[Sequence[str], Ints]:
    """Return different texts, all of the values among them, and the position of each value there."""
    if isinstance(values, Column) and values.texts:
        return values.texts, np.frombuffer(values.values, np.int32)
    if isinstance(values, Column):
        numbers, codes = np.unique(np.frombuffer(values.values, np.int64), return_inverse=True)
        return [*map(str, numbers.tolist())], codes
    code = {text: number for number, text in enumerate(dict.fromkeys(values))}
    return [*code], np.fromiter(map(code.__getitem__, values), np.int64, len(values))


def times_of(values: Sequence[str]) -> Ints:
    """Return timestamps as whole seconds."""
    if isinstance(values, Column) and not values.texts:
        return np.frombuffer(values.values, np.int64)
    return np.array([*values], dtype=np.float64).astype(np.int64)


def chosen_rows(columns: Columns, kept: Mask) -> Columns:
    """Return a table with some of its rows."""
    return {name: _chosen(values, kept) for name, values in columns.items()}


def _chosen(values: Sequence[str], kept: Mask) -> Sequence[str]:
    if not isinstance(values, Column):
        return [*compress(values, kept.tolist())]
    chosen = array(values.values.typecode)
    chosen.frombytes(np.frombuffer(values.values, values.values.typecode)[kept].tobytes())
    return Column(chosen, values.texts)


def _coded(values: Sequence[str], rows: Positions, more: Iterable[str]) -> tuple[tuple[str, ...], Positions]:
    """Return the ids of some rows and the further ones, and the position of the id of each row."""
    texts, codes = codes_of(values)
    codes = codes if len(rows) == len(codes) else codes[rows]
    used = np.flatnonzero(np.bincount(codes, minlength=len(texts))).tolist()
    present = {texts[code]: code for code in used}
    ids = (*sorted(present), *sorted(set(more) - present.keys()))
    position = np.zeros(len(texts), np.int32)
    position[[present[id_] for id_ in ids[: len(present)]]] = np.arange(len(present))
    return ids, position[codes]
