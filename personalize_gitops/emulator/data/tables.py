"""The rows of one dataset, in parts (docs/service/2 §7.2).

bulk        from import jobs; they can be millions, so they are kept by column
put         from Put calls
anonymous   events of sessions without a user; USER_ID is the session. No training uses them (docs/service/3 §2.7)

A part keeps every row of an id, because exports of a part have them all (docs/service/3 §3.2).
"""

import json
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from personalize_gitops.emulator.data.columns import Row, Rows, RowsBuilder
from personalize_gitops.emulator.data.index import Index
from personalize_gitops.emulator.data.records import Records
from personalize_gitops.emulator.data.seen import NEVER, Counts, Unseen, without
from personalize_gitops.emulator.errors import UnusableState

__all__ = ["BLOCK", "ID_COLUMNS", "PARTS", "Row", "Rows", "SavedRows", "Table"]

ID_COLUMNS = {"ITEMS": "ITEM_ID", "USERS": "USER_ID", "ACTIONS": "ACTION_ID"}
"""The id column of each dataset type: the last row of an id counts. Interactions have no id."""

PARTS = ("bulk", "put", "anonymous")

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
        self.changed_at = NEVER  # when rows last arrived, in epoch seconds
        self.event_ids: set[str] = set()  # of the put events, to recognize repeated ones
        self.marks: dict[str, Counts] = {}  # by ARN of a training: the rows that there were when it began
        self.unseen = Unseen()
        self.saved: dict[str, SavedRows] = {}  # by part: files of a saved state whose rows are the first ones here
        self.saved_ids = 0, ""  # how many event ids a file of a saved state has, and the file
        self.records: Records | None = None  # the rows as filters compare them; see `data.records`
        self.types_seen: dict[str, tuple[object, dict[str, frozenset[str]]]] = {}  # by user; see `data.serving`
        self._index = Index()
        self._bulk = Rows.of((), len(self.columns))
        self._events: dict[str, list[Row]] = {"put": [], "anonymous": []}
        self._unparsed: dict[str, list[bytes]] = {}  # by part: the content of files whose rows were not needed yet

    @property
    def bulk(self) -> Rows:
        """The rows of import jobs."""
        if "bulk" in self._unparsed:
            self._bulk = self._parsed("bulk")
            del self._unparsed["bulk"]
        return self._bulk

    @bulk.setter
    def bulk(self, rows: Rows) -> None:
        self._forget("bulk")
        self._bulk = rows

    @property
    def put(self) -> list[Row]:
        """The rows of Put calls."""
        return self._get("put")

    @put.setter
    def put(self, rows: list[Row]) -> None:
        self._forget("put")
        self._events["put"] = rows

    @property
    def anonymous(self) -> list[Row]:
        """The events of sessions without a user."""
        return self._get("anonymous")

    @property
    def events(self) -> Counts:
        """How many put and anonymous rows there are."""
        return self.count("put"), self.count("anonymous")

    @property
    def rows(self) -> Rows:
        """All rows, one of each id: the last one, and a put row before a bulk row."""
        rows, index = self.bulk.extended(self.put), self._id_index()
        return rows if index is None else rows.last_of_each(index)

    def column(self, name: str) -> Sequence[str]:
        """Return the values of a column in all rows; nulls if there is no such column."""
        rows = self.rows
        return rows.column(self.columns.index(name)) if name in self.columns else [""] * len(rows)

    def replace_bulk(self, columns: Sequence[str], rows: Rows, now: float) -> None:
        """Store the rows of a FULL import."""
        self._add_columns(columns)
        self.bulk = rows.arranged(self._numbers(columns))
        self.changed_at = now

    def add_bulk(self, columns: Sequence[str], rows: Rows, now: float) -> None:
        """Store the rows of an INCREMENTAL import."""
        self._add_columns(columns)
        self.bulk = self.bulk.extended(rows.arranged(self._numbers(columns)))
        self.changed_at = now

    def add_put(self, columns: Sequence[str], rows: list[Row], now: float) -> None:
        """Store the rows of a Put call."""
        self._add_columns(columns)
        if self.id_column is None:
            self.put.extend(self._arranged(columns, rows))
        else:
            self.put = [*self.put, *self._arranged(columns, rows)]
        self.changed_at = now

    def add_anonymous(self, columns: Sequence[str], rows: list[Row]) -> None:
        """Store events whose user is a session."""
        self._add_columns(columns)
        self.anonymous.extend(self._arranged(columns, rows))

    def identify(self, session: str, user: str, now: float) -> None:
        """Move the anonymous events of a session to a user."""
        index = self.columns.index("USER_ID")
        events = [row for _, row in self.of_user("anonymous", session)]
        if events:
            self.add_put(self.columns, [(*row[:index], user, *row[index + 1 :]) for row in events], now)
            self._keep("anonymous", lambda row: row[index] != session)

    def of_user(self, part: str, user: str) -> list[tuple[int, Row]]:
        """Return the rows of a user in a part, with their positions."""
        if "USER_ID" not in self.columns:
            return []
        rows = self._part(part)
        return [(at, rows[at]) for at in self._index.of_user(part, rows, self.columns.index("USER_ID"), user)]

    def without_known(self, part: str, user: str, rows: Sequence[Row]) -> list[Row]:
        """Return the rows that a user does not have yet: of equal events one is kept (docs/service/3 §2.2)."""
        known = {row for _, row in self.of_user(part, user)}
        return [row for row in dict.fromkeys(rows) if row not in known]

    @property
    def by_id(self) -> Mapping[str, Row]:
        """The rows of items, users or actions by id."""
        index = self._id_index()
        return {} if index is None else self._index.by_id(self.bulk, self.put, index)

    def remove_users(self, users: Container[str]) -> set[str]:
        """Remove the rows of users; return the users who had any."""
        if "USER_ID" not in self.columns:
            return set()
        index = self.columns.index("USER_ID")
        found = {user for user in chain(self.bulk.column(index), (row[index] for row in self.put)) if user in users}
        kept = [user not in users for user in self.bulk.column(index)]
        if not all(kept):
            self.bulk = self.bulk.chosen(kept)
        for part in ("put", "anonymous"):
            self._keep(part, lambda row: row[index] not in users)
        if self.unseen.rows is not None:
            self.unseen.rows.remove_users(users)
        return found

    def snapshot(self) -> "Table":
        """Return a table with the rows that are here now, without anonymous ones.

        It shares the rows, and the files of a saved state.
        """
        copy = Table(self.columns, self.id_column)
        copy.changed_at, copy.saved, copy._unparsed = self.changed_at, dict(self.saved), dict(self._unparsed)
        copy.saved.pop("anonymous", None)
        copy._unparsed.pop("anonymous", None)
        # Bulk rows are only ever replaced; the list of put rows grows, unless they have an id.
        put = self._events["put"] if self.id_column else list(self._events["put"])
        copy._bulk, copy._events = self._bulk, {"put": put, "anonymous": []}
        return copy

    def delay_events(self, now: float, delay: float) -> None:
        """Let events that arrive now be seen after a delay; call it before they are added."""
        if delay > 0 and now >= self.unseen.events_until:
            self.unseen = replace(self.unseen, events_until=now + delay, events=self.events)

    def delay_rows(self, now: float, delay: float) -> None:
        """Let all other rows that arrive now be seen after a delay; call it before they are added."""
        if now >= self.unseen.rows_until:
            later = delay > 0
            self.unseen = replace(
                self.unseen,
                rows_until=now + delay if later else NEVER,
                rows=self.snapshot() if later else None,
            )

    def seen(self, now: float) -> "Table":
        """Return the table whose bulk rows, or whose items, users or actions, filters and models see."""
        if self.unseen.rows is not None and now >= self.unseen.rows_until:
            self.unseen = replace(self.unseen, rows=None)  # nobody needs them any more
        return self.unseen.rows or self

    def events_seen(self, now: float) -> Counts:
        """Return how many of the events filters and models see."""
        return self.events if now >= self.unseen.events_until else self.unseen.events

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
        rows = self._part(part)
        unchanged = len(saved.files) if saved.count == len(rows) else saved.count // BLOCK
        for number, start in enumerate(range(0, len(rows), BLOCK)):
            known = saved.files[number] if number < unchanged else None
            yield known, partial(_content, rows, start)

    def count(self, part: str) -> int:
        """Return the number of rows of a part."""
        return self.saved[part].count if part in self._unparsed else len(self._part(part))

    def _part(self, part: str) -> Sequence[Row]:
        return self.bulk if part == "bulk" else self._get(part)

    def _get(self, part: str) -> list[Row]:
        if part in self._unparsed:
            self._events[part] = list(self._parsed(part))
            del self._unparsed[part]
        return self._events[part]

    def _parsed(self, part: str) -> Rows:
        """Return the rows of a part from the content of its files."""
        builder = RowsBuilder(len(self.columns))
        try:
            for content in self._unparsed[part]:
                builder.add(list(zip(*json.loads(content), strict=True)))
        except (ValueError, TypeError, RecursionError) as error:
            raise _not_rows() from error
        if len(builder) != self.saved[part].count:
            raise _not_rows()
        return builder.rows()

    def _forget(self, part: str) -> None:
        """Forget the files of a part, and what was computed from its rows."""
        self._unparsed.pop(part, None)
        self.saved.pop(part, None)
        self.types_seen.clear()

    def _keep(self, part: str, kept: Callable[[Row], bool]) -> None:
        """Remove events of a part, and move the positions that are counted in it."""
        rows = self._get(part)
        if all(map(kept, rows)):
            return
        removed = [number for number, row in enumerate(rows) if not kept(row)]
        self.marks = {arn: without(counts, part, removed) for arn, counts in self.marks.items()}
        self.unseen = replace(self.unseen, events=without(self.unseen.events, part, removed))
        self._forget(part)
        self._events[part] = [row for row in rows if kept(row)]

    def _id_index(self) -> int | None:
        return self.columns.index(self.id_column) if self.id_column in self.columns else None

    def _add_columns(self, columns: Iterable[str]) -> None:
        """Add the columns of a new schema; they are null in the existing rows."""
        new = tuple(name for name in columns if name not in self.columns)
        if new:
            bulk, former = self.bulk, self.columns
            for part in ("put", "anonymous"):
                rows = [row + ("",) * len(new) for row in self._get(part)]
                self._forget(part)
                self._events[part] = rows
            self.columns += new
            self.bulk = bulk.arranged(self._numbers(former))

    def _arranged(self, columns: Sequence[str], rows: list[Row]) -> list[Row]:
        """Return rows of the given columns with the columns of the table, in its order."""
        if tuple(columns) == self.columns:
            return rows
        numbers = self._numbers(columns)
        return [tuple("" if number is None else row[number] for number in numbers) for row in rows]

    def _numbers(self, columns: Sequence[str]) -> list[int | None]:
        """Return where each column of the table is among the given ones."""
        number_of = {name: number for number, name in enumerate(columns)}
        return [number_of.get(name) for name in self.columns]


def _content(rows: Sequence[Row], start: int) -> bytes:
    return json.dumps(rows[start : start + BLOCK]).encode()


def _not_rows() -> UnusableState:
    return UnusableState("the saved rows of a dataset are damaged; remove the saved state to start anew")
