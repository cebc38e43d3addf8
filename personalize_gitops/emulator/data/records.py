"""Items, users and actions as filters compare them: with the types of the schema."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from personalize_gitops.catalog.schemas import Schema
from personalize_gitops.emulator.data.columns import Row
from personalize_gitops.filters.values import Cell

Record = Mapping[str, Cell]


class Records(Mapping[str, Record]):
    """The rows of a table by id. Each is converted when it is first needed."""

    def __init__(self, source: Mapping[str, Row], columns: Sequence[str], schema: Schema) -> None:
        self.source, self.schema = source, schema
        types = [field.type if (field := schema.field.get(name)) else None for name in columns]
        self._columns = list(zip(columns, types, strict=True))
        self._known: dict[str, Record] = {}

    def __getitem__(self, id_: str) -> Record:
        known = self._known.get(id_)
        if known is None:
            cells = zip(self._columns, self.source[id_], strict=True)
            known = self._known[id_] = {name: _cell(type_, text) for (name, type_), text in cells}
        return known

    def get(self, id_: str, default: Any = None) -> Any:
        """Return one row; `default` if there is none. Filters call it for every candidate."""
        known = self._known.get(id_)
        return known if known is not None else self[id_] if id_ in self.source else default

    def __iter__(self) -> Iterator[str]:
        return iter(self.source)

    def __len__(self) -> int:
        return len(self.source)

    def text(self, id_: str, column: str) -> str:
        """Return a value as it was imported; "" if there is none."""
        row = self.source.get(id_)
        return next((text for (name, _), text in zip(self._columns, row or (), strict=False) if name == column), "")


def _cell(type_: str | None, text: str) -> Cell:
    """Return one value. None for null, and for what filters cannot compare (docs/service/1 §7.6)."""
    if text == "" or type_ == "boolean":
        return None
    if type_ not in ("int", "long", "float", "double"):
        return text
    try:
        return Decimal(text.strip())
    except InvalidOperation:  # of a column that was text in an earlier schema
        return None
