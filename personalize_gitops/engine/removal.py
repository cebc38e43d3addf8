"""What happens to what is ours and no longer asked for. Pure.

Nothing is deleted that does not carry this project's tag, or, where a kind cannot carry one, that is not exactly what a
document describes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from personalize_gitops.engine.differences import differences
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Change
from personalize_gitops.model.status import Condition


def undeclared(desired: Desired, snapshot: Snapshot, *, prune: bool) -> Iterator[Change]:
    """What is ours and stands in no manifest: deleted when the target prunes, reported when not."""
    for live in _owned(desired, snapshot):
        if live.address in desired.documents or live.condition is Condition.DELETING:
            continue
        yield _removal(live, Action.DELETE if prune else Action.KEEP, "no longer declared")


def everything(desired: Desired, snapshot: Snapshot) -> Iterator[Change]:
    """What destroy takes down: all that carries our tag, and the declared things that cannot carry one."""
    for live in _owned(desired, snapshot):
        document = desired.documents.get(live.address) if live.address else None
        if live.condition is Condition.DELETING:
            change = _removal(live, Action.WAIT, "it is being deleted already")
        elif document and document.lifecycle.protect:
            change = _removal(live, Action.BLOCKED, "lifecycle.protect keeps it")
        else:
            change = _removal(live, Action.DELETE, "destroy")
        yield replace(change, document=document)
    for address, document in desired.documents.items():
        if document.kind.taggable:
            continue
        wanted = _wanted(document, desired, snapshot)
        for live in snapshot.line(address.kind, document.aws_name):
            if wanted is not None and not differences(document, live, wanted):
                yield replace(_removal(live, Action.DELETE, "destroy", address), document=document)


def _wanted(document: Document, desired: Desired, snapshot: Snapshot) -> dict[str, Any] | None:
    """A document's members with the ARNs of ours that it refers to; None when one of them is not there."""
    wanted = dict(document.attributes)
    for member, reference in document.references.items():
        owned = snapshot.owned(desired.project, reference) if isinstance(reference, Address) else ()
        arn = reference if isinstance(reference, str) else owned[-1].arn if owned else None
        if arn is None:
            return None
        wanted[member] = arn
    return wanted


def _owned(desired: Desired, snapshot: Snapshot) -> Iterator[Live]:
    for live in snapshot.lives:
        if live.project == desired.project and not live.kind.is_run:
            yield live


def _removal(live: Live, action: Action, reason: str, address: Address | None = None) -> Change:
    loses = live.kind.loses if action is Action.DELETE else ""
    return Change(
        address or live.address or Address(live.kind.kind(), live.name),
        action,
        reason,
        live.name,
        live=live,
        loses=loses,
        risk=Risk.DATA_LOSS if loses else Risk.NONE,
    )


def without_orphans(changes: list[Change], snapshot: Snapshot) -> list[Change]:
    """The changes, but for deletions that something staying behind would hinder: they are blocked, and name it."""
    leaving = {change.live.arn for change in changes if change.live and _goes(change)}
    moving = {change.live.arn for change in changes if change.live and change.action is Action.UPDATE}
    users = _users_left(snapshot, leaving | moving, leaving)
    return [
        _hindered(change, change.live, users[change.live.arn])
        if change.live and _goes(change) and change.live.arn in users
        else change
        for change in changes
    ]


def _goes(change: Change) -> bool:
    return change.action in (Action.DELETE, Action.RECREATE, Action.SUCCESSOR)


def _users_left(snapshot: Snapshot, accounted_for: set[str], leaving: set[str]) -> dict[str, Live]:
    """For each object that is to go, something that refers to it and neither goes nor is moved by this plan."""
    staying = [
        live
        for live in snapshot.lives
        if not live.kind.is_run and live.arn not in accounted_for and live.condition is not Condition.DELETING
    ]
    return {arn: live for arn in leaving for live in staying if live.refers_to(arn)}


def _hindered(change: Change, live: Live, user: Live) -> Change:
    who = f"{user.kind.kind()} {user.name}"
    if not live.kind.taggable:
        # What others share survives: the change goes on, only the deletion is left out.
        action = Action.CREATE if change.action is Action.SUCCESSOR else Action.KEEP
        return replace(change, action=action, reason=f"{change.reason}; {live.name} stays, {who} uses it")
    return replace(change, action=Action.BLOCKED, reason=f"{who} uses it and is not part of this plan")
