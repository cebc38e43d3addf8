"""The rows of one dataset, in two parts: bulk rows from import jobs, put rows from Put calls (docs/service/2 §7.2)."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from personalize_gitops.emulator.errors import UnusableState

Row = tuple[str, ...]  # one text for each column; "" is null

ID_COLUMNS = {"ITEMS": "ITEM_ID", "USERS": "USER_ID", "ACTIONS": "ACTION_ID"}
"""The id column of each dataset type: a row replaces earlier rows with the same id. Interactions have no id."""

PARTS = ("bulk", "put")

BLOCK = 10_000
"""The number of rows in one file of a saved state. Added rows change the last file only."""


@dataclass(frozen=True)
class SavedRows:
    """The files with the rows of one part: each but the last has `BLOCK` rows."""

    files: tuple[str, ...]
    count: int  # of rows


class Table:
    """The rows of one dataset. An import job replaces or extends the bulk rows, never the put rows."""

    def __init__(self, columns: Sequence[str], id_column: str | None) -> None:
        self.columns = tuple(columns)
        self.id_column = id_column
        self.changed_at = float("-inf")  # when rows last arrived, in epoch seconds
        self.event_ids: set[str] = set()  # of the put events, to recognize repeated ones
        self.anonymous: dict[str, list[Row]] = {}  # by session: events of a user who is not known yet
        self.saved: dict[str, SavedRows] = {}  # by part: files of a saved state whose rows are the first ones here
        self.saved_ids = 0, ""  # how many event ids a file of a saved state has, and the file
        self._rows: dict[str, list[Row]] = {part: [] for part in PARTS}
        self._unparsed: dict[str, list[bytes]] = {}  # by part: the content of files whose rows were not needed yet

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

    def snapshot(self) -> "Table":
        """Return a table with the rows that are here now. It shares them, and the files of a saved state."""
        copy = Table(self.columns, self.id_column)
        copy.changed_at, copy.saved, copy._unparsed = self.changed_at, dict(self.saved), dict(self._unparsed)
        # The list of bulk rows is only ever replaced, that of put rows grows.
        copy._rows = {"bulk": self._rows["bulk"], "put": list(self._rows["put"])}
        return copy

    def load(self, part: str, saved: SavedRows, contents: list[bytes]) -> None:
        """Take the rows of a part from the content of saved files; they are parsed when first needed."""
        self._unparsed[part] = contents
        self.saved[part] = saved

    def blocks(self, part: str) -> Iterator[tuple[str | None, Callable[[], bytes]]]:
        """Yield the rows of a part in blocks: the saved file that has them, if one does, and their content."""
        saved = self.saved.get(part, SavedRows((), 0))
        if part in self._unparsed:
            for file, content in zip(saved.files, self._unparsed[part], strict=True):
                yield file, partial(bytes, content)
            return
        rows = self._rows[part]
        unchanged = len(saved.files) if saved.count == len(rows) else saved.count // BLOCK
        for number, start in enumerate(range(0, len(rows), BLOCK)):
            known = saved.files[number] if number < unchanged else None
            yield known, partial(_content, rows[start : start + BLOCK])

    def count(self, part: str) -> int:
        """Return the number of rows of a part."""
        return self.saved[part].count if part in self._unparsed else len(self._rows[part])

    def _get(self, part: str) -> list[Row]:
        contents = self._unparsed.get(part)
        if contents is not None:
            self._rows[part] = self._parsed(part, contents)
            del self._unparsed[part]
        return self._rows[part]

    def _parsed(self, part: str, contents: list[bytes]) -> list[Row]:
        try:
            rows = [tuple(row) for content in contents for row in json.loads(content)]
        except (ValueError, TypeError, RecursionError) as error:
            raise _not_rows() from error
        length = len(self.columns)
        if len(rows) != self.saved[part].count or any(len(row) != length for row in rows):
            raise _not_rows()
        return rows

    def _set(self, part: str, rows: list[Row]) -> None:
        self._unparsed.pop(part, None)
        self.saved.pop(part, None)
        self._rows[part] = rows

    def _id_index(self) -> int | None:
        return self.columns.index(self.id_column) if self.id_column in self.columns else None

    def _add_columns(self, columns: Iterable[str]) -> None:
        """Add the columns of a new schema; they are null in the existing rows."""
        new = tuple(name for name in columns if name not in self.columns)
        if new:
            blank = ("",) * len(new)
            self.bulk, self.put = ([row + blank for row in rows] for rows in (self.bulk, self.put))
            self.columns += new
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


def _content(rows: list[Row]) -> bytes:
    return json.dumps(rows).encode()


def _not_rows() -> UnusableState:
    return UnusableState("the saved rows of a dataset are damaged; remove the saved state to start anew")
