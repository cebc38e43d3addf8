"""Decide what happens to one declared resource that is not a run. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from personalize_gitops.engine.plan import impact, policy
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import Decisions, resolve
from personalize_gitops.engine.plan.diffing import differences, record_differences, tag_differences, update_attributes
from personalize_gitops.engine.plan.fingerprints import token_of
from personalize_gitops.engine.plan.matching import Match, match_document
from personalize_gitops.engine.plan.replacement import recreated_along, replaced
from personalize_gitops.model.action import Action, Risk, gravest
from personalize_gitops.model.announcements import is_announcement
from personalize_gitops.model.change_class import side_effects
from personalize_gitops.model.desired import Document
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.live import Live, LiveUpdate, Snapshot
from personalize_gitops.model.members import is_mutable, switch_of
from personalize_gitops.model.ownership import is_in_record, is_new
from personalize_gitops.model.plan import DeclaredChange
from personalize_gitops.model.reason import Path, Reason, ReasonCode, Verbatim, because, service_message
from personalize_gitops.model.status import Condition
from personalize_gitops.model.structure import RUNNING, STOPPED


@dataclass(frozen=True)
class Decided:
    """The change of a document, and the owned objects that its object has replaced earlier."""

    change: DeclaredChange
    superseded: tuple[Live, ...] = ()


def decide(document: Document, context: PlanContext, decisions: Decisions) -> Decided:
    """Return the change of a document that is not a run, and the objects that its object has replaced.

    The change is WAIT without an object while a reference needs a run that has not succeeded yet.
    """
    wanted: dict[str, Any] = dict(document.attributes)
    unresolved = ""
    for member, reference in document.references.items():
        wanted[member] = resolve(reference, decisions, context.snapshot)
        unresolved = unresolved or ("" if wanted[member] is not None else member)
    change = DeclaredChange(
        address=document.address,
        kind=document.kind,
        action=Action.NONE,
        aws_name=document.aws_name,
        document=document,
        attributes={} if unresolved else wanted,
    )
    if unresolved:
        # Automatic training may create the first version within the hour (docs/service/2 §8.1). Others need not wait
        # for it.
        reason = because(ReasonCode.NO_VERSION_YET, member=Path((unresolved,)))
        return Decided(replace(change, action=Action.WAIT, reasons=(reason,)))
    match = match_document(document, context, lambda live: not differences(document, live, wanted))
    if match.live is None:
        return Decided(_creation(change, context, decisions))
    change = replace(change, live=match.live, aws_name=match.live.name)
    if clash := context.clashes.get(document.address):
        return Decided(policy.blocked(change, clash))
    decided = _change_of_existing(change, match.live, context, decisions)
    if _is_to_be_replaced(decided, match, context):
        decided = _replaced(decided.because(Reason(ReasonCode.REPLACE_REQUESTED)), match.live, (), context, decisions)
    decided = policy.owned(decided, match, context.policy)
    if not (match.owned or match.claim) and _is_recorded(document, context):
        decided = decided.because(Reason(ReasonCode.TAGS_LOST))
    return Decided(decided, match.superseded)


def _is_recorded(document: Document, context: PlanContext) -> bool:
    """Return whether a dataset group records that exactly this document was applied."""
    return any(is_in_record(document, record) for record in context.member_records(document))


def _is_to_be_replaced(change: DeclaredChange, match: Match, context: PlanContext) -> bool:
    """Return whether `--replace` asks for the replacement of an object, and no earlier apply has made it.

    An object whose predecessor is about to be deleted is the replacement itself: only the deletion is missing.
    """
    if change.address not in context.policy.replace or change.action not in (Action.NONE, Action.UPDATE):
        return False
    is_unfinished = match.superseded and not change.document.lifecycle.retire_after
    return not (is_unfinished or (match.live and context.policy.is_done(match.live)))


def _creation(change: DeclaredChange, context: PlanContext, decisions: Decisions) -> DeclaredChange:
    """Return the change that creates an object; blocked if an object of another name prevents the creation."""
    if other := _conflicting_object(change, decisions, context.snapshot):
        return policy.blocked(change, _conflict(other, context.desired.owner))
    risk = Risk.COST if change.kind.bills(change.document.attributes) else Risk.NONE
    why, needs = Reason(_why_absent(change.document, context)), change.kind.needs_data(change.document.attributes)
    return replace(change, action=Action.CREATE, risk=risk, reasons=(why, needs) if needs else (why,))


def _why_absent(document: Document, context: PlanContext) -> ReasonCode:
    """Return what the records of its dataset groups tell about a resource that is not in the account."""
    if _is_recorded(document, context):
        return ReasonCode.DELETED_SINCE_APPLY
    records = context.member_records(document)
    is_known_as_new = bool(records) and all(is_new(document, record) for record in records)
    return ReasonCode.NOT_APPLIED_YET if is_known_as_new else ReasonCode.NOT_IN_ACCOUNT


def _conflicting_object(change: DeclaredChange, decisions: Decisions, snapshot: Snapshot) -> Live | None:
    """Return the object of another name that prevents the creation; None if there is none.

    A dataset group can have one dataset of each type, one event tracker and one metric attribution
    (docs/service/4 §4.6). Objects being deleted do not count.
    """
    kind_name, group = change.address.kind_name, change.attributes.get("datasetGroup")
    if not (found := snapshot.of_kind(kind_name)):
        return None
    in_place = snapshot.by_arn_tail.get(token_of(change.document, change.aws_name, decisions))
    if in_place and in_place.condition is not Condition.DELETING:
        return in_place
    if not change.kind.one_per_group:
        return None
    in_group = (other for other in found if other.attributes.get("datasetGroup") == group)
    return next((other for other in in_group if other.condition is not Condition.DELETING), None)


def _conflict(other: Live, owner: str) -> Reason:
    """Return the reason that names the conflicting object and its owner."""
    if other.owner == owner and other.address:
        return because(ReasonCode.PLACE_OWNED, address=other.address)
    name = Verbatim(other.name)
    if other.owner:
        return because(ReasonCode.PLACE_OWNED_BY_PROJECT, name=name, owner=Verbatim(other.owner))
    return because(ReasonCode.PLACE_UNMANAGED, name=name)


def _change_of_existing(
    change: DeclaredChange, live: Live, context: PlanContext, decisions: Decisions
) -> DeclaredChange:
    """Return the change of an existing object. The caller checks the ownership (`policy.owned`)."""
    document, wanted = change.document, change.attributes
    match live.condition:
        case Condition.DELETING:
            return replace(change, action=Action.RECREATE).because(Reason(ReasonCode.BEING_DELETED))
        case Condition.FAILED:  # the object was never usable, so its deletion loses nothing
            failed = because(ReasonCode.CREATION_FAILED, failure=service_message(live.failure))
            again = replace(change, action=Action.RECREATE).because(failed)
            return policy.unless_protected(again, live, failed)
        case Condition.UNSURE:
            status, failure = Verbatim(live.status or ""), service_message(live.failure)
            return policy.blocked(change, because(ReasonCode.UNCLEAR_STATE, status=status, failure=failure))
    if base := decisions.recreated_base(live):
        return recreated_along(change, base, context)
    fields = differences(document, live, wanted)
    tags = tuple(tag_differences(document, live))
    if fields:
        return _updated_or_replaced(replace(change, fields=(*fields, *tags)), live, fields, context, decisions)
    if live.condition is Condition.PENDING and not _update_keeps_declared(document, live, wanted):
        status = Verbatim((live.update.status if live.update else live.status) or "")
        return replace(change, action=Action.WAIT).because(because(ReasonCode.IN_PROGRESS, status=status))
    if tags:
        return replace(change, action=Action.UPDATE, fields=tags, update={}).because(Reason(ReasonCode.TAGS_DIFFER))
    if records := tuple(record_differences(document, live, context.snapshot)):
        codes = dict.fromkeys(_why_corrected(field.path[1]) for field in records)
        return replace(change, action=Action.UPDATE, fields=records, update={}).because(*map(Reason, codes))
    return change


def _why_corrected(key: str) -> ReasonCode:
    """Return why one of our own tags is corrected."""
    return ReasonCode.ANNOUNCEMENT_LEFT if is_announcement(key) else ReasonCode.RECORD_OUTDATED


def _update_keeps_declared(document: Document, live: Live, wanted: Mapping[str, Any]) -> bool:
    """Return whether an update is in progress and every declared member already has its wanted value.

    The service starts such updates by itself (docs/service/2 §5).
    """
    return live.after_update is not live and not differences(document, replace(live, update=None), wanted)


def _updated_or_replaced(
    change: DeclaredChange,
    live: Live,
    fields: Sequence[FieldChange],
    context: PlanContext,
    decisions: Decisions,
) -> DeclaredChange:
    """Return the change of an object whose members differ: an update if possible, else a replacement or blocked."""
    document = change.document
    moves = [*impact.moved_references(document, live, fields, context.snapshot, decisions)]
    obstacles = _update_obstacles(change, live, fields, moves)
    if obstacles:
        effect = change.kind.replacement_effect(live.attributes, document.attributes)
        why = (*obstacles, Reason(effect)) if effect else obstacles
        return _replaced(change.because(*why), live, moves, context, decisions)
    return updated(change, live, fields, moves, context)


def _replaced(
    change: DeclaredChange, live: Live, moves: Sequence[impact.Move], context: PlanContext, decisions: Decisions
) -> DeclaredChange:
    """Return the replacement of an object with what it means for others; if it is blocked, with the ways around."""
    change = replaced(replace(change, update=None, notes=()), live, context, decisions)
    match change.action:
        case Action.BLOCKED:
            steps = impact.ways_around(change.document, live.attributes)
            return replace(change, notes=(*steps, *impact.ways_around_moves(moves)))
        case Action.SUCCESSOR:
            return replace(change, notes=tuple(impact.catch_up(change.document, live.attributes, context)))
        case _:
            return change


def _update_obstacles(
    change: DeclaredChange, live: Live, fields: Sequence[FieldChange], moves: Sequence[impact.Move]
) -> tuple[Reason, ...]:
    """Return why an update cannot carry out the change; empty if it can."""
    immutable = tuple(Path(field.path) for field in fields if not is_mutable(change.kind, field.path))
    if immutable and change.kind.immutable:
        return (because(ReasonCode.IMMUTABLE_FIELDS, fields=immutable, why=change.kind.immutable),)
    obstacle = change.kind.update_obstacle(
        live.attributes, change.document.attributes, [field.path for field in fields]
    )
    return (obstacle,) if obstacle else impact.move_obstacles(moves)


def updated(
    change: DeclaredChange,
    live: Live,
    fields: Sequence[FieldChange],
    moves: Sequence[impact.Move],
    context: PlanContext,
) -> DeclaredChange:
    """Return the update with the members to send, its side effects and its risk."""
    effects = [*dict.fromkeys(note for field in fields for note in side_effects(change.kind, field))]
    update = update_attributes(change.document, live.after_update, change.attributes, [field.path for field in fields])
    differ = because(ReasonCode.FIELDS_DIFFER, fields=tuple(Path(field.path) for field in change.fields))
    return replace(
        change,
        action=Action.UPDATE,
        update=update,
        risk=gravest(note.risk for note in effects),
        notes=tuple(line for move in moves for line in impact.catch_up(move.document, move.before, context)),
    ).because(differ, *(Reason(note.fact) for note in effects), *_update_remarks(live, update))


def _update_remarks(live: Live, update: Mapping[str, Any]) -> Iterator[Reason]:
    """Yield the reasons about a stopped object, an update in progress and a failed previous update."""
    switch = switch_of(live.kind)
    if switch and live.attributes.get(switch) == STOPPED and update.keys() - {switch}:
        stays_running = update.get(switch) == RUNNING
        yield Reason(ReasonCode.STARTED_FOR_UPDATE if stays_running else ReasonCode.STARTED_AND_STOPPED)
    match live.update:
        case LiveUpdate(condition=Condition.PENDING):
            yield Reason(ReasonCode.AFTER_CURRENT_UPDATE)
        case LiveUpdate(condition=Condition.FAILED, failure=failure):
            yield because(ReasonCode.PREVIOUS_UPDATE_FAILED, failure=service_message(failure))
