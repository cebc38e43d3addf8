"""The rows of a dataset: those of imports, and those put one by one, which no import touches (docs/service/2 §7.2)."""

import csv
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

Row = tuple[str, ...]  # one text per column; "" is null

# What identifies a row: a later one of the same id replaces it. Interactions have no id and are appended.
ID_COLUMNS = {"ITEMS": "ITEM_ID", "USERS": "USER_ID", "ACTIONS": "ACTION_ID"}


class Table:
    """Rows as tuples of texts with the column names kept once."""

    def __init__(self, columns: Sequence[str], id_column: str | None) -> None:
        self.columns = tuple(columns)
        self.id_column = id_column
        self.files: dict[str, Path] = {}  # of a saved state, holding the same rows
        self._unread: set[str] = set()  # whose rows were not needed yet
        self._rows: dict[str, list[Row]] = {"bulk": [], "put": []}
        self.changed_at = float("-inf")  # when rows last arrived, which is what automatic training asks
        self.event_ids: set[str] = set()  # of events that arrived individually
        self.anonymous: dict[str, list[Row]] = {}  # by session: events whose user is not known yet

    @property
    def bulk(self) -> list[Row]:
        """What imports brought."""
        return self._read("bulk")

    @bulk.setter
    def bulk(self, rows: list[Row]) -> None:
        self._keep("bulk", rows)

    @property
    def put(self) -> list[Row]:
        """What arrived individually."""
        return self._read("put")

    @put.setter
    def put(self, rows: list[Row]) -> None:
        self._keep("put", rows)

    @property
    def rows(self) -> list[Row]:
        """All rows; of two with one id the one put individually counts."""
        return _latest([*self.bulk, *self.put], self._id_index())

    def column(self, name: str) -> list[str]:
        """All values of a column; nulls throughout when the rows do not have it."""
        rows = self.rows
        if name not in self.columns:
            return [""] * len(rows)
        index = self.columns.index(name)
        return [row[index] for row in rows]

    def replace_bulk(self, columns: Sequence[str], rows: list[Row], now: float) -> None:
        """A FULL import: new bulk rows instead of the old."""
        self._widen(columns)
        self.bulk = _latest(self._arranged(columns, rows), self._id_index())
        self.changed_at = now

    def add_bulk(self, columns: Sequence[str], rows: list[Row], now: float) -> None:
        """An INCREMENTAL import: more bulk rows, the newer of two with one id."""
        self._widen(columns)
        self.bulk = _latest([*self.bulk, *self._arranged(columns, rows)], self._id_index())
        self.changed_at = now

    def add_put(self, columns: Sequence[str], rows: list[Row], now: float) -> None:
        """Rows that arrived individually."""
        self._widen(columns)
        self.put.extend(self._arranged(columns, rows))
        self.files.pop("put", None)
        if self.id_column is not None:
            self.put = _latest(self.put, self._id_index())
        self.changed_at = now

    def wait(self, session: str, columns: Sequence[str], rows: list[Row]) -> None:
        """Keep events of an anonymous session; nothing trains on them (docs/service/3 §2.7)."""
        self._widen(columns)
        self.anonymous.setdefault(session, []).extend(self._arranged(columns, rows))

    def link(self, session: str, user: str, now: float) -> None:
        """The events of a session turn out to be those of a user."""
        index = self.columns.index("USER_ID")
        waiting = self.anonymous.pop(session, [])
        if waiting:
            self.add_put(self.columns, [(*row[:index], user, *row[index + 1 :]) for row in waiting], now)

    def leave_in(self, files: dict[str, "Path"]) -> None:
        """Leave the rows in files until they are needed."""
        self.files, self._unread = files, {*files}

    def _read(self, way: str) -> list[Row]:
        if way in self._unread:
            self._unread.discard(way)
            with self.files[way].open(encoding="utf-8", newline="") as lines:
                self._rows[way] = list(map(tuple, csv.reader(lines)))
        return self._rows[way]

    def _keep(self, way: str, rows: list[Row]) -> None:
        self._unread.discard(way)
        self.files.pop(way, None)
        self._rows[way] = rows

    def _id_index(self) -> int | None:
        return self.columns.index(self.id_column) if self.id_column in self.columns else None

    def _widen(self, columns: Iterable[str]) -> None:
        """Columns that came with a new schema are null in the rows there are."""
        new = tuple(name for name in columns if name not in self.columns)
        if new:
            blank = ("",) * len(new)
            self.columns += new
            self.bulk = [row + blank for row in self.bulk]
            self.put = [row + blank for row in self.put]
            self.anonymous = {key: [row + blank for row in rows] for key, rows in self.anonymous.items()}

    def _arranged(self, columns: Sequence[str], rows: list[Row]) -> list[Row]:
        if tuple(columns) == self.columns:
            return rows
        place = {name: index for index, name in enumerate(columns)}
        places = [place.get(name) for name in self.columns]
        return [tuple("" if index is None else row[index] for index in places) for row in rows]


def _latest(rows: list[Row], id_index: int | None) -> list[Row]:
    if id_index is None:
        return rows
    return list({row[id_index]: row for row in rows}.values())
