"""From the state of all accounts to the files of a store.

    the state    JSON: times, events and faults, and the digests of all other files
    training     JSON: the data and the outcome of one training
    records      JSON: up to `BLOCK` resources with their tags
    rows         JSON: a part of the rows of a dataset, see `data.tables`
    models       what a training has learned, see `models.arrays`
    ids          JSON: the event ids of a dataset
    bucket       JSON: the digest and the date of each object, and the ETags of uploads in parts, by key
    objects      the content of each object

A save compares no content. It recognizes by the identity of Python values what it has written before: records are
frozen, tags are replaced as a whole, and an object of S3 that is written again is a new Python object.
"""

import json
from collections.abc import Container, Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby
from operator import is_
from typing import Any

from personalize_gitops.emulator.data.seen import NEVER, Unseen
from personalize_gitops.emulator.data.tables import PARTS, SavedRows, Table
from personalize_gitops.emulator.state.accounts import Accounts
from personalize_gitops.emulator.state.faults import to_json
from personalize_gitops.emulator.state.objects import Held, Replaced, content_of_version
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.emulator.state.store import Store
from personalize_gitops.emulator.state.trainings import Training

FORMAT = 9
BLOCK = 500
"""The records in one file. A change of one record writes one such file."""

_Tagged = tuple[Record, Mapping[str, str] | None]


@dataclass(frozen=True)
class SavedBucket:
    """The files of one bucket."""

    versions: Mapping[str, Any]  # the objects that the files have, by key
    digests: Mapping[str, str]  # of the content of each object, by key
    dates: Mapping[str, float]  # of each object, by key
    etags: Mapping[str, str]  # of objects that were uploaded in parts, by key
    file: str  # the digests, the dates and the ETags


@dataclass(frozen=True)
class _SavedRecords:
    parts: Sequence[object]  # the records and tags that the file has
    file: str


@dataclass(frozen=True)
class _SavedTraining:
    training: Training
    progress: object  # what of it the files have
    file: str
    files: Set[str]  # with those that it names


class Saver:
    """Writes the state of all accounts, and remembers which file has what."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._records: dict[tuple[Region, int], _SavedRecords] = {}
        self._buckets: dict[str, SavedBucket] = {}
        self._trainings: dict[tuple[Region, str], _SavedTraining] = {}  # by ARN

    def save(self, store: Store) -> str:
        """Write the files that the store lacks; return the digest of the state."""
        accounts = self._accounts
        written = {name: self._write_bucket(store, name) for name in accounts.objects.names()}
        state = {
            "format": FORMAT,
            "account": accounts.settings.account,
            "faults": [to_json(rule) for rule in accounts.faults.rules],
            "regions": [self._write_region(store, region) for region in accounts.regions.values()],
            "buckets": {name: bucket for name, bucket in written.items() if bucket is not None},
            "roles": [asdict(role) for role in accounts.identities.roles()],
            "sessions": [asdict(session) for session in accounts.identities.sessions()],
        }
        self._forget({*accounts.regions.values()}, written)
        return store.put(None, partial(_json, state))

    def _forget(self, regions: Container[Region], buckets: Container[str]) -> None:
        """Forget the files of what does not exist any more, and with them the Python values."""
        self._records = {key: known for key, known in self._records.items() if key[0] in regions}
        self._buckets = {name: known for name, known in self._buckets.items() if name in buckets}
        trainings = self._trainings.items()
        self._trainings = {key: known for key, known in trainings if key[0] in regions and key[1] in key[0].trainings}

    def remember_bucket(self, name: str, digests: Mapping[str, str], file: str) -> None:
        """Note that the objects of a bucket have these files."""
        held = self._accounts.objects.held(name)
        if held is not None:
            self._buckets[name] = SavedBucket(held.versions, digests, held.dates, held.etags, file)

    def remember_records(self, region: Region, files: Sequence[str]) -> None:
        """Note that the records of a region have these files, in blocks that `save` made."""
        for (number, block), file in zip(_blocks(region), files, strict=False):
            self._records[region, number] = _SavedRecords(_parts(block), file)

    def _write_region(self, store: Store, region: Region) -> Mapping[str, Any]:
        queue = region.events
        return {
            "name": region.name,
            "account": region.account,
            "now": region.now,
            "counter": region.counter,
            "records": [self._write_records(store, region, number, block) for number, block in _blocks(region)],
            "events": {"counter": queue.counter, "events": [vars(event) for event in queue.events]},
            "tables": {arn: _write_table(store, table) for arn, table in region.tables.items()},
            "asked": list(region.asked.counts()),
            "trainings": {arn: self._write_training(store, region, arn) for arn in region.trainings},
        }

    def _write_records(self, store: Store, region: Region, number: int, block: list[_Tagged]) -> str:
        parts, known = _parts(block), self._records.get((region, number))
        file = store.put(known.file if known and _same(known.parts, parts) else None, partial(_records_json, block))
        self._records[region, number] = _SavedRecords(parts, file)
        return file

    def _write_training(self, store: Store, region: Region, arn: str) -> str:
        training, known = region.trainings[arn], self._trainings.get((region, arn))
        is_known = known is not None and known.training is training and known.progress == training.progress
        if known and is_known and store.keep(known.files):
            return known.file
        with store.noted() as files:
            file = store.put(None, lambda: _json(_training(store, training)))
        self._trainings[region, arn] = _SavedTraining(training, training.progress, file, files)
        return file

    def _write_bucket(self, store: Store, name: str) -> Mapping[str, Any] | None:
        """Write the objects of a bucket; return the rest. None if there is no such bucket any more."""
        while held := self._accounts.objects.held(name):
            try:
                saved = _write_objects(store, held, self._buckets.get(name))
            except Replaced:
                continue  # another thread has written to the bucket meanwhile
            self._buckets[name] = saved
            return {"account": held.account, "policy": held.policy, "objects": saved.file}
        return None


def _blocks(region: Region) -> Iterator[tuple[int, list[_Tagged]]]:
    """Yield the records of a region with their tags, up to `BLOCK` at a time."""
    for number, records in groupby(region.records(), lambda record: record.number // BLOCK):
        yield number, [(record, region.tags.get(record.arn)) for record in records]


def _parts(block: list[_Tagged]) -> Sequence[object]:
    return [part for tagged in block for part in tagged]


def _same(one: Sequence[object], other: Sequence[object]) -> bool:
    return len(one) == len(other) and all(map(is_, one, other))


def _records_json(block: list[_Tagged]) -> bytes:
    return _json([{**vars(record), "tags": tags} for record, tags in block])


def _write_objects(store: Store, held: Held, known: SavedBucket | None) -> SavedBucket:
    former = known or SavedBucket({}, {}, {}, {}, "")
    digests = {}
    for key, version in held.versions.items():
        digest = former.digests.get(key) if former.versions.get(key) is version else None
        digests[key] = store.put(digest, partial(content_of_version, version))
    same = (digests, held.dates, held.etags) == (former.digests, former.dates, former.etags)
    content = {"digests": digests, "dates": held.dates, "etags": held.etags}
    file = store.put(former.file if same else None, partial(_json, content))
    return SavedBucket(held.versions, digests, held.dates, held.etags, file)


def _write_table(store: Store, table: Table) -> Mapping[str, Any]:
    for part in PARTS:
        files = [store.put(file, content) for file, content in table.blocks(part)]
        table.saved[part] = SavedRows(tuple(files), table.count(part))
    return {
        "columns": table.columns,
        "id_column": table.id_column,
        "changed_at": None if table.changed_at == NEVER else table.changed_at,
        "event_ids": _write_ids(store, table),
        "marks": table.marks,
        "unseen": _write_unseen(store, table.unseen),
        "parts": {part: asdict(table.saved[part]) for part in PARTS},
    }


def _write_unseen(store: Store, unseen: Unseen) -> Mapping[str, Any]:
    return {
        "events_until": None if unseen.events_until == NEVER else unseen.events_until,
        "events": unseen.events,
        "rows_until": None if unseen.rows_until == NEVER else unseen.rows_until,
        "rows": None if unseen.rows is None else _write_table(store, unseen.rows),
    }


def _training(store: Store, training: Training) -> Mapping[str, Any]:
    if training.trained:
        training.saved_model = store.put(training.saved_model, training.model_content)
    return {
        "began": training.began,
        "updated": training.updated,
        "tables": {type_: _write_table(store, table) for type_, table in training.tables.items()},
        "features": training.features,
        "metrics": training.metrics,
        "model": training.saved_model,
    }


def _write_ids(store: Store, table: Table) -> str:
    """Write the event ids of a table, to which ids are only added; return the file."""
    count, file = table.saved_ids
    file = store.put(file if count == len(table.event_ids) else None, lambda: _json(sorted(table.event_ids)))
    table.saved_ids = len(table.event_ids), file
    return file


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
