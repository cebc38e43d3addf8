"""What is counted in the rows of a dataset: event types, users, unique interactions and categories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from personalize_gitops.catalog.schemas import Schema

MOST_CATEGORIES = 1_000  # of a column that trainings use (docs/service/1 §9)

Columns = Mapping[str, Sequence[str]]


class Tally:
    """The counts of one dataset. Unique interactions are counted up to a number, for each set of event types."""

    def __init__(self, schema: Schema, sets: Iterable[frozenset[str]], enough: int) -> None:
        self.rows = 0
        self.event_types: Counter[str] = Counter()
        self.users: Counter[str] = Counter()
        self.categories: dict[str, set[str]] = {field.name: set() for field in schema.fields if field.categorical}
        self._unique: dict[frozenset[str], set[tuple[str, ...]]] = {types: set() for types in sets}
        self._enough = enough

    def add(self, columns: Columns) -> None:
        """Count some rows of an Interactions dataset, or of another one."""
        self.rows += len(next(iter(columns.values()), ()))
        self.event_types.update(columns.get("EVENT_TYPE", ()))
        if "ITEM_ID" in columns and "USER_ID" in columns:
            self.users.update(columns["USER_ID"])
            self._add_unique(columns)
        for name, known in self.categories.items():
            if len(known) <= MOST_CATEGORIES:
                for value in set(columns.get(name, ())) - {""}:
                    known.update(value.split("|"))

    def unique(self, types: frozenset[str]) -> int:
        """Return the unique interactions of some event types, or of all types if there are none; up to enough."""
        return min(len(self._unique[types]), self._enough)

    @property
    def active_users(self) -> int:
        """The users with two or more interactions."""
        return sum(count >= 2 for count in self.users.values())

    def _add_unique(self, columns: Columns) -> None:
        lacking = [(types, known) for types, known in self._unique.items() if len(known) < self._enough]
        if not lacking:
            return
        kinds = columns.get("EVENT_TYPE") or [""] * len(columns["USER_ID"])
        rows = list(zip(columns["USER_ID"], columns["ITEM_ID"], columns.get("TIMESTAMP", kinds), kinds, strict=True))
        for types, known in lacking:
            known.update(row for row in rows if not types or row[3] in types)
