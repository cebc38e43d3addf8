"""The rows of one dataset group as filters and models see them at one time (docs/service/3 §1.1, §4.6)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from personalize_gitops.catalog.schemas import Schema
from personalize_gitops.emulator.data.columns import Row
from personalize_gitops.emulator.data.records import Record, Records
from personalize_gitops.emulator.data.tables import Table
from personalize_gitops.emulator.models import Event
from personalize_gitops.filters import evaluate as filters

_SUBJECTS = {"INTERACTIONS": "ITEM_ID", "ACTION_INTERACTIONS": "ACTION_ID"}
_REMEMBERED = 1_000  # users of whom the types of their events are kept
_EMPTY: Mapping[str, Record] = {}


@dataclass(frozen=True)
class GroupData:
    """The tables and schemas of a group by dataset type, in capitals, and the time."""

    tables: Mapping[str, Table]
    schemas: Mapping[str, Schema]
    now: float  # epoch seconds

    def records(self, type_: str) -> Mapping[str, Record]:
        """Return items, users or actions by id."""
        return self._records(type_) or _EMPTY

    def text(self, type_: str, id_: str, column: str) -> str:
        """Return a value as it was imported; "" if there is none."""
        records = self._records(type_)
        return records.text(id_, column) if records is not None else ""

    def types_seen(self, user: str, type_: str, most: int) -> Mapping[str, frozenset[str]]:
        """Return the event types of a user by item or action, of the newest `most` events of each type."""
        table = self.tables.get(type_)
        if table is None:
            return {}
        bulk, streamed = table.seen(self.now).bulk, self._streamed(table, user, 0, 0)
        known = table.types_seen.get(user)
        if known is None or known[0] != (most, bulk, streamed):  # bulk rows compare by identity, so this is fast
            rows = [row for _, row in table.seen(self.now).of_user("bulk", user)] + streamed
            events = self._values(type_, rows, "EVENT_TYPE", "TIMESTAMP")
            found = filters.seen((filters.Event(item, kind, float(time or 0)) for item, kind, time in events), most)
            if len(table.types_seen) >= _REMEMBERED:
                table.types_seen.clear()
            known = table.types_seen[user] = (most, bulk, streamed), found
        return known[1]

    def newer_events(self, user: str, type_: str, training: str) -> list[Event]:
        """Return the events of a user or session since a training began, oldest first."""
        table = self.tables.get(type_)
        if table is None:
            return []
        put, anonymous = table.marks.get(training, (0, 0))
        rows = self._streamed(table, user, put, anonymous)
        events = self._values(type_, rows, "EVENT_TYPE", "TIMESTAMP", "EVENT_VALUE")
        found = [
            Event(item, kind, float(time or 0), float(value) if value else None) for item, kind, time, value in events
        ]
        return sorted(found, key=lambda event: event.time)

    def _records(self, type_: str) -> Records | None:
        table, schema = self.tables.get(type_), self.schemas.get(type_)
        if table is None or schema is None:
            return None
        seen = table.seen(self.now)
        source = seen.by_id
        if seen.records is None or seen.records.source is not source or seen.records.schema is not schema:
            seen.records = Records(source, seen.columns, schema)
        return seen.records

    def _streamed(self, table: Table, user: str, put: int, anonymous: int) -> list[Row]:
        """Return the streamed events of a user or session from two positions on, as far as they are seen."""
        most_put, most_anonymous = table.events_seen(self.now)
        return [
            *(row for at, row in table.of_user("put", user) if put <= at < most_put),
            *(row for at, row in table.of_user("anonymous", user) if anonymous <= at < most_anonymous),
        ]

    def _values(self, type_: str, rows: Sequence[Row], *names: str) -> Iterator[tuple[str, ...]]:
        """Return the item or action of each event, and the values of some columns; "" for a missing column."""
        if not rows:
            return iter(())
        columns = self.tables[type_].columns
        indices = [columns.index(name) if name in columns else len(columns) for name in (_SUBJECTS[type_], *names)]
        pick = itemgetter(*indices)
        return (pick((*row, "")) for row in rows) if len(columns) in indices else map(pick, rows)
