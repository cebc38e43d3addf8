"""One region of an account: its records, their order, their tags, their data, and what happens next."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from personalize_gitops.emulator.errors import not_found
from personalize_gitops.emulator.state import arns
from personalize_gitops.emulator.state.event_queue import Agenda
from personalize_gitops.emulator.state.records import FAILED, Record

if TYPE_CHECKING:
    from personalize_gitops.emulator.data.tables import Table
    from personalize_gitops.emulator.settings import Settings
    from personalize_gitops.emulator.state.faults import Faults
    from personalize_gitops.emulator.state.identities import Identities
    from personalize_gitops.emulator.state.objects import Objects

Listed = tuple[str, str]  # a kind and the parent it is listed under, "" for the account-wide list


class Region:
    """All state of one region. `now` is the moment of the request or event being carried out."""

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
        self.agenda = Agenda()
        self.tags: dict[str, dict[str, str]] = {}
        self.tables: dict[str, Table] = {}  # by dataset ARN
        self.counter = 0
        self._by_arn: dict[str, Record] = {}
        self._by_number: dict[int, str] = {}
        self._listed: dict[Listed, list[int]] = {}

    def arn(self, path: str) -> str:
        """The ARN of something in this region."""
        return arns.resource_arn(self.name, self.account, path)

    @property
    def size(self) -> int:
        """How many records there are."""
        return len(self._by_number)

    def next_number(self) -> int:
        """A number no record had before."""
        self.counter += 1
        return self.counter

    def add(self, record: Record) -> None:
        """Remember a new record."""
        self._by_number[record.number] = record.arn
        self._by_arn[record.arn] = record
        for key in _lists(record):
            insort(self._listed.setdefault(key, []), record.number)

    def put(self, record: Record) -> None:
        """Remember a record as it is now, instead of what was known of it."""
        before = self._by_arn[record.arn]
        self._by_arn[record.arn] = record
        if before.parents != record.parents:
            for key in _lists(before):
                self._strike(key, record.number)
            for key in _lists(record):
                insort(self._listed.setdefault(key, []), record.number)

    def remove(self, record: Record) -> None:
        """Forget a record, its tags and its data."""
        for key in _lists(record):
            self._strike(key, record.number)
        del self._by_arn[record.arn], self._by_number[record.number]
        self.tags.pop(record.arn, None)
        self.tables.pop(record.arn, None)

    def get(self, arn: str) -> Record | None:
        """The record of this ARN, if there is one."""
        return self._by_arn.get(arn)

    def of_number(self, number: int) -> Record | None:
        """The record of this number, unless it is gone; a namesake created later has another number."""
        arn = self._by_number.get(number)
        return None if arn is None else self._by_arn[arn]

    def find(self, kind: str, arn: str) -> Record:
        """The record of this kind and ARN, or the service's ResourceNotFoundException."""
        record = self._by_arn.get(arn)
        if record is None or record.kind != kind:
            raise not_found(arn)
        return record

    def records(self) -> Iterator[Record]:
        """All records, oldest first."""
        return (self._by_arn[self._by_number[number]] for number in sorted(self._by_number))

    def listed(self, kind: str, parent: str = "") -> Iterator[Record]:
        """The records of a kind, all or those under one parent, oldest first."""
        return (self._by_arn[self._by_number[number]] for number in self._listed.get((kind, parent), ()))

    def count(self, kind: str, parent: str = "") -> int:
        """How many records of a kind there are, failed ones included."""
        return len(self._listed.get((kind, parent), ()))

    def page(self, kind: str, parent: str, after: int, size: int, *, newest_first: bool = False) -> list[Record]:
        """Up to `size` records beyond position `after`; the work does not grow with the length of the list."""
        numbers = self._listed.get((kind, parent), [])
        if newest_first:
            end = bisect_left(numbers, after) if after else len(numbers)
            chosen = numbers[max(0, end - size) : end][::-1]
        else:
            start = bisect_right(numbers, after)
            chosen = numbers[start : start + size]
        return [self._by_arn[self._by_number[number]] for number in chosen]

    def living(self, kind: str, parent: str = "") -> list[Record]:
        """Those that have not failed: what counts against a quota of active resources."""
        return [record for record in self.listed(kind, parent) if record.status != FAILED]

    def group_datasets(self, group: str) -> Mapping[str, Record]:
        """The datasets of a group by their type in capitals."""
        return {dataset.fields["datasetType"]: dataset for dataset in self.listed("Dataset", group)}

    def schema_text(self, dataset: Record) -> str:
        """The Avro text of a dataset's present schema."""
        schema = self.get(dataset.fields["schemaArn"])
        text: Any = schema.fields["schema"] if schema else "{}"
        return str(text)

    def _strike(self, key: Listed, number: int) -> None:
        numbers = self._listed[key]
        del numbers[bisect_left(numbers, number)]


def _lists(record: Record) -> list[Listed]:
    return [(record.kind, parent) for parent in dict.fromkeys(("", *record.parents))]
