"""How an immutable change is carried out: by successor, by recreation, or not at all. Pure."""

from __future__ import annotations

from dataclasses import replace

from personalize_gitops.engine.plan.decisions import Settlement
from personalize_gitops.engine.plan.quotas import full_group, full_region
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.names import next_name
from personalize_gitops.model.plan import Change
from personalize_gitops.model.resource import Replace


def replaced(
    change: Change,
    document: Document,
    live: Live,
    desired: Desired,
    settled: Settlement,
    snapshot: Snapshot,
    why: str,
) -> Change:
    """The change for an object that cannot become what is declared."""
    if document.lifecycle.protect:
        return _blocked(change, f"{why}, and lifecycle.protect keeps it from being replaced")
    match desired.strategy(document):
        case Replace.FORBID:
            return replace(_blocked(change, _forbidden(document, why)), loses=document.kind.loses)
        case Replace.SUCCESSOR:
            return _succeeded(change, document, live, desired, settled, snapshot, why)
        case Replace.RECREATE:
            return _recreated(change, document, why)


def _succeeded(
    change: Change,
    document: Document,
    live: Live,
    desired: Desired,
    settled: Settlement,
    snapshot: Snapshot,
    why: str,
) -> Change:
    kind = document.address.kind
    taken = {other.name for other in snapshot.line(kind, document.aws_name)} | desired.aws_names(kind)
    hindrance = document.kind.why_no_successor(live.attributes, document.attributes)
    # What nothing refers to, such as a schema without a dataset, has nothing that would have to move.
    if hindrance and (document.kind.taggable or _is_used(live, snapshot)):
        return _blocked(change, f"{why}, and no successor can follow: {hindrance}")
    if full := full_group(document, live, desired, settled, snapshot):
        return _without_room(change, document, f"{why}; {full}, so there is no room for a successor beside it")
    if full := full_region(document, desired, settled, snapshot):
        why = f"{why}; {full}, so there is no room for a successor beside it"
        if _is_used(live, snapshot):
            # What uses it, such as a dataset, is not put at risk for want of a little room.
            return _blocked(change, f"{why}, and it is used; delete one of them first")
        return _without_room(change, document, why)
    return replace(
        change,
        action=Action.SUCCESSOR,
        reason=why,
        aws_name=next_name(document.aws_name, taken),
        loses=document.kind.loses,
        risk=Risk.COST if document.kind.bills(document.attributes) else Risk.NONE,
    )


def _without_room(change: Change, document: Document, why: str) -> Change:
    """The change for what cannot have a successor: it goes first, unless a successor was chosen to spare that."""
    if document.lifecycle.replace is Replace.SUCCESSOR or document.kind.replace is Replace.FORBID:
        choices = f"delete another one, have the quota raised, or choose otherwise: {_recreation(document)}"
        return replace(_blocked(change, f"{why}; {choices}"), loses=document.kind.loses)
    spared = "delete another one or have the quota raised to spare that"
    return _recreated(change, document, f"{why}, and it goes first; {spared}")


def _is_used(live: Live, snapshot: Snapshot) -> bool:
    return any(other.refers_to(live.arn) for other in snapshot.lives)


def _recreated(change: Change, document: Document, why: str) -> Change:
    loses = document.kind.loses
    risk = Risk.DATA_LOSS if loses else Risk.OUTAGE
    return replace(change, action=Action.RECREATE, reason=why, loses=loses, risk=risk)


def uprooted_by(live: Live, settled: Settlement) -> Address | None:
    """What this object stands on and what is deleted before it comes again, so that this one has to go first."""
    return next((address for address, base in settled.recreated.items() if live.refers_to(base.arn)), None)


def recreated_along(change: Change, document: Document, desired: Desired, base: Address) -> Change:
    """The change for an object that keeps what it stands on from being deleted."""
    why = f"it stands on {base}, which is recreated"
    if document.lifecycle.protect:
        return _blocked(change, f"{why}; lifecycle.protect is on")
    if desired.strategy(document) is Replace.FORBID:
        why = f"{why}; `lifecycle: {{replace: recreate}}` here deletes it and makes it anew as well"
        return replace(_blocked(change, why), loses=document.kind.loses)
    return _recreated(change, document, why)


def _blocked(change: Change, why: str) -> Change:
    return replace(change, action=Action.BLOCKED, reason=why)


def _recreation(document: Document) -> str:
    losing = f", losing {document.kind.loses}" if document.kind.loses else ""
    return f"`lifecycle: {{replace: recreate}}` deletes it and makes it anew{losing}"


def _forbidden(document: Document, why: str) -> str:
    choices = _recreation(document)
    if not document.kind.why_no_successor(document.attributes, document.attributes):
        choices += ", `successor` makes a new one beside it under another ARN"
    return f"{why}; {choices}"
