"""How a resource comes, changes and goes, in time.

    create   CREATE PENDING → CREATE IN_PROGRESS → ACTIVE | CREATE FAILED            docs/service/4 §4.1
    update   the same inside `latest…Update`, the resource stays ACTIVE meanwhile     docs/service/4 §4.2
    delete   DELETE PENDING → DELETE IN_PROGRESS → gone

Each arrow is an event on the region's agenda. A kind says what happens at the arrows through the hooks of `Kind`.
"""

from collections.abc import Mapping
from typing import Any

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.emulator.errors import CreationFailed, Refusal
from personalize_gitops.emulator.service.access import check_places
from personalize_gitops.emulator.service.kind import KINDS, Kind
from personalize_gitops.emulator.state.event_queue import Event
from personalize_gitops.emulator.state.faults import Deed
from personalize_gitops.emulator.state.records import (
    ACTIVE,
    DELETE_IN_PROGRESS,
    DELETE_PENDING,
    FAILED,
    GONE,
    IN_PROGRESS,
    PENDING,
    STOPPED,
    STOPPING,
    Record,
)
from personalize_gitops.emulator.state.region import Region


def begin_create(region: Region, kind: Kind, record: Record) -> Record:
    """Remember a new record and plan its way to ACTIVE or CREATE FAILED."""
    name = str(record.fields.get(kind.name_member) or "")
    fault = region.faults.take(Deed.FAIL, f"Create{kind.name}", kind.name, name)
    stuck = region.faults.take(Deed.STICK, f"Create{kind.name}", kind.name, name)
    times = {"creationDateTime": region.now, "lastUpdatedDateTime": region.now}
    if not kind.has_status:
        record = record.showing(**times)
        region.add(record)
        return record
    words = kind.words_in(region)
    record = record.showing(status=words.pending, **times).knowing(fault=fault.message if fault else None)
    region.add(record)
    total = region.settings.seconds(kind.name, Transition.CREATE)
    pending = total * region.settings.pending_share
    region.agenda.plan(region.now + pending, record.number, "create", IN_PROGRESS)
    if stuck is None:
        region.agenda.plan(region.now + total, record.number, "create", ACTIVE)
    return record


def begin_update(region: Region, kind: Kind, record: Record, member: str, wanted: Mapping[str, Any]) -> None:
    """Plan a change of a resource that goes on serving as it is until the change is made."""
    name = str(record.fields.get(kind.name_member) or "")
    fault = region.faults.take(Deed.FAIL, f"Update{kind.name}", kind.name, name)
    update = {
        **wanted,
        "status": PENDING,
        "creationDateTime": region.now,
        "lastUpdatedDateTime": region.now,
    }
    region.put(record.showing(**{member: update}).knowing(update_fault=fault.message if fault else None))
    total = region.settings.seconds(kind.name, Transition.UPDATE)
    pending = total * region.settings.pending_share
    region.agenda.plan(region.now + pending, record.number, "update", IN_PROGRESS)
    region.agenda.plan(region.now + total, record.number, "update", ACTIVE)


def begin_delete(region: Region, kind: Kind, record: Record) -> None:
    """Plan the end of a resource; one without a status is gone at once."""
    if not kind.has_status:
        region.remove(record)
        return
    region.put(record.showing(status=DELETE_PENDING, lastUpdatedDateTime=region.now))
    total = region.settings.seconds(kind.name, Transition.DELETE)
    pending = total * region.settings.pending_share
    region.agenda.plan(region.now + pending, record.number, "delete", DELETE_IN_PROGRESS)
    region.agenda.plan(region.now + total, record.number, "delete", GONE)


def begin_stop(region: Region, record: Record) -> None:
    """Stop a training: at once while it is pending, with some delay while it runs (docs/service/4 §4.4)."""
    if record.status == PENDING:
        region.put(record.showing(status=STOPPED, lastUpdatedDateTime=region.now))
        return
    region.put(record.showing(status=STOPPING, lastUpdatedDateTime=region.now))
    total = region.settings.seconds(record.kind, Transition.STOP)
    region.agenda.plan(region.now + total, record.number, "become", STOPPED)


def plan_statuses(region: Region, record: Record, transition: Transition, statuses: tuple[str, str, str]) -> None:
    """Enter the first status now and plan the two others, for what is neither creation, update nor deletion."""
    first, second, last = statuses
    region.put(record.showing(status=first, lastUpdatedDateTime=region.now))
    total = region.settings.seconds(record.kind, transition)
    region.agenda.plan(region.now + total * region.settings.pending_share, record.number, "become", second)
    region.agenda.plan(region.now + total, record.number, "become", last)


def advance(region: Region, now: float) -> int:
    """Let everything happen that is due until `now`, in time order, each at its own moment; how much it was."""
    happened = 0
    while (event := region.agenda.pop_due(now)) is not None:
        happened += 1
        region.now = max(region.now, event.due)
        record = region.of_number(event.record)
        try:
            if record is not None:
                _happen(region, record, event)
        except BaseException:
            # Ctrl-C strikes anywhere. An event lost then would leave its record in transition for ever.
            region.agenda.put_back(event)
            raise
    region.now = max(region.now, now)
    return happened


def _happen(region: Region, record: Record, event: Event) -> None:
    kind = KINDS[record.kind]
    match event.deed:
        case "create":
            if record.status in (kind.words_in(region).pending, kind.words_in(region).in_progress):
                _go_on_creating(region, kind, record, event.to)
        case "update":
            _go_on_updating(region, kind, record, event.to)
        case "delete":
            _go_on_deleting(region, kind, record, event.to)
        case "become":
            region.put(record.showing(status=event.to, lastUpdatedDateTime=region.now))
        case _:
            kind.happen(region, record, event)


def _go_on_creating(region: Region, kind: Kind, record: Record, to: str) -> None:
    words = kind.words_in(region)
    if to == IN_PROGRESS:
        started = record.showing(status=words.in_progress, lastUpdatedDateTime=region.now)
        try:
            kind.begun(region, started)
        except CreationFailed as failure:
            started = started.knowing(fault=started.private.get("fault", str(failure)))
        region.put(started)
        return
    try:
        if "fault" in record.private:
            raise CreationFailed(str(record.private["fault"]))
        if region.settings.roles_enforced:
            check_places(region, record, kind.places(record))
        finished = kind.finished(region, record)
    except (CreationFailed, Refusal) as failure:
        # A refusal here means that something the work needs went away meanwhile.
        reason = failure.message if isinstance(failure, Refusal) else str(failure)
        region.put(record.showing(status=words.failed, failureReason=reason, lastUpdatedDateTime=region.now))
        return
    finished = finished.showing(status=words.done, lastUpdatedDateTime=region.now)
    region.put(finished)
    kind.became_active(region, finished)


def _go_on_updating(region: Region, kind: Kind, record: Record, to: str) -> None:
    member = kind.update_member
    update = record.fields.get(member)
    if update is None or record.status in (DELETE_PENDING, DELETE_IN_PROGRESS):
        return
    fault = record.private.get("update_fault")
    update = {**update, "status": to, "lastUpdatedDateTime": region.now}
    if to == IN_PROGRESS:
        region.put(record.showing(**{member: update}))
    elif fault is not None:
        # A failed update leaves the resource ACTIVE and the old configuration in force (docs/service/2 §2.3).
        update |= {"status": FAILED, "failureReason": fault}
        region.put(record.showing(**{member: update}).knowing(update_fault=None))
    else:
        touched = region.now if region.settings.updates_touch_the_parent else record.fields["lastUpdatedDateTime"]
        changed = kind.updated(region, record, update).showing(
            status=ACTIVE, lastUpdatedDateTime=touched, **{member: update}
        )
        region.put(changed)
        kind.became_updated(region, changed)


def _go_on_deleting(region: Region, kind: Kind, record: Record, to: str) -> None:
    if to == GONE:
        kind.deleted(region, record)
        region.remove(record)
    else:
        region.put(record.showing(status=to, lastUpdatedDateTime=region.now))
