"""The rows of one dataset, in two parts: bulk rows from import jobs, put rows from Put calls (docs/service/2 §7.2)."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

Row = tuple[str, ...]  # one text for each column; "" is null

ID_COLUMNS = {"ITEMS": "ITEM_ID", "USERS": "USER_ID", "ACTIONS": "ACTION_ID"}
"""The id column of each dataset type: a row replaces earlier rows with the same id. Interactions have no id."""

PARTS = ("bulk", "put")


class Table:
    """The rows of one dataset. An import job replaces or extends the bulk rows, never the put rows."""

    def __init__(self, columns: Sequence[str], id_column: str | None) -> None:
        self.columns = tuple(columns)
        self.id_column = id_column
        self.changed_at = float("-inf")  # when rows last arrived, in epoch seconds
        self.event_ids: set[str] = set()  # of the put events, to recognize repeated ones
        self.anonymous: dict[str, list[Row]] = {}  # by session: events of a user who is not known yet
        self.saved_files: dict[str, Path] = {}  # by part: a file of a saved state with the same rows
        self._rows: dict[str, list[Row]] = {part: [] for part in PARTS}
        self._unparsed: dict[str, str] = {}  # by part: rows as CSV text that were not needed since they were loaded

    @property
    def bulk(self) -> list[Row]:
        """The rows of import jobs."""
        return self._get("bulk")

    @bulk.setter
    def bulk(self, rows: list[Row]) -> None:
        self._set("bulk", rows)

    @property
    def put(self) -> list[Row]:
        """The rows of Put calls."""
        return self._get("put")

    @put.setter
    def put(self, rows: list[Row]) -> None:
        self._set("put", rows)

    @property
    def rows(self) -> list[Row]:
        """All rows. If a bulk row and a put row have the same id, the put row counts."""
        return _last_by_id([*self.bulk, *self.put], self._id_index())

    def column(self, name: str) -> list[str]:
        """Return the values of a column in all rows; nulls if there is no such column."""
        rows = self.rows
        if name not in self.columns:
            return [""] * len(rows)
        index = self.columns.index(name)
        return [row[index] for row in rows]

    def replace_bulk(self, columns: Sequence[str], rows: list[Row], now: float) -> None:
        """Store the rows of a FULL import."""
        self._add_columns(columns)
        self.bulk = _last_by_id(self._arranged(columns, rows), self._id_index())
        self.changed_at = now

    def add_bulk(self, columns: Sequence[str], rows: list[Row], now: float) -> None:
        """Store the rows of an INCREMENTAL import."""
        self._add_columns(columns)
        self.bulk = _last_by_id([*self.bulk, *self._arranged(columns, rows)], self._id_index())
        self.changed_at = now

    def add_put(self, columns: Sequence[str], rows: list[Row], now: float) -> None:
        """Store the rows of a Put call."""
        self._add_columns(columns)
        self.put.extend(self._arranged(columns, rows))
        self.saved_files.pop("put", None)
        if self.id_column is not None:
            self.put = _last_by_id(self.put, self._id_index())
        self.changed_at = now

    def add_anonymous(self, session: str, columns: Sequence[str], rows: list[Row]) -> None:
        """Store events of a session without a user; no training uses them (docs/service/3 §2.7)."""
        self._add_columns(columns)
        self.anonymous.setdefault(session, []).extend(self._arranged(columns, rows))

    def identify(self, session: str, user: str, now: float) -> None:
        """Add the anonymous events of a session as events of a user."""
        index = self.columns.index("USER_ID")
        events = self.anonymous.pop(session, [])
        if events:
            self.add_put(self.columns, [(*row[:index], user, *row[index + 1 :]) for row in events], now)

    def load(self, part: str, text: str, file: Path) -> None:
        """Take the rows of a part from the text of a saved file; they are parsed when first needed."""
        self._unparsed[part] = text
        self.saved_files[part] = file

    def _get(self, part: str) -> list[Row]:
        text = self._unparsed.pop(part, None)
        if text is not None:
            self._rows[part] = list(map(tuple, csv.reader(io.StringIO(text, newline=""))))
        return self._rows[part]

    def _set(self, part: str, rows: list[Row]) -> None:
        self._unparsed.pop(part, None)
        self.saved_files.pop(part, None)
        self._rows[part] = rows

    def _id_index(self) -> int | None:
        return self.columns.index(self.id_column) if self.id_column in self.columns else None

    def _add_columns(self, columns: Iterable[str]) -> None:
        """Add the columns of a new schema; they are null in the existing rows."""
        new = tuple(name for name in columns if name not in self.columns)
        if new:
            blank = ("",) * len(new)
            self.columns += new
            self.bulk = [row + blank for row in self.bulk]
            self.put = [row + blank for row in self.put]
            self.anonymous = {key: [row + blank for row in rows] for key, rows in self.anonymous.items()}

    def _arranged(self, columns: Sequence[str], rows: list[Row]) -> list[Row]:
        """Return rows of the given columns with the columns of the table, in its order."""
        if tuple(columns) == self.columns:
            return rows
        index_of = {name: index for index, name in enumerate(columns)}
        indices = [index_of.get(name) for name in self.columns]
        return [tuple("" if index is None else row[index] for index in indices) for row in rows]


def _last_by_id(rows: list[Row], id_index: int | None) -> list[Row]:
    """Return the last row of each id, or all rows if there is no id column."""
    if id_index is None:
        return rows
    return list({row[id_index]: row for row in rows}.values())
