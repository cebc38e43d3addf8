"""A saved state: records and agenda as JSON, rows as CSV read when first needed, buckets as plain files.

    <directory>/current                    the name of the generation that counts; replaced last, in one step
    <directory>/<generation>/state.json
    <directory>/<generation>/rows/…        one file per dataset and way of arrival
    <directory>/<generation>/buckets/…     one file per object

A save that is interrupted leaves the former generation in force.
"""

import csv
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, astuple
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from personalize_gitops.emulator.agenda import Agenda, Event
from personalize_gitops.emulator.faults import Deed, Rule
from personalize_gitops.emulator.objects import Buckets
from personalize_gitops.emulator.records import Record
from personalize_gitops.emulator.tables import Row, Table

if TYPE_CHECKING:
    from personalize_gitops.emulator import Emulator
    from personalize_gitops.emulator.region import Region

FORMAT = 1
_CURRENT = "current"


def save(emulator: "Emulator", directory: Path) -> None:
    """Write a new generation, then make it the current one and drop the others."""
    directory.mkdir(parents=True, exist_ok=True)
    generation = directory / _next_generation(directory)
    (generation / "rows").mkdir(parents=True)
    state = {
        "format": FORMAT,
        "account": emulator.settings.account,
        "faults": [asdict(rule) | {"deed": rule.deed.value} for rule in emulator.faults.rules],
        "regions": [_region_state(region, generation) for region in emulator.regions.values()],
        "buckets": _write_buckets(emulator.objects.all(), generation),
    }
    (generation / "state.json").write_text(json.dumps(state, indent=1), encoding="utf-8")
    pointer = directory / f"{_CURRENT}.new"
    pointer.write_text(generation.name, encoding="utf-8")
    pointer.replace(directory / _CURRENT)
    for other in directory.iterdir():
        if other.is_dir() and other != generation:
            shutil.rmtree(other)


def load(emulator: "Emulator", directory: Path) -> None:
    """Take over the current generation, if there is one."""
    pointer = directory / _CURRENT
    if not pointer.exists():
        return
    generation = directory / pointer.read_text(encoding="utf-8")
    state = json.loads((generation / "state.json").read_text(encoding="utf-8"))
    if state["format"] != FORMAT:
        raise ValueError(f"{directory}: saved by another version of the emulator (format {state['format']})")
    if state["account"] != emulator.settings.account:
        raise ValueError(f"{directory}: saved for account {state['account']}, not {emulator.settings.account}")
    emulator.faults.rules[:] = [Rule(**{**rule, "deed": Deed(rule["deed"])}) for rule in state["faults"]]
    emulator.regions.clear()
    for saved in state["regions"]:
        _restore(emulator.region(saved["name"]), saved, generation)
    for name, objects in state["buckets"].items():
        emulator.objects.put_bucket(name, {key: (generation / path).read_bytes() for key, path in objects.items()})


def _region_state(region: "Region", generation: Path) -> Mapping[str, Any]:
    return {
        "name": region.name,
        "now": region.now,
        "counter": region.counter,
        "records": [asdict(record) for record in region.records()],
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
        source = table.unread.get(way)
        if source is None:
            _write_rows(path, getattr(table, way))
        else:
            _share(source, path)
            table.unread[way] = path
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
    table.unread = {way: generation / path for way, path in saved["files"].items()}
    return table


def _write_rows(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def _write_buckets(buckets: Buckets, generation: Path) -> Mapping[str, Mapping[str, str]]:
    written: dict[str, dict[str, str]] = {}
    for name, objects in buckets.items():
        written[name] = {}
        for key, content in objects.items():
            path = _path_of(name, key, objects)
            file = generation / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            written[name][key] = path
    return written


def _path_of(bucket: str, key: str, others: Mapping[str, bytes]) -> str:
    """The key itself where a file can have that name, a digest of it otherwise."""
    path = PurePosixPath(key)
    taken_by_folder = any(other.startswith(f"{key}/") for other in others)
    plain = str(path) == key and not path.is_absolute() and ".." not in path.parts and "\\" not in key
    if plain and not taken_by_folder and all(len(part.encode()) < 200 for part in path.parts):
        return f"buckets/{bucket}/{key}"
    return f"buckets/{bucket}/.other/{sha256(key.encode()).hexdigest()}"


def _share(source: Path, target: Path) -> None:
    """The same rows in the new generation, without reading them where the file system can link."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _next_generation(directory: Path) -> str:
    numbers = [int(path.name) for path in directory.iterdir() if path.is_dir() and path.name.isdecimal()]
    return f"{max(numbers, default=0) + 1:06}"
