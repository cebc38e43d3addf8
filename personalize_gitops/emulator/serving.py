"""What a solution version answers from: the rows of its group, ranked by how often items were interacted with.

Popularity is a model of its own among the recipes and the guide's baseline for all others (docs/service/2 §9.1); it
makes answers plausible and the same every time.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from personalize_gitops.emulator.region import Region
from personalize_gitops.emulator.tables import Table
from personalize_gitops.filters import parse
from personalize_gitops.filters.evaluate import Event, View, evaluate, seen

_EMPTY: Sequence[str] = ()


class Serving:
    """The data of one dataset group at this moment."""

    def __init__(self, region: Region, group: str) -> None:
        datasets = region.group_datasets(group)
        self._tables = {
            type_: region.tables[dataset.arn] for type_, dataset in datasets.items() if dataset.arn in region.tables
        }

    @cached_property
    def items(self) -> list[str]:
        """All items that were interacted with, the most popular first."""
        counts = Counter(self._column("ITEM_ID"))
        return sorted(counts, key=lambda item: (-counts[item], item))

    @cached_property
    def scores(self) -> Mapping[str, float]:
        """The share of all interactions each item has."""
        counts = Counter(self._column("ITEM_ID"))
        total = sum(counts.values())
        return {item: count / total for item, count in counts.items()}

    def fans(self, items: frozenset[str]) -> list[str]:
        """The users who interacted with these items, the most active first."""
        pairs = zip(self._column("USER_ID"), self._column("ITEM_ID"), strict=True)
        counts = Counter(user for user, item in pairs if item in items)
        return sorted(counts, key=lambda user: (-counts[user], user))

    def items_with(self, wanted: Mapping[str, Sequence[str]]) -> frozenset[str]:
        """The items that have all these values in these columns; a cell may hold several, joined by `|`."""
        return frozenset(
            item
            for item, row in self.rows("ITEMS").items()
            if all(value in row.get(name, "").split("|") for name, values in wanted.items() for value in values)
        )

    def rows(self, type_: str) -> Mapping[str, Mapping[str, str]]:
        """The rows of items or users by id, empty cells left out."""
        table = self._tables.get(type_)
        if table is None or table.id_column not in table.columns:
            return {}
        index = table.columns.index(table.id_column)
        return {
            row[index]: {name: value for name, value in zip(table.columns, row, strict=True) if value}
            for row in table.rows
        }

    def passing(
        self, expression: str, candidates: Sequence[str], user: str, item: str, values: Mapping[str, str]
    ) -> Sequence[str]:
        """The candidates a filter lets through for this user and item."""
        users = self.rows("USERS")
        types = seen(self._events_of(user))
        by_item = self.rows("ITEMS")
        view = View(rows=by_item, event_types=types, user=users.get(user), item=by_item.get(item), values=values)
        return evaluate(parse(expression), candidates, view)

    def _events_of(self, user: str) -> list[Event]:
        columns = (self._column(name) for name in ("USER_ID", "ITEM_ID", "EVENT_TYPE", "TIMESTAMP"))
        return [Event(item, type_, float(when)) for who, item, type_, when in zip(*columns, strict=True) if who == user]

    def _column(self, name: str) -> Sequence[str]:
        table: Table | None = self._tables.get("INTERACTIONS")
        return table.column(name) if table else _EMPTY
