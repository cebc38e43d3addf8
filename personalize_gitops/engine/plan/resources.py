"""Decide what happens to one declared resource that is not a run. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from personalize_gitops.engine.plan import impact, policy
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import Decisions, resolve
from personalize_gitops.engine.plan.diffing import differences, tag_differences, update_attributes
from personalize_gitops.engine.plan.fingerprints import token_of
from personalize_gitops.engine.plan.matching import match_document
from personalize_gitops.engine.plan.replacement import recreated_along, replaced
from personalize_gitops.model.action import Action, Risk, gravest
from personalize_gitops.model.change_class import side_effects
from personalize_gitops.model.desired import Document
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.live import Live, LiveUpdate, Snapshot
from personalize_gitops.model.members import is_mutable, switch_of
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
    """Return the change for a document that is not a run."""
    change = DeclaredChange(
        address=document.address,
        kind=document.kind,
        action=Action.NONE,
        aws_name=document.aws_name,
        document=document,
    )
    wanted: dict[str, Any] = dict(document.attributes)
    for member, reference in document.references.items():
        value = resolve(reference, decisions, context.snapshot)
        if value is None:
            # Automatic training may create the first version within the hour (docs/service/2 §8.1). Others need not
            # wait for it.
            reason = because(ReasonCode.NO_VERSION_YET, member=Path((member,)))
            return Decided(replace(change, action=Action.WAIT, reasons=(reason,)))
        wanted[member] = value
    change = replace(change, attributes=wanted)
    match = match_document(document, context, lambda live: not differences(document, live, wanted))
    if match.live is None:
        return Decided(_created(change, context, decisions))
    change = replace(change, live=match.live, aws_name=match.live.name)
    decided = policy.owned(_compared(change, match.live, context, decisions), match, context.policy)
    return Decided(decided, match.superseded)


def _created(change: DeclaredChange, context: PlanContext, decisions: Decisions) -> DeclaredChange:
    if other := _in_its_place(change, decisions, context.snapshot):
        return policy.blocked(change, _place_taken(other, context.desired.owner))
    risk = Risk.COST if change.kind.bills(change.document.attributes) else Risk.NONE
    return replace(change, action=Action.CREATE, risk=risk).because(Reason(ReasonCode.NOT_IN_ACCOUNT))


def _in_its_place(change: DeclaredChange, decisions: Decisions, snapshot: Snapshot) -> Live | None:
    """Return an object of another name that prevents the creation.

    A dataset's place is its group and type, that of a tracker or a metric attribution its group (docs/service/4 §4.6).
    """
    tail = f":{token_of(change.document, change.aws_name, decisions)}"
    group = change.attributes.get("datasetGroup")
    for other in snapshot.of_kind(change.address.kind):
        shares_group = change.kind.one_per_group and other.attributes.get("datasetGroup") == group
        if (other.arn.endswith(tail) or shares_group) and other.condition is not Condition.DELETING:
            return other
    return None


def _place_taken(other: Live, owner: str) -> Reason:
    if other.owner == owner and other.address:
        return because(ReasonCode.PLACE_OWNED, address=other.address)
    name = Verbatim(other.name)
    if other.owner:
        return because(ReasonCode.PLACE_OWNED_BY_PROJECT, name=name, owner=Verbatim(other.owner))
    return because(ReasonCode.PLACE_UNMANAGED, name=name)


def _compared(change: DeclaredChange, live: Live, context: PlanContext, decisions: Decisions) -> DeclaredChange:
    """Return the change for a document that has an object, as if we owned it."""
    document, wanted = change.document, change.attributes
    match live.condition:
        case Condition.DELETING:
            return replace(change, action=Action.RECREATE).because(Reason(ReasonCode.BEING_DELETED))
        case Condition.FAILED:  # it never existed for its users, so nothing is lost with it
            failed = because(ReasonCode.CREATION_FAILED, failure=service_message(live.failure))
            return replace(change, action=Action.RECREATE).because(failed)
        case Condition.UNSURE:
            status, failure = Verbatim(live.status or ""), service_message(live.failure)
            return policy.blocked(change, because(ReasonCode.UNCLEAR_STATE, status=status, failure=failure))
    if base := decisions.recreated_base(live):
        return recreated_along(change, base, context)
    fields = differences(document, live, wanted)
    tags = tuple(tag_differences(document, live))
    if fields:
        return _changed(replace(change, fields=(*fields, *tags)), live, fields, context, decisions)
    if live.condition is Condition.PENDING and not _ends_as_wanted(document, live, wanted):
        status = Verbatim((live.update.status if live.update else live.status) or "")
        return replace(change, action=Action.WAIT).because(because(ReasonCode.IN_PROGRESS, status=status))
    if tags:
        return replace(change, action=Action.UPDATE, fields=tags, update={}).because(Reason(ReasonCode.TAGS_DIFFER))
    return change


def _ends_as_wanted(document: Document, live: Live, wanted: Mapping[str, Any]) -> bool:
    """Return whether an update in progress changes nothing declared, such as one by the service (docs/service/2 §5)."""
    return live.after_update is not live and not differences(document, replace(live, update=None), wanted)


def _changed(
    change: DeclaredChange,
    live: Live,
    fields: Sequence[FieldChange],
    context: PlanContext,
    decisions: Decisions,
) -> DeclaredChange:
    """Return the change for an object whose members differ: an update if possible, else a replacement."""
    document = change.document
    moves = [*impact.moved_references(document, live, fields, context.snapshot, decisions)]
    obstacles = _update_obstacles(change, live, fields, moves)
    if obstacles:
        change = replaced(change.because(*obstacles), live, context, decisions)
        match change.action:
            case Action.BLOCKED:
                around = impact.ways_around(document, live.attributes)
                return replace(change, notes=(*around, *impact.ways_around_moves(moves)))
            case Action.SUCCESSOR:
                return replace(change, notes=tuple(impact.catch_up(document, live.attributes, context)))
            case _:
                return change
    return _updated(change, live, fields, moves, context)


def _update_obstacles(
    change: DeclaredChange, live: Live, fields: Sequence[FieldChange], moves: Sequence[impact.Move]
) -> tuple[Reason, ...]:
    """Return why no update can carry out the change; empty if one can."""
    immutable = tuple(Path(field.path) for field in fields if not is_mutable(change.kind, field.path))
    if immutable and change.kind.immutable:
        return (because(ReasonCode.IMMUTABLE_FIELDS, fields=immutable, why=change.kind.immutable),)
    obstacle = change.kind.update_obstacle(
        live.attributes, change.document.attributes, [field.path for field in fields]
    )
    return (obstacle,) if obstacle else impact.move_obstacles(moves)


def _updated(
    change: DeclaredChange,
    live: Live,
    fields: Sequence[FieldChange],
    moves: Sequence[impact.Move],
    context: PlanContext,
) -> DeclaredChange:
    effects = [*dict.fromkeys(note for field in fields for note in side_effects(change.kind, field))]
    update = update_attributes(change.document, live.after_update, change.attributes, [field.path for field in fields])
    differ = because(ReasonCode.FIELDS_DIFFER, fields=tuple(Path(field.path) for field in change.fields))
    return replace(
        change,
        action=Action.UPDATE,
        update=update,
        risk=gravest(note.risk for note in effects),
        notes=tuple(line for move in moves for line in impact.catch_up(move.document, move.before, context)),
    ).because(differ, *(Reason(note.fact) for note in effects), *_before_the_update(live, update))


def _before_the_update(live: Live, update: Mapping[str, Any]) -> Iterator[Reason]:
    """Yield what happens or has happened before the update is sent."""
    switch = switch_of(live.kind)
    if switch and live.attributes.get(switch) == STOPPED and update.keys() - {switch}:
        stays = update.get(switch) == RUNNING
        yield Reason(ReasonCode.STARTED_FOR_UPDATE if stays else ReasonCode.STARTED_AND_STOPPED)
    match live.update:
        case LiveUpdate(condition=Condition.PENDING):
            yield Reason(ReasonCode.AFTER_CURRENT_UPDATE)
        case LiveUpdate(condition=Condition.FAILED, failure=failure):
            yield because(ReasonCode.PREVIOUS_UPDATE_FAILED, failure=service_message(failure))
