"""The rows of one table by user and by id, so that no request scans them."""

from array import array
from collections.abc import Iterable, Mapping, Sequence

from personalize_gitops.emulator.data.columns import Row, Rows


class Index:
    """Follows rows that grow at their end or are replaced by others."""

    def __init__(self) -> None:
        self._users: dict[str, _Positions] = {}  # by part of the table
        self._ids: tuple[Sequence[Row], Sequence[Row], dict[str, Row]] = ((), (), {})

    def of_user(self, part: str, rows: Sequence[Row], column: int, user: str) -> Sequence[int]:
        """Return the positions of the rows of a user, ascending."""
        known = self._users.get(part)
        if known is None or not known.follows(rows):
            known = self._users[part] = _Positions(rows, column)
        return known.of(user)

    def by_id(self, bulk: Sequence[Row], put: Sequence[Row], column: int) -> Mapping[str, Row]:
        """Return the last row of each id. The rows must be replaced when they change."""
        if self._ids[0] is not bulk or self._ids[1] is not put:
            self._ids = bulk, put, {row[column]: row for rows in (bulk, put) for row in rows}
        return self._ids[2]


class _Positions:
    """Positions of rows by the value of a column."""

    def __init__(self, rows: Sequence[Row], column: int) -> None:
        self._rows, self._column, self._count = rows, column, 0
        self._positions: dict[str, array[int]] = {}

    def follows(self, rows: Sequence[Row]) -> bool:
        return self._rows is rows and len(rows) >= self._count

    def of(self, value: str) -> Sequence[int]:
        positions = self._positions
        for number, key in enumerate(self._new_values(), start=self._count):
            found = positions.get(key)
            if found is None:
                found = positions[key] = array("I")
            found.append(number)
        self._count = len(self._rows)
        return positions.get(value, ())

    def _new_values(self) -> Iterable[str]:
        if self._count == len(self._rows):
            return ()
        if isinstance(self._rows, Rows):  # they do not grow
            return self._rows.column(self._column)
        return [row[self._column] for row in self._rows[self._count :]]
