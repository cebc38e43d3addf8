"""From the files of a store to the state of all accounts.

Everything is read and checked before any state changes. What does not have the shape that `saving` writes is damaged.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from personalize_gitops.emulator.data.seen import NEVER, Unseen
from personalize_gitops.emulator.data.tables import PARTS, SavedRows, Table
from personalize_gitops.emulator.errors import UnusableState
from personalize_gitops.emulator.models import Use
from personalize_gitops.emulator.state.accounts import Accounts
from personalize_gitops.emulator.state.asked import Asked, Count
from personalize_gitops.emulator.state.event_queue import Event, EventQueue
from personalize_gitops.emulator.state.faults import Rule, from_json
from personalize_gitops.emulator.state.identities import Role, Session
from personalize_gitops.emulator.state.objects import Bucket
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.emulator.state.saving import FORMAT, Saver
from personalize_gitops.emulator.state.shape import fits, is_number, is_time
from personalize_gitops.emulator.state.store import Store
from personalize_gitops.emulator.state.trainings import Training

_ROWS = {"files": [str], "count": int}


def _is_former(value: Any) -> bool:
    """Return whether a value is a table as it was before it changed, or None."""
    return value is None or fits(value, _TABLE)


def _are_counts(value: Any) -> bool:
    """Return whether a value is a position among the events of a table."""
    return fits(value, [int]) and len(value) == 2 and min(value) >= 0


_UNSEEN = {
    "events_until": (is_number, None),
    "events": _are_counts,
    "rows_until": (is_number, None),
    "rows": _is_former,
}
_TABLE = {
    "columns": [str],
    "id_column": (str, None),
    "changed_at": (is_number, None),
    "event_ids": str,
    "marks": {str: _are_counts},
    "unseen": _UNSEEN,
    "parts": dict.fromkeys(PARTS, _ROWS),
}


def _is_feature(value: Any) -> bool:
    """Return whether a value is a column and how it is read."""
    return fits(value, [str]) and len(value) == 2 and value[1] in set(Use)


_TRAINING = {
    "began": is_number,
    "updated": is_number,
    "tables": {str: _TABLE},
    "features": {str: [_is_feature]},
    "metrics": ({str: is_number}, None),
    "model": (str, None),
}


def _is_count(value: Any) -> bool:
    """Return whether a value is a count of requests."""
    return fits(value, [object]) and len(value) == 4 and fits(value[:2], [str]) and fits(value[2:], [int])


_EVENT = {"due": is_number, "number": int, "record_number": int, "action": str, "status": str}
_REGION = {
    "name": str,
    "account": str,
    "now": is_time,
    "counter": int,
    "records": [str],
    "events": {"counter": int, "events": [_EVENT]},
    "tables": {str: _TABLE},
    "asked": [_is_count],
    "trainings": {str: str},
}
_STATE = {
    "format": int,
    "account": str,
    "faults": [{str: object}],
    "regions": [_REGION],
    "buckets": {str: {"account": str, "policy": (str, None), "objects": str}},
    "roles": [{"account": str, "name": str, "path": str, "trust": str, "policies": {str: str}}],
    "sessions": [{"account": str, "access_key": str, "role": str}],
}
_OBJECTS = {"digests": {str: str}, "dates": {str: is_time}, "etags": {str: str}}
_RECORD = {
    "kind": str,
    "number": int,
    "arn": str,
    "parents": [str],
    "fields": {str: object},
    "private": {str: object},
    "tags": ({str: str}, None),
}


@dataclass
class Restored:
    """A state that was read, before it replaces another one."""

    faults: list[Rule] = field(default_factory=list)
    regions: list[tuple[Region, Sequence[str]]] = field(default_factory=list)  # with the files of the records
    buckets: dict[str, tuple[Bucket, Mapping[str, str], str]] = field(default_factory=dict)  # with digests, their file
    roles: list[Role] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    def replace(self, accounts: Accounts, saver: Saver) -> None:
        """Replace the state of the accounts. The saver then knows which files have what."""
        accounts.faults.rules[:] = self.faults
        accounts.regions.clear()
        for region, files in self.regions:
            accounts.regions[region.account, region.name] = region
            saver.remember_records(region, files)
        for name, (bucket, digests, file) in self.buckets.items():
            accounts.objects.put_bucket(name, bucket)
            saver.remember_bucket(name, digests, file)
        accounts.identities.load(self.roles, self.sessions)


def read_state(store: Store, digest: str, accounts: Accounts) -> Restored:
    """Read a state. UnusableState if it is damaged, or of another format or account."""
    state = _json(store, digest, {str: object})
    if state.get("format") != FORMAT:
        raise UnusableState(
            f"{store.directory}: saved by another version of the emulator (format {state.get('format')}); "
            "remove the directory to start anew"
        )
    if not fits(state, _STATE) or not all(3 <= len(name) <= 63 for name in state["buckets"]):  # as in S3
        raise store.damaged()
    account = accounts.settings.account
    if state["account"] != account:
        raise UnusableState(f"{store.directory}: saved for account {state['account']}, not {account}")
    try:
        faults = [from_json(rule) for rule in state["faults"]]
    except ValueError as error:
        raise store.damaged() from error
    return Restored(
        faults,
        [(_region(store, accounts, saved), saved["records"]) for saved in state["regions"]],
        {name: _bucket(store, saved) for name, saved in state["buckets"].items()},
        [Role(**role) for role in state["roles"]],
        [Session(**session) for session in state["sessions"]],
    )


def _json(store: Store, digest: str, shape: Any) -> Any:
    try:
        value = json.loads(store.read(digest))
    except (ValueError, RecursionError) as error:
        raise store.damaged() from error
    if not fits(value, shape):
        raise store.damaged()
    return value


def _region(store: Store, accounts: Accounts, saved: Mapping[str, Any]) -> Region:
    region = accounts.new_region(saved["account"], saved["name"], saved["now"])
    region.counter = saved["counter"]
    for file in saved["records"]:
        for each in _json(store, file, [_RECORD]):
            _add(region, each)
    queue = saved["events"]
    region.events = EventQueue((Event(**event) for event in queue["events"]), queue["counter"])
    region.tables = {arn: _table(store, table) for arn, table in saved["tables"].items()}
    region.asked = Asked(Count(*each) for each in saved["asked"])
    region.trainings = {arn: _training(store, file) for arn, file in saved["trainings"].items()}
    return region


def _add(region: Region, saved: dict[str, Any]) -> None:
    tags = saved.pop("tags")
    record = Record(**{**saved, "parents": tuple(saved["parents"])})
    region.add(record)
    if tags is not None:
        region.tags[record.arn] = tags


def _table(store: Store, saved: Mapping[str, Any]) -> Table:
    table = Table(saved["columns"], saved["id_column"])
    table.changed_at = _time(saved["changed_at"])
    table.event_ids = set(_json(store, saved["event_ids"], [str]))
    table.saved_ids = len(table.event_ids), saved["event_ids"]
    table.marks = {arn: (counts[0], counts[1]) for arn, counts in saved["marks"].items()}
    table.unseen = _unseen(store, saved["unseen"])
    for part, rows in saved["parts"].items():
        files = SavedRows(tuple(rows["files"]), rows["count"])
        table.load(part, files, [store.read(file) for file in files.files])
    return table


def _unseen(store: Store, saved: Mapping[str, Any]) -> Unseen:
    former = None if saved["rows"] is None else _table(store, saved["rows"])
    events = saved["events"][0], saved["events"][1]
    return Unseen(_time(saved["events_until"]), events, _time(saved["rows_until"]), former)


def _time(saved: float | None) -> float:
    return NEVER if saved is None else saved


def _training(store: Store, file: str) -> Training:
    saved = _json(store, file, _TRAINING)
    digest = saved["model"]
    return Training(
        saved["began"],
        {type_: _table(store, table) for type_, table in saved["tables"].items()},
        saved["features"],
        saved["updated"],
        saved["metrics"],
        saved_model=digest,
        content=None if digest is None else store.read(digest),
    )


def _bucket(store: Store, saved: Mapping[str, Any]) -> tuple[Bucket, Mapping[str, str], str]:
    objects = _json(store, saved["objects"], _OBJECTS)
    content = {key: store.read(digest) for key, digest in objects["digests"].items()}
    bucket = Bucket(saved["account"], content, saved["policy"], objects["dates"], objects["etags"])
    return bucket, objects["digests"], saved["objects"]
