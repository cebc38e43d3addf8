"""Rankings of items and users by popularity; batch jobs answer from them.

Popularity is one of the recipes, and the guide's baseline for all others (docs/service/2 §9.1). It gives plausible
results that do not change between runs.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from personalize_gitops.emulator.data.tables import Table
from personalize_gitops.filters import parse
from personalize_gitops.filters.evaluate import Event, View, evaluate, seen


class PopularityModel:
    """Rankings over the tables of one dataset group, given by dataset type."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables

    @cached_property
    def items(self) -> list[str]:
        """The items with interactions, the most popular first."""
        counts = Counter(self._interactions("ITEM_ID"))
        return sorted(counts, key=lambda item: (-counts[item], item))

    @cached_property
    def scores(self) -> Mapping[str, float]:
        """The share of each item in all interactions."""
        counts = Counter(self._interactions("ITEM_ID"))
        total = sum(counts.values())
        return {item: count / total for item, count in counts.items()}

    def users_of(self, items: frozenset[str]) -> list[str]:
        """Return the users who interacted with any of these items, the most active first."""
        pairs = zip(self._interactions("USER_ID"), self._interactions("ITEM_ID"), strict=True)
        counts = Counter(user for user, item in pairs if item in items)
        return sorted(counts, key=lambda user: (-counts[user], user))

    def items_with(self, wanted: Mapping[str, Sequence[str]]) -> frozenset[str]:
        """Return the items that have all the wanted values, given by column; `|` separates the values of a cell."""
        return frozenset(
            item
            for item, row in self.rows("ITEMS").items()
            if all(value in row.get(name, "").split("|") for name, values in wanted.items() for value in values)
        )

    def rows(self, type_: str) -> Mapping[str, Mapping[str, str]]:
        """Return the rows of items or users by id, without empty cells."""
        table = self._tables.get(type_)
        if table is None or table.id_column not in table.columns:
            return {}
        index = table.columns.index(table.id_column)
        return {
            row[index]: {name: value for name, value in zip(table.columns, row, strict=True) if value}
            for row in table.rows
        }

    def filtered(
        self, expression: str, candidates: Sequence[str], user: str, item: str, values: Mapping[str, str]
    ) -> Sequence[str]:
        """Return the candidates that a filter keeps for a user and a current item; `values` are its parameters."""
        users = self.rows("USERS")
        types = seen(self._events_of(user))
        by_item = self.rows("ITEMS")
        view = View(rows=by_item, event_types=types, user=users.get(user), item=by_item.get(item), values=values)
        return evaluate(parse(expression), candidates, view)

    def _events_of(self, user: str) -> list[Event]:
        columns = (self._interactions(name) for name in ("USER_ID", "ITEM_ID", "EVENT_TYPE", "TIMESTAMP"))
        return [Event(item, type_, float(when)) for who, item, type_, when in zip(*columns, strict=True) if who == user]

    def _interactions(self, column: str) -> Sequence[str]:
        table = self._tables.get("INTERACTIONS")
        return table.column(column) if table else ()
