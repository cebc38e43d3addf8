"""Save all state in a directory and load it.

    <directory>/owner                      the lock of the emulator that may save here
    <directory>/current                    the name of the current generation; replaced as the last step of a save
    <directory>/<generation>/state.json    everything but rows and objects
    <directory>/<generation>/rows/…        CSV, one file for the bulk rows of a dataset, one for its put rows
    <directory>/<generation>/objects/…     one file for each object of a bucket

Every save writes a new generation, so an interrupted save leaves the former one current. Files whose content did not
change are hard links to those of the former generation. Older generations are removed.

One emulator at a time can save: it holds the lock. Loading needs no lock: it reads the whole current generation before
it changes any state. One save meanwhile does no harm, because it keeps the former generation. If more saves remove
the generation that is being read, loading starts again with the new one.
"""

import csv
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, astuple
from hashlib import sha256
from pathlib import Path
from typing import Any

from personalize_gitops.emulator.data.tables import PARTS, Row, Table
from personalize_gitops.emulator.errors import StateInUse, UnusableState
from personalize_gitops.emulator.state.accounts import Accounts
from personalize_gitops.emulator.state.event_queue import Event, EventQueue
from personalize_gitops.emulator.state.faults import from_json, to_json
from personalize_gitops.emulator.state.identities import Role, Session
from personalize_gitops.emulator.state.objects import Bucket, Buckets
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.files import write_atomically

FORMAT = 2
_OWNER, _CURRENT, _STATE = "owner", "current", "state.json"
_EVENTS = "agenda"  # the member of state.json with the event queue; this name is part of format 2

_Files = Mapping[str, bytes]  # contents by path inside the generation


class Storage:
    """The directories that one emulator loads from and saves to."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._generations: dict[Path, str] = {}  # by directory: the generation that was loaded or saved last
        self._owned: set[Path] = set()  # the directories whose lock is held

    @contextmanager
    def owned(self, directory: Path) -> Iterator[None]:
        """Hold the lock of a directory. StateInUse if another process or another emulator holds it."""
        from filelock import FileLock, Timeout

        directory.mkdir(parents=True, exist_ok=True)
        key = directory.resolve()
        lock = FileLock(directory / _OWNER, blocking=False, thread_local=False)
        try:
            lock.acquire()
        except Timeout as error:
            raise StateInUse(
                f"{directory}: another process is working with this state; only one at a time can change it."
            ) from error
        self._owned.add(key)
        try:
            yield
        finally:
            self._owned.discard(key)
            lock.release()

    def save(self, directory: Path) -> None:
        """Save the state. StateInUse if another process owns the directory, or has saved there since the last load."""
        if directory.resolve() in self._owned:
            self._save(directory)
        else:
            with self.owned(directory):
                self._save(directory)

    def load(self, directory: Path) -> None:
        """Replace the state by the saved one, if there is one. UnusableState if it cannot be loaded."""
        found = _read(directory)
        if found is None:
            return
        generation, state, files = found
        accounts = self._accounts
        if state["account"] != accounts.settings.account:
            raise UnusableState(f"{directory}: saved for account {state['account']}, not {accounts.settings.account}")
        self._generations[directory.resolve()] = generation.name
        accounts.faults.rules[:] = [from_json(rule) for rule in state["faults"]]
        accounts.regions.clear()
        for saved in state["regions"]:
            region = accounts.region(saved["account"], saved["name"], saved["now"])
            _restore(region, saved, generation, files)
        for name, saved in state["buckets"].items():
            content = {key: files[path] for key, path in saved["objects"].items()}
            accounts.objects.put_bucket(name, Bucket(saved["account"], content, saved["policy"]))
        accounts.identities.load(
            [Role(**role) for role in state["roles"]], [Session(**session) for session in state["sessions"]]
        )

    def _save(self, directory: Path) -> None:
        key = directory.resolve()
        pointer = directory / _CURRENT
        current = pointer.read_text(encoding="utf-8") if pointer.exists() else None
        if key in self._generations and current is not None and self._generations[key] != current:
            raise StateInUse(
                f"{directory}: another process has changed this state since it was read; nothing was saved."
            )
        generation = directory / _next_generation(directory)
        for folder in ("rows", "objects"):
            (generation / folder).mkdir(parents=True)
        accounts = self._accounts
        state = {
            "format": FORMAT,
            "account": accounts.settings.account,
            "faults": [to_json(rule) for rule in accounts.faults.rules],
            "regions": [_region_state(region, generation) for region in accounts.regions.values()],
            "buckets": _write_objects(accounts.objects.all(), generation, directory / current if current else None),
            "roles": [asdict(role) for role in accounts.identities.roles()],
            "sessions": [asdict(session) for session in accounts.identities.sessions()],
        }
        (generation / _STATE).write_text(json.dumps(state), encoding="utf-8")
        write_atomically(pointer, generation.name)
        self._generations[key] = generation.name
        for other in directory.iterdir():
            if other.is_dir() and other.name not in (generation.name, current):
                # On Windows, files that another process is reading stay until a later save.
                shutil.rmtree(other, ignore_errors=True)


def is_owned(directory: Path) -> bool:
    """Return whether a process holds the lock of a directory."""
    from filelock import FileLock, Timeout

    if not (directory / _OWNER).exists():
        return False
    try:
        with FileLock(directory / _OWNER, blocking=False, thread_local=False):
            return False
    except Timeout:
        return True


def _read(directory: Path) -> tuple[Path, Mapping[str, Any], _Files] | None:
    """Read the current generation: its folder, state.json, and all other files. None if nothing was saved."""
    pointer = directory / _CURRENT
    while pointer.exists():
        generation = directory / pointer.read_text(encoding="utf-8")
        try:
            state = json.loads((generation / _STATE).read_text(encoding="utf-8"))
            if state["format"] != FORMAT:
                raise UnusableState(
                    f"{directory}: saved by another version of the emulator (format {state['format']}); "
                    "remove it to start anew"
                )
            return generation, state, {path: (generation / path).read_bytes() for path in _paths(state)}
        except FileNotFoundError as error:
            if pointer.read_text(encoding="utf-8") == generation.name:
                raise _damaged(directory) from error
            # A save has replaced the generation meanwhile: read the new one.
        except ValueError as error:
            raise _damaged(directory) from error
    return None


def _damaged(directory: Path) -> UnusableState:
    return UnusableState(f"{directory}: the saved state is damaged; remove it to start anew")


def _paths(state: Mapping[str, Any]) -> Iterator[str]:
    """Yield the paths of all files that state.json refers to."""
    for region in state["regions"]:
        for table in region["tables"].values():
            yield from table["files"].values()
    for bucket in state["buckets"].values():
        yield from bucket["objects"].values()


def _region_state(region: Region, generation: Path) -> Mapping[str, Any]:
    """Write the rows of a region; return the rest for state.json."""
    return {
        "name": region.name,
        "account": region.account,
        "now": region.now,
        "counter": region.counter,
        "records": [vars(record) for record in region.records()],
        "tags": region.tags,
        _EVENTS: {"counter": region.events.counter, "events": [astuple(event) for event in region.events.events]},
        "tables": {
            arn: _write_table(table, generation, f"{region.account}-{region.name}-{number}")
            for number, (arn, table) in enumerate(region.tables.items())
        },
    }


def _restore(region: Region, saved: Mapping[str, Any], generation: Path, files: _Files) -> None:
    region.counter, region.tags = saved["counter"], saved["tags"]
    for record in saved["records"]:
        region.add(Record(**{**record, "parents": tuple(record["parents"])}))
    queue = saved[_EVENTS]
    region.events = EventQueue((Event(*event) for event in queue["events"]), queue["counter"])
    region.tables = {arn: _restored_table(table, generation, files) for arn, table in saved["tables"].items()}


def _write_table(table: Table, generation: Path, name: str) -> Mapping[str, Any]:
    """Write the rows of a table; return the rest for state.json."""
    files = {}
    for part in PARTS:
        path = generation / "rows" / f"{name}-{part}.csv"
        source = table.saved_files.get(part)
        if source is None or not _link(source, path):
            _write_rows(path, getattr(table, part))
        table.saved_files[part] = path
        files[part] = f"rows/{path.name}"
    changed_at = None if table.changed_at == float("-inf") else table.changed_at
    return {
        "columns": table.columns,
        "id_column": table.id_column,
        "changed_at": changed_at,
        "event_ids": sorted(table.event_ids),
        "anonymous": table.anonymous,
        "files": files,
    }


def _restored_table(saved: Mapping[str, Any], generation: Path, files: _Files) -> Table:
    table = Table(saved["columns"], saved["id_column"])
    table.changed_at = float("-inf") if saved["changed_at"] is None else saved["changed_at"]
    table.event_ids = set(saved["event_ids"])
    table.anonymous = {session: list(map(tuple, rows)) for session, rows in saved["anonymous"].items()}
    for part, path in saved["files"].items():
        table.load(part, files[path].decode(), generation / path)
    return table


def _write_rows(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _write_objects(buckets: Buckets, generation: Path, former: Path | None) -> Mapping[str, Mapping[str, Any]]:
    """Write the objects of all buckets; return the rest for state.json."""
    saved: dict[str, dict[str, Any]] = {}
    for name, bucket in buckets.items():
        paths = {}
        for key, content in bucket.content.items():
            # A digest, because a key can be longer than a file name and can contain any character.
            paths[key] = path = f"objects/{sha256(f'{name}/{key}'.encode()).hexdigest()}"
            if former is None or not _has(former / path, content) or not _link(former / path, generation / path):
                (generation / path).write_bytes(content)
        saved[name] = {"account": bucket.account, "policy": bucket.policy, "objects": paths}
    return saved


def _has(file: Path, content: bytes) -> bool:
    return file.is_file() and file.stat().st_size == len(content) and file.read_bytes() == content


def _link(source: Path, target: Path) -> bool:
    """Make `target` a link to `source`, or a copy where links are not possible; return False without a source."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        return False
    except OSError:  # the file system has no hard links
        shutil.copyfile(source, target)
    return True


def _next_generation(directory: Path) -> str:
    numbers = [int(path.name) for path in directory.iterdir() if path.is_dir() and path.name.isdecimal()]
    return f"{max(numbers, default=0) + 1:06}"
