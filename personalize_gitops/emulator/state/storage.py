"""A saved state: records and agenda as JSON, rows as CSV read when first needed, buckets as plain files.

    <directory>/owner                      locked by the process that continues the state, if one does
    <directory>/current                    the name of the generation that counts; replaced last, in one step
    <directory>/<generation>/state.json    locked by whoever may still read rows of it, so that it is not removed
    <directory>/<generation>/rows/…        one file per dataset and way of arrival
    <directory>/<generation>/buckets/…     one file per object

A save that is interrupted leaves the former generation in force. What has not changed since is linked, not written.
Any number of processes may load a state at any time; one at a time may save, and only over what it knows.
"""

import csv
import fcntl
import json
import os
import shutil
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from personalize_gitops.emulator.data.tables import Row, Table
from personalize_gitops.emulator.errors import StateInUse, UnusableState
from personalize_gitops.emulator.state.event_queue import Agenda, Event
from personalize_gitops.emulator.state.faults import read, written
from personalize_gitops.emulator.state.identities import Role, Session
from personalize_gitops.emulator.state.objects import Bucket, Buckets
from personalize_gitops.emulator.state.records import Record

if TYPE_CHECKING:
    from personalize_gitops.emulator import Emulator
    from personalize_gitops.emulator.state.region import Region

FORMAT = 2
_CURRENT, _OWNER, _STATE = "current", "owner", "state.json"


@dataclass(frozen=True)
class Seen:
    """What an emulator knows of a directory: the generation it comes from, kept from removal until released."""

    generation: str
    release: Callable[[], object]


Known = dict[Path, Seen]

_claims: set[Path] = set()  # the directories this process continues


@contextmanager
def claimed(directory: Path) -> Iterator[None]:
    """Be the one process that may save here, or StateInUse."""
    directory.mkdir(parents=True, exist_ok=True)
    place = directory.resolve()
    with (directory / _OWNER).open("w") as owner:
        if place in _claims or not _locked(owner.fileno(), fcntl.LOCK_EX):
            raise StateInUse(f"{directory}: another process is working with this state; one at a time can change it.")
        _claims.add(place)
        try:
            yield
        finally:
            _claims.discard(place)


def save(emulator: "Emulator", directory: Path, known: Known) -> None:
    """Write a new generation, then make it the current one and drop the others."""
    if directory.resolve() in _claims:
        _save(emulator, directory, known)
    else:
        with claimed(directory):
            _save(emulator, directory, known)


def load(emulator: "Emulator", directory: Path, known: Known) -> None:
    """Take over the current generation, if there is one."""
    found = _current(directory)
    if found is None:
        return
    generation, descriptor = found
    release = weakref.finalize(emulator, os.close, descriptor)
    try:
        state = json.loads((generation / _STATE).read_text(encoding="utf-8"))
    except ValueError as error:
        raise _damaged(directory) from error
    if state["format"] != FORMAT:
        saved_as = f"format {state['format']}"
        raise UnusableState(
            f"{directory}: saved by another version of the emulator ({saved_as}); remove it to start anew"
        )
    if state["account"] != emulator.settings.account:
        raise UnusableState(f"{directory}: saved for account {state['account']}, not {emulator.settings.account}")
    known[directory.resolve()] = Seen(generation.name, release)
    emulator.faults.rules[:] = [read(rule) for rule in state["faults"]]
    emulator.regions.clear()
    for saved in state["regions"]:
        _restore(emulator.region(saved["name"], saved["account"]), saved, generation)
    for name, bucket in state["buckets"].items():
        content = {key: (generation / path).read_bytes() for key, path in bucket["objects"].items()}
        emulator.objects.put_bucket(name, Bucket(bucket["account"], content, bucket["policy"]))
    emulator.identities.add(
        [Role(**role) for role in state["roles"]], [Session(**session) for session in state["sessions"]]
    )


def _damaged(directory: Path) -> UnusableState:
    return UnusableState(f"{directory}: the saved state is damaged; remove it to start anew")


def _save(emulator: "Emulator", directory: Path, known: Known) -> None:
    place = directory.resolve()
    pointer = directory / _CURRENT
    current = pointer.read_text(encoding="utf-8") if pointer.exists() else None
    if place in known and current is not None and known[place].generation != current:
        raise StateInUse(f"{directory}: another process has changed this state since it was read; nothing was saved.")
    generation = directory / _next_generation(directory)
    (generation / "rows").mkdir(parents=True)
    state = {
        "format": FORMAT,
        "account": emulator.settings.account,
        "faults": [written(rule) for rule in emulator.faults.rules],
        "regions": [_region_state(region, generation) for region in emulator.regions.values()],
        "buckets": _write_buckets(emulator.objects.all(), generation, directory / current if current else None),
        "roles": [asdict(role) for role in emulator.identities.roles()],
        "sessions": [asdict(session) for session in emulator.identities.sessions()],
    }
    (generation / _STATE).write_text(json.dumps(state), encoding="utf-8")
    new = directory / f"{_CURRENT}.new"
    new.write_text(generation.name, encoding="utf-8")
    new.replace(pointer)
    if place in known:
        known[place].release()
    known[place] = Seen(generation.name, lambda: None)
    for other in directory.iterdir():
        if other.is_dir() and other != generation and not _is_read(other):
            shutil.rmtree(other)


def _current(directory: Path) -> tuple[Path, int] | None:
    """The generation that counts, and the open file that keeps it from removal."""
    before = None
    while (pointer := directory / _CURRENT).exists():
        generation = directory / pointer.read_text(encoding="utf-8")
        try:
            descriptor = os.open(generation / _STATE, os.O_RDONLY)
        except FileNotFoundError as error:
            if generation == before:
                raise _damaged(directory) from error
            before = generation
            continue  # it was replaced between two looks
        _locked(descriptor, fcntl.LOCK_SH)
        if (generation / _STATE).exists():
            return generation, descriptor
        os.close(descriptor)
    return None


def _is_read(generation: Path) -> bool:
    """Whether some other emulator may still read rows of a generation."""
    try:
        descriptor = os.open(generation / _STATE, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _locked(descriptor, fcntl.LOCK_EX)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, how: int) -> bool:
    """Lock a file without waiting for others; whether that was possible."""
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _region_state(region: "Region", generation: Path) -> Mapping[str, Any]:
    return {
        "name": region.name,
        "account": region.account,
        "now": region.now,
        "counter": region.counter,
        "records": [vars(record) for record in region.records()],
        "tags": region.tags,
        "agenda": {"counter": region.agenda.counter, "events": [astuple(event) for event in region.agenda.events]},
        "tables": {
            arn: _write_table(table, generation, f"{region.name}-{number}")
            for number, (arn, table) in enumerate(region.tables.items())
        },
    }


def _restore(region: "Region", saved: Mapping[str, Any], generation: Path) -> None:
    region.now, region.counter, region.tags = saved["now"], saved["counter"], saved["tags"]
    for record in saved["records"]:
        region.add(Record(**{**record, "parents": tuple(record["parents"])}))
    agenda = saved["agenda"]
    region.agenda = Agenda((Event(*event) for event in agenda["events"]), agenda["counter"])
    region.tables = {arn: _read_table(table, generation) for arn, table in saved["tables"].items()}


def _write_table(table: Table, generation: Path, name: str) -> Mapping[str, Any]:
    files = {}
    for way in ("bulk", "put"):
        path = generation / "rows" / f"{name}-{way}.csv"
        source = table.files.get(way)
        if source is None or not _share(source, path):
            _write_rows(path, getattr(table, way))
        table.files[way] = path
        files[way] = f"rows/{path.name}"
    changed_at = None if table.changed_at == float("-inf") else table.changed_at
    return {
        "columns": table.columns,
        "id_column": table.id_column,
        "changed_at": changed_at,
        "event_ids": sorted(table.event_ids),
        "anonymous": table.anonymous,
        "files": files,
    }


def _read_table(saved: Mapping[str, Any], generation: Path) -> Table:
    table = Table(saved["columns"], saved["id_column"])
    table.changed_at = float("-inf") if saved["changed_at"] is None else saved["changed_at"]
    table.event_ids = set(saved["event_ids"])
    table.anonymous = {session: list(map(tuple, rows)) for session, rows in saved["anonymous"].items()}
    table.leave_in({way: generation / path for way, path in saved["files"].items()})
    return table


def _write_rows(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _write_buckets(buckets: Buckets, generation: Path, former: Path | None) -> Mapping[str, Mapping[str, Any]]:
    written: dict[str, dict[str, Any]] = {}
    for name, bucket in buckets.items():
        objects = {}
        for key, content in bucket.content.items():
            path = _path_of(name, key, bucket.content)
            file = generation / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if former is None or not _holds(former / path, content) or not _share(former / path, file):
                file.write_bytes(content)
            objects[key] = path
        written[name] = {"account": bucket.account, "policy": bucket.policy, "objects": objects}
    return written


def _holds(file: Path, content: bytes) -> bool:
    return file.is_file() and file.stat().st_size == len(content) and file.read_bytes() == content


def _path_of(bucket: str, key: str, others: Mapping[str, bytes]) -> str:
    """The key itself where a file can have that name, a digest of it otherwise."""
    path = PurePosixPath(key)
    taken_by_folder = any(other.startswith(f"{key}/") for other in others)
    plain = str(path) == key and not path.is_absolute() and ".." not in path.parts and "\\" not in key
    if plain and not taken_by_folder and all(len(part.encode()) < 200 for part in path.parts):
        return f"buckets/{bucket}/{key}"
    return f"buckets/{bucket}/.other/{sha256(key.encode()).hexdigest()}"


def _share(source: Path, target: Path) -> bool:
    """The same content in the new generation without writing it again, if that can be had."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        return False
    except OSError:  # a file system without links
        shutil.copyfile(source, target)
    return True


def _next_generation(directory: Path) -> str:
    numbers = [int(path.name) for path in directory.iterdir() if path.is_dir() and path.name.isdecimal()]
    return f"{max(numbers, default=0) + 1:06}"
