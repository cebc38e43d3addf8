"""What happens to one declared resource that is not a run. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from personalize_gitops.engine.plan.decisions import Settlement, resolve
from personalize_gitops.engine.plan.diffing import differences, tag_differences, update_attributes
from personalize_gitops.engine.plan.impact import hindrance, left_behind, moved, ways_around
from personalize_gitops.engine.plan.matching import Pairing, pair
from personalize_gitops.engine.plan.replacement import recreated_along, replaced, uprooted_by
from personalize_gitops.engine.plan.runs import token_of
from personalize_gitops.model.action import Action, Risk, gravest
from personalize_gitops.model.change_class import brought_by
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.live import Live, LiveUpdate, Snapshot
from personalize_gitops.model.plan import Change
from personalize_gitops.model.resource import RUNNING, STOPPED, is_mutable, switch_of
from personalize_gitops.model.status import Condition


def decide(
    document: Document, desired: Desired, settled: Settlement, snapshot: Snapshot
) -> tuple[Change, tuple[Live, ...]]:
    """The change for a document, and what of ours it has replaced earlier."""
    change = Change(document.address, Action.NONE, "", document.aws_name, document=document)
    wanted = dict(document.attributes)
    for member, reference in document.references.items():
        value = resolve(reference, settled, snapshot)
        if value is None:
            # Automatic training may bring the first one within the hour (docs/service/2 §8.1); the rest need not wait.
            why = "there is no successful version yet; an apply after the first training makes it"
            return replace(change, action=Action.WAIT, reason=f"{member}: {why}"), ()
        wanted[member] = value
    change = replace(change, attributes=wanted)
    pairing = pair(document, desired, snapshot, lambda live: not differences(document, live, wanted))
    if pairing.live is None:
        if other := _in_its_place(change, settled, snapshot):
            return replace(change, action=Action.BLOCKED, reason=_place_taken(other, desired)), ()
        risk = Risk.COST if document.kind.bills(document.attributes) else Risk.NONE
        return replace(change, action=Action.CREATE, reason="not in the account", risk=risk), ()
    change = replace(change, live=pairing.live, aws_name=pairing.live.name)
    if why := _not_ours(document, pairing, desired):
        return replace(change, action=Action.BLOCKED, reason=why), ()
    decided = _decide(change, document, pairing.live, wanted, desired, settled, snapshot)
    return (decided if pairing.owned else _adopted(decided, desired.adopts(document))), pairing.superseded


def _in_its_place(change: Change, settled: Settlement, snapshot: Snapshot) -> Live | None:
    """An object that keeps a new one from being made although it goes by another name.

    A dataset's place is its group and type, that of a tracker or a metric attribution its group (docs/service/4 §4.6).
    """
    document = change.document
    assert document is not None  # noqa: S101  the caller decides a document
    tail = f":{token_of(change, settled)}"
    group = (change.attributes or {}).get("datasetGroup")
    for other in snapshot.of_kind(document.address.kind):
        shares_group = document.kind.one_per_group and other.attributes.get("datasetGroup") == group
        if (other.arn.endswith(tail) or shares_group) and other.condition is not Condition.DELETING:
            return other
    return None


def _place_taken(other: Live, desired: Desired) -> str:
    """Why there is no place for a new object, and how to keep the one that is there."""
    if other.owner == desired.owner and other.address:
        return f"{other.address} stands in its place, and there can be only one; declare it under that name to keep it"
    if other.owner:
        return f"{other.name} of project {other.owner} stands in its place, and there can be only one"
    keep = f"name the document {other.name}, with `lifecycle: {{adopt: true}}` or --adopt, to keep it"
    return f"{other.name} stands in its place, and there can be only one; {keep}"


def _not_ours(document: Document, pairing: Pairing, desired: Desired) -> str:
    """Why the object of that name is none of our business; empty when it is."""
    if pairing.claimed_by:
        return f"{document.aws_name} belongs to {pairing.claimed_by}"
    if not pairing.owned and not desired.adopts(document):
        takes_over = "`lifecycle: {adopt: true}` or --adopt takes it over"
        return f"{document.aws_name} exists and nobody's tag is on it; {takes_over}"
    return ""


def _adopted(change: Change, why: str) -> Change:
    """The change of an object that becomes ours with it. What is not ours yet is never replaced."""
    match change.action:
        case Action.NONE | Action.WAIT if change.document and change.document.kind.taggable:
            return replace(change, action=Action.ADOPT, reason=why)
        case Action.UPDATE if not change.attributes:  # only tags
            return replace(change, action=Action.ADOPT, reason=why)
        case Action.UPDATE:
            return replace(change, reason=f"adopted ({why}); {change.reason}")
        case Action.SUCCESSOR | Action.RECREATE:
            why = f"{change.reason}; {_first(change.document)}"
            return replace(change, action=Action.BLOCKED, reason=why, risk=Risk.NONE, loses="")
        case _:
            return change


def _first(document: Document | None) -> str:
    """What comes before the replacement of an object that is not ours yet."""
    if document and not document.kind.taggable:  # there is no tag to take it over with: only its document can say so
        return "`lifecycle: {adopt: true}` on its document says that it is yours to replace"
    return "adopt it as it is first"


def _decide(
    change: Change,
    document: Document,
    live: Live,
    wanted: Mapping[str, Any],
    desired: Desired,
    settled: Settlement,
    snapshot: Snapshot,
) -> Change:
    """The change for an object that stands for the document."""
    failure = live.failure or "the service gives no reason"
    if live.condition is Condition.DELETING:
        return replace(change, action=Action.RECREATE, reason="it is being deleted")
    if live.condition is Condition.FAILED:
        # It never came to be, so nothing is lost with it.
        return replace(change, action=Action.RECREATE, reason=f"its creation failed: {failure}")
    if live.condition is Condition.UNSURE:
        return replace(
            change, action=Action.BLOCKED, reason=f"it is {live.status}: {failure}; look at it by hand first"
        )
    if base := uprooted_by(live, settled):
        return recreated_along(change, document, desired, base)
    fields = differences(document, live, wanted)
    tags = tuple(tag_differences(document, live))
    if fields:
        change = replace(change, fields=(*fields, *tags))
        return _after_what_was(_changed(change, document, live, wanted, fields, desired, settled, snapshot), live)
    if live.condition is Condition.PENDING and not _was_as_wanted(document, live, wanted):
        return replace(change, action=Action.WAIT, reason=f"it is {live.update.status if live.update else live.status}")
    if tags:
        return replace(change, action=Action.UPDATE, reason="tags differ", fields=tags, attributes={})
    return change


def _was_as_wanted(document: Document, live: Live, wanted: Mapping[str, Any]) -> bool:
    """Whether an update in flight brings nothing that is asked for, as one of the service's own (docs/service/2 §5)."""
    return live.settled is not live and not differences(document, replace(live, update=None), wanted)


def _after_what_was(change: Change, live: Live) -> Change:
    """The change, if it is an update, with what has to happen or has happened before it."""
    if change.action is not Action.UPDATE:
        return change
    return replace(change, reason="; ".join([change.reason, *_before_the_update(change, live)]))


def _before_the_update(change: Change, live: Live) -> Iterator[str]:
    switch, sent = switch_of(live.kind), change.attributes or {}
    if switch and live.attributes.get(switch) == STOPPED and sent.keys() - {switch}:
        again = "" if sent.get(switch) == RUNNING else " and stopped again"
        yield f"it stands still, so it is started for that{again}"
    match live.update:
        case LiveUpdate(condition=Condition.PENDING):
            yield "it begins once the update under way has ended"
        case LiveUpdate(condition=Condition.FAILED, failure=failure):
            yield f"the update before it failed: {failure or 'the service gives no reason'}"


def _changed(
    change: Change,
    document: Document,
    live: Live,
    wanted: Mapping[str, Any],
    fields: tuple[FieldChange, ...],
    desired: Desired,
    settled: Settlement,
    snapshot: Snapshot,
) -> Change:
    """The change for an object whose members differ: in place when it can be, replaced by strategy when not."""
    paths = [field.path for field in fields]
    fixed = [field.path[-1] for field in fields if not is_mutable(document.kind, field.path)]
    moves = [*moved(document, live, paths, settled, snapshot)]
    if fixed:
        why = f"{', '.join(fixed)} cannot change in place: {document.kind.fixed}"
    else:
        why = document.kind.why_fixed(live.attributes, document.attributes, paths) or hindrance(moves)
    if why:
        change = replaced(change, document, live, desired, settled, snapshot, why)
        match change.action:
            case Action.BLOCKED:
                steps = document.kind.way_out(live.attributes, document.attributes)
                return replace(change, notes=(*steps, *ways_around(moves)))
            case Action.SUCCESSOR:
                return replace(change, notes=tuple(left_behind(document, live.attributes, desired, snapshot)))
            case _:
                return change
    differ = "differs" if len(change.fields) == 1 else "differ"
    brings = dict.fromkeys(note for field in fields for note in brought_by(document.kind, field))
    return replace(
        change,
        action=Action.UPDATE,
        reason="; ".join(
            [f"{', '.join(field.path[-1] for field in change.fields)} {differ}", *(note.text for note in brings)]
        ),
        risk=gravest(note.risk for note in brings),
        notes=tuple(line for move in moves for line in left_behind(move.document, move.before, desired, snapshot)),
        attributes=update_attributes(document, live.settled, wanted, paths),
    )
