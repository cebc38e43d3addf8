"""The transitions of a resource: creation, update, deletion, and others such as stopping.

    create   CREATE PENDING → CREATE IN_PROGRESS → ACTIVE | CREATE FAILED            docs/service/4 §4.1
    update   the same statuses inside `latest…Update`; the resource stays ACTIVE     docs/service/4 §4.2
    delete   DELETE PENDING → DELETE IN_PROGRESS → removed

Each arrow is an event in the queue of the region. The hooks of Kind say what an arrow means for a kind.

A record in transition has private values: `fault` is the reason with which its creation will fail, `update_fault` the
reason with which its update will fail.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.emulator.errors import CreationFailed, Refusal
from personalize_gitops.emulator.service.access import check_data_access
from personalize_gitops.emulator.service.kind import KINDS, Kind
from personalize_gitops.emulator.state.event_queue import Event
from personalize_gitops.emulator.state.faults import Deed
from personalize_gitops.emulator.state.records import (
    ACTIVE,
    DELETE_IN_PROGRESS,
    DELETE_PENDING,
    FAILED,
    IN_PROGRESS,
    PENDING,
    STOPPED,
    STOPPING,
    Record,
)
from personalize_gitops.emulator.state.region import Region

_REMOVED = "GONE"  # the status in the event that removes a resource


class _Action(StrEnum):
    """What an event does. The values are part of saved states."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    SET_STATUS = "become"


def begin_create(region: Region, kind: Kind, record: Record) -> Record:
    """Store a new record, schedule its way to ACTIVE or CREATE FAILED, and return it with its first status."""
    name = str(record.fields.get(kind.name_member) or "")
    fault = region.faults.take(Deed.FAIL, f"Create{kind.name}", kind.name, name)
    stuck = region.faults.take(Deed.STICK, f"Create{kind.name}", kind.name, name)
    times = {"creationDateTime": region.now, "lastUpdatedDateTime": region.now}
    if not kind.has_status:
        record = record.with_fields(**times)
        region.add(record)
        return record
    record = record.with_fields(status=kind.statuses(region).pending, **times)
    record = record.with_private(fault=fault.message if fault else None)
    region.add(record)
    total = region.settings.seconds(kind.name, Transition.CREATE)
    pending = total * region.settings.pending_share
    region.events.schedule(region.now + pending, record.number, _Action.CREATE, IN_PROGRESS)
    if stuck is None:
        region.events.schedule(region.now + total, record.number, _Action.CREATE, ACTIVE)
    return record


def begin_update(region: Region, record: Record, wanted: Mapping[str, Any]) -> None:
    """Schedule an update; the resource keeps its old values until the update is done."""
    kind = KINDS[record.kind]
    name = str(record.fields.get(kind.name_member) or "")
    fault = region.faults.take(Deed.FAIL, f"Update{kind.name}", kind.name, name)
    update = {
        **wanted,
        "status": PENDING,
        "creationDateTime": region.now,
        "lastUpdatedDateTime": region.now,
    }
    record = record.with_fields(**{kind.update_member: update})
    region.put(record.with_private(update_fault=fault.message if fault else None))
    total = region.settings.seconds(kind.name, Transition.UPDATE)
    pending = total * region.settings.pending_share
    region.events.schedule(region.now + pending, record.number, _Action.UPDATE, IN_PROGRESS)
    region.events.schedule(region.now + total, record.number, _Action.UPDATE, ACTIVE)


def begin_delete(region: Region, record: Record) -> None:
    """Schedule the removal of a resource; remove it at once if its kind has no status."""
    if not KINDS[record.kind].has_status:
        region.remove(record)
        return
    region.put(record.with_fields(status=DELETE_PENDING, lastUpdatedDateTime=region.now))
    total = region.settings.seconds(record.kind, Transition.DELETE)
    pending = total * region.settings.pending_share
    region.events.schedule(region.now + pending, record.number, _Action.DELETE, DELETE_IN_PROGRESS)
    region.events.schedule(region.now + total, record.number, _Action.DELETE, _REMOVED)


def begin_stop(region: Region, record: Record) -> None:
    """Stop a training: at once if it is pending, otherwise after a delay (docs/service/4 §4.4)."""
    if record.status == PENDING:
        region.put(record.with_fields(status=STOPPED, lastUpdatedDateTime=region.now))
        return
    region.put(record.with_fields(status=STOPPING, lastUpdatedDateTime=region.now))
    total = region.settings.seconds(record.kind, Transition.STOP)
    region.events.schedule(region.now + total, record.number, _Action.SET_STATUS, STOPPED)


def schedule_statuses(region: Region, record: Record, transition: Transition, statuses: tuple[str, str, str]) -> None:
    """Set the first status and schedule the two others, for transitions that do no work at their end."""
    first, second, last = statuses
    region.put(record.with_fields(status=first, lastUpdatedDateTime=region.now))
    total = region.settings.seconds(record.kind, transition)
    region.events.schedule(
        region.now + total * region.settings.pending_share, record.number, _Action.SET_STATUS, second
    )
    region.events.schedule(region.now + total, record.number, _Action.SET_STATUS, last)


def advance(region: Region, now: float) -> int:
    """Carry out the events that are due until `now`, each at its own time; return how many there were."""
    count = 0
    while (event := region.events.pop_due(now)) is not None:
        count += 1
        region.now = max(region.now, event.due)
        record = region.with_number(event.record_number)
        try:
            if record is not None:
                _carry_out(region, record, event)
        except BaseException:
            # KeyboardInterrupt can be raised anywhere. Without its event, the record would stay in transition forever.
            region.events.put_back(event)
            raise
    region.now = max(region.now, now)
    return count


def _carry_out(region: Region, record: Record, event: Event) -> None:
    kind = KINDS[record.kind]
    match event.action:
        case _Action.CREATE:
            if record.status in (kind.statuses(region).pending, kind.statuses(region).in_progress):
                _continue_create(region, kind, record, event.status)
        case _Action.UPDATE:
            _continue_update(region, kind, record, event.status)
        case _Action.DELETE:
            _continue_delete(region, kind, record, event.status)
        case _Action.SET_STATUS:
            region.put(record.with_fields(status=event.status, lastUpdatedDateTime=region.now))
        case _:
            kind.handle_event(region, record, event)


def _continue_create(region: Region, kind: Kind, record: Record, status: str) -> None:
    statuses = kind.statuses(region)
    if status == IN_PROGRESS:
        started = record.with_fields(status=statuses.in_progress, lastUpdatedDateTime=region.now)
        try:
            kind.begin_work(region, started)
        except CreationFailed as failure:
            started = started.with_private(fault=started.private.get("fault", str(failure)))
        region.put(started)
        return
    try:
        if "fault" in record.private:
            raise CreationFailed(str(record.private["fault"]))
        if region.settings.roles_enforced:
            check_data_access(region, record, kind.data_access(record))
        finished = kind.finish_work(region, record)
    except (CreationFailed, Refusal) as failure:
        # A Refusal means that a resource that the work needs was deleted meanwhile.
        reason = failure.message if isinstance(failure, Refusal) else str(failure)
        failed = record.with_fields(status=statuses.failed, failureReason=reason, lastUpdatedDateTime=region.now)
        region.put(failed)
        return
    finished = finished.with_fields(status=statuses.succeeded, lastUpdatedDateTime=region.now)
    region.put(finished)
    kind.after_create(region, finished)


def _continue_update(region: Region, kind: Kind, record: Record, status: str) -> None:
    member = kind.update_member
    update = record.fields.get(member)
    if update is None or record.status in (DELETE_PENDING, DELETE_IN_PROGRESS):
        return
    fault = record.private.get("update_fault")
    update = {**update, "status": status, "lastUpdatedDateTime": region.now}
    if status == IN_PROGRESS:
        region.put(record.with_fields(**{member: update}))
    elif fault is not None:
        # After a failed update the resource is ACTIVE with its old configuration (docs/service/2 §2.3).
        update |= {"status": FAILED, "failureReason": fault}
        region.put(record.with_fields(**{member: update}).with_private(update_fault=None))
    else:
        touched = region.now if region.settings.updates_touch_the_parent else record.fields["lastUpdatedDateTime"]
        changed = kind.apply_update(region, record, update).with_fields(
            status=ACTIVE, lastUpdatedDateTime=touched, **{member: update}
        )
        region.put(changed)
        kind.after_update(region, changed)


def _continue_delete(region: Region, kind: Kind, record: Record, status: str) -> None:
    if status == _REMOVED:
        kind.delete_children(region, record)
        region.remove(record)
    else:
        region.put(record.with_fields(status=status, lastUpdatedDateTime=region.now))
