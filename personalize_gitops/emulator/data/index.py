"""The rows of one table by user and by id, so that no request scans them."""

from array import array
from collections.abc import Mapping, Sequence

Row = tuple[str, ...]


class Index:
    """Follows lists of rows that grow at their end or are replaced by other lists."""

    def __init__(self) -> None:
        self._users: dict[str, _Positions] = {}  # by part of the table
        self._ids: tuple[Sequence[Row], Sequence[Row], dict[str, Row]] = ((), (), {})

    def of_user(self, part: str, rows: list[Row], column: int, user: str) -> Sequence[int]:
        """Return the positions of the rows of a user, ascending."""
        known = self._users.get(part)
        if known is None or not known.follows(rows):
            known = self._users[part] = _Positions(rows, column)
        return known.of(user)

    def by_id(self, bulk: list[Row], put: list[Row], column: int) -> Mapping[str, Row]:
        """Return the last row of each id. The lists must be replaced when they change."""
        if self._ids[0] is not bulk or self._ids[1] is not put:
            self._ids = bulk, put, {row[column]: row for rows in (bulk, put) for row in rows}
        return self._ids[2]


class _Positions:
    """Positions of the rows of a list by the value of a column."""

    def __init__(self, rows: list[Row], column: int) -> None:
        self._rows, self._column, self._count = rows, column, 0
        self._positions: dict[str, array[int]] = {}

    def follows(self, rows: list[Row]) -> bool:
        return self._rows is rows and len(rows) >= self._count

    def of(self, value: str) -> Sequence[int]:
        column, positions = self._column, self._positions
        for number in range(self._count, len(self._rows)):
            key = self._rows[number][column]
            found = positions.get(key)
            if found is None:
                found = positions[key] = array("L")
            found.append(number)
        self._count = len(self._rows)
        return positions.get(value, ())
