"""One region of an account: its records in order of creation, their tags and tables, its event queue."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from personalize_gitops.catalog.schemas import Schema, parse
from personalize_gitops.emulator.data.serving import GroupData
from personalize_gitops.emulator.data.tables import ID_COLUMNS, Table
from personalize_gitops.emulator.errors import not_found
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.asked import Asked
from personalize_gitops.emulator.state.event_queue import EventQueue
from personalize_gitops.emulator.state.records import FAILED, Record
from personalize_gitops.emulator.state.request_rate import RequestRate
from personalize_gitops.emulator.state.trail import Trail
from personalize_gitops.emulator.state.trainings import Training

if TYPE_CHECKING:
    from personalize_gitops.emulator.settings import Settings
    from personalize_gitops.emulator.state.faults import Faults
    from personalize_gitops.emulator.state.identities import Identities
    from personalize_gitops.emulator.state.objects import Objects

_List = tuple[str, str]  # a kind, and the parent whose resources are listed; "" for all resources of the kind


class Region:
    """The state of one region. `now` is the time of the request or event that is being carried out."""

    def __init__(
        self,
        name: str,
        account: str,
        settings: "Settings",
        faults: "Faults",
        objects: "Objects",
        identities: "Identities",
        now: float,
    ) -> None:
        self.name = name
        self.account = account
        self.settings = settings
        self.faults = faults
        self.objects = objects
        self.identities = identities
        self.now = now
        self.request_rate = RequestRate(settings.calls_per_second)
        self.data_rates: dict[tuple[str, str], RequestRate] = {}  # see `service.rates`
        self.events = EventQueue()
        self.trail = Trail()
        self.asked = Asked()
        self.tags: dict[str, dict[str, str]] = {}  # by ARN; empty after the last tag was removed
        self.tables: dict[str, Table] = {}  # by ARN of the dataset; missing until its first rows arrive
        self.trainings: dict[str, Training] = {}  # by ARN of the solution version or recommender
        self.counter = 0  # the number of the newest record
        self._by_arn: dict[str, Record] = {}
        self._arn_of: dict[int, str] = {}  # by number
        self._lists: dict[_List, list[int]] = {}  # the numbers of the records in each list, ascending

    def arn(self, path: str) -> str:
        """Return the ARN of a resource in this region."""
        return arns.resource_arn(self.name, self.account, path)

    @property
    def size(self) -> int:
        """The number of resources."""
        return len(self._arn_of)

    def next_number(self) -> int:
        """Return the number of a new record."""
        self.counter += 1
        return self.counter

    def add(self, record: Record) -> None:
        """Store a new record."""
        self._arn_of[record.number] = record.arn
        self._by_arn[record.arn] = record
        self._add_to_lists(record)

    def put(self, record: Record) -> None:
        """Store a changed record in place of the old one."""
        before = self._by_arn[record.arn]
        self._by_arn[record.arn] = record
        if before.parents != record.parents:
            self._remove_from_lists(before)
            self._add_to_lists(record)

    def remove(self, record: Record) -> None:
        """Remove a record, its tags, its table and its model."""
        self._remove_from_lists(record)
        del self._by_arn[record.arn], self._arn_of[record.number]
        self.tags.pop(record.arn, None)
        self.tables.pop(record.arn, None)
        if self.trainings.pop(record.arn, None) is not None:
            for table in self.tables.values():
                table.marks.pop(record.arn, None)

    def get(self, arn: str) -> Record | None:
        """Return the record with an ARN, or None."""
        return self._by_arn.get(arn)

    def with_number(self, number: int) -> Record | None:
        """Return the record with a number, or None if it was deleted, even if its ARN exists again."""
        arn = self._arn_of.get(number)
        return None if arn is None else self._by_arn[arn]

    def find(self, kind: str, arn: str) -> Record:
        """Return the record of a kind with an ARN. Refuse the request with ResourceNotFoundException if none exists."""
        record = self._by_arn.get(arn)
        if record is None or record.kind != kind:
            raise not_found(arn)
        return record

    def records(self) -> Iterator[Record]:
        """Yield all records, oldest first."""
        return (self._by_arn[self._arn_of[number]] for number in sorted(self._arn_of))

    def listed(self, kind: str, parent: str = "") -> Iterator[Record]:
        """Yield the records of a kind, oldest first; with `parent`, only those under it."""
        return (self._by_arn[self._arn_of[number]] for number in self._lists.get((kind, parent), ()))

    def count(self, kind: str, parent: str = "") -> int:
        """Return the number of records that `listed` yields."""
        return len(self._lists.get((kind, parent), ()))

    def page(self, kind: str, parent: str, after: int, size: int, *, newest_first: bool = False) -> list[Record]:
        """Return up to `size` records of a list after the record with number `after`; 0 starts at the beginning.

        The time does not depend on the length of the list.
        """
        numbers = self._lists.get((kind, parent), [])
        if newest_first:
            end = bisect_left(numbers, after) if after else len(numbers)
            chosen = numbers[max(0, end - size) : end][::-1]
        else:
            start = bisect_right(numbers, after)
            chosen = numbers[start : start + size]
        return [self._by_arn[self._arn_of[number]] for number in chosen]

    def not_failed(self, kind: str, parent: str = "") -> list[Record]:
        """Return the records that `listed` yields without those that are CREATE FAILED."""
        return [record for record in self.listed(kind, parent) if record.status != FAILED]

    def group_datasets(self, group: str) -> Mapping[str, Record]:
        """Return the datasets of a group by dataset type, in capitals."""
        return {dataset.fields["datasetType"]: dataset for dataset in self.listed("Dataset", group)}

    def group_tables(self, group: str) -> Mapping[str, Table]:
        """Return the tables of a group by dataset type, in capitals; empty ones for datasets without rows."""
        datasets = self.group_datasets(group)
        return {type_: self.tables.get(dataset.arn) or Table((), None) for type_, dataset in datasets.items()}

    def group_data(self, group: str) -> GroupData:
        """Return the rows of a group as filters and models see them now."""
        datasets = self.group_datasets(group)
        tables = {type_: self.tables[dataset.arn] for type_, dataset in datasets.items() if dataset.arn in self.tables}
        return GroupData(tables, {type_: self.schema_of(dataset) for type_, dataset in datasets.items()}, self.now)

    def table_of(self, dataset: Record, columns: Sequence[str]) -> Table:
        """Return the table of a dataset; if it has none, create one with these columns."""
        if dataset.arn not in self.tables:
            self.tables[dataset.arn] = Table(columns, ID_COLUMNS.get(dataset.fields["datasetType"]))
        return self.tables[dataset.arn]

    def schema_of(self, dataset: Record) -> Schema:
        """Return the parsed schema of a dataset."""
        schema = self.get(dataset.fields["schemaArn"])
        return _parsed(schema.fields["schema"] if schema else "{}")

    def _add_to_lists(self, record: Record) -> None:
        for key in _lists_with(record):
            insort(self._lists.setdefault(key, []), record.number)

    def _remove_from_lists(self, record: Record) -> None:
        for key in _lists_with(record):
            numbers = self._lists[key]
            del numbers[bisect_left(numbers, record.number)]


@lru_cache(maxsize=1_000)
def _parsed(text: str) -> Schema:
    return parse(text)


def _lists_with(record: Record) -> list[_List]:
    return [(record.kind, parent) for parent in dict.fromkeys(("", *record.parents))]
