"""What happens to what is ours and no longer asked for. Pure.

Nothing is deleted that does not carry this project's tag, or, where a kind cannot carry one, that is not exactly what a
document describes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from typing import Any

from personalize_gitops.engine.plan.diffing import differences
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.live import Live, Snapshot, at_and_above, is_at_or_below
from personalize_gitops.model.plan import Change
from personalize_gitops.model.status import Condition
from personalize_gitops.span import roughly, seconds_in

_UNDECLARED = "no longer declared"
_ALL_OF_IT = "only `destroy` takes everything down"


def undeclared(
    desired: Desired, snapshot: Snapshot, *, prune: bool, but: Set[Address] = frozenset()
) -> Iterator[Change]:
    """What is ours and stands in no manifest: deleted when the target prunes, reported when not.

    Nothing is pruned when everything that is owned would be: that is not what taking a document out means, but another
    folder, other variables in the names, or files that did not get here.
    """
    owned = [live for live in _owned(desired, snapshot) if live.condition is not Condition.DELETING]
    left_over = [live for live in owned if live.address not in desired.documents and live.address not in but]
    is_everything = not any(live.address in desired.documents for live in owned)
    for live in left_over:
        if prune and not is_everything:
            yield taken_down(live, _UNDECLARED)
        else:
            reason = f"{_UNDECLARED}, like everything that is owned; {_ALL_OF_IT}" if prune else _UNDECLARED
            bills = live.kind.bills(live.attributes) if live.condition is Condition.READY else ""
            kept = f"{reason}; {bills}" if bills else reason
            yield Change(_address(live), Action.KEEP, kept, live.name, live=live)


def everything(desired: Desired, snapshot: Snapshot) -> Iterator[Change]:
    """What destroy takes down: all that carries our tag, and the declared things that cannot carry one."""
    protecting = {
        base: address
        for address, document in desired.documents.items()
        if document.lifecycle.protect and document.kind.is_run
        for base in document.needs
    }
    for live in _owned(desired, snapshot):
        document = desired.documents.get(live.address) if live.address else None
        if live.condition is Condition.DELETING:
            yield Change(_address(live), Action.WAIT, "it is being deleted already", live.name, live=live)
        else:
            run = protecting.get(live.address) if live.address else None
            inside = run and any(is_at_or_below(other.arn, live.arn) for other in snapshot.of_kind(run.kind))
            yield _kept_whole(taken_down(live, "destroy", document), {live.arn: run} if run and inside else {})
    for address, document in desired.documents.items():
        if document.kind.taggable:
            continue
        wanted = _wanted(document, desired, snapshot)
        for live in snapshot.line(address.kind, document.aws_name):
            foreign = live.name != document.aws_name and live.name in desired.aws_names(address.kind)
            if wanted is not None and not foreign and not differences(document, live, wanted):
                yield taken_down(live, "destroy", document, address)


def taken_down(live: Live, reason: str, document: Document | None = None, address: Address | None = None) -> Change:
    """The deletion of an object, with what is lost; blocked when its document protects it."""
    change = Change(address or _address(live), Action.DELETE, reason, live.name, live=live, document=document)
    if document and document.lifecycle.protect:
        return replace(change, action=Action.BLOCKED, reason=f"{reason}, but lifecycle.protect keeps it")
    loses = live.kind.loses if live.condition is not Condition.FAILED else ""  # what never came to be
    return replace(change, loses=loses, risk=Risk.DATA_LOSS if loses else Risk.NONE)


def retired(live: Live, successor: Change, document: Document, now: float) -> Change:
    """What becomes of an object that has a successor: it goes, at once or when `retireAfter` is over."""
    reason = f"{live.name} is replaced by {successor.aws_name}"
    if document.lifecycle.protect:
        # It takes nothing but room, and blocking would keep the rest of the project from changing for ever.
        stays = f"{reason}; stays while lifecycle.protect is on"
        return Change(document.address, Action.KEEP, stays, live.name, live=live, document=document)
    after = document.lifecycle.retire_after
    if after and successor.live and live.created > successor.live.created and live.condition is not Condition.FAILED:
        # A change that was taken back: nothing tells since when, and clients may have moved to it meanwhile.
        stays = f"{reason}, the older one; stays until lifecycle.retireAfter is removed"
        return Change(document.address, Action.KEEP, stays, live.name, live=live, document=document)
    left = successor.live.created + seconds_in(after) - now if after and successor.live else 0
    if left > 0:
        stays = f"{reason}; stays for {roughly(left)} more"
        return Change(document.address, Action.KEEP, stays, live.name, live=live, document=document)
    return taken_down(live, reason, document, document.address)


def _address(live: Live) -> Address:
    return live.address or Address(live.kind.kind(), live.name)


def _wanted(document: Document, desired: Desired, snapshot: Snapshot) -> dict[str, Any] | None:
    """A document's members with the ARNs of ours that it refers to; None when one of them is not there."""
    wanted = dict(document.attributes)
    for member, reference in document.references.items():
        owned = snapshot.owned(desired.owner, reference) if isinstance(reference, Address) else ()
        arn = reference if isinstance(reference, str) else owned[-1].arn if owned else None
        if arn is None:
            return None
        wanted[member] = arn
    return wanted


def _owned(desired: Desired, snapshot: Snapshot) -> Iterator[Live]:
    for live in snapshot.lives:
        if live.owner == desired.owner and not live.kind.is_run:
            yield live


def without_orphans(changes: list[Change], snapshot: Snapshot) -> list[Change]:
    """The changes, but for deletions that something staying behind would hinder: they are blocked, and name it."""
    protected = _protected_inside(changes)
    changes = [_kept_whole(change, protected) for change in changes]
    leaving = {change.live.arn for change in changes if change.live and _deletes(change)}
    updated = {change.live.arn: change for change in changes if change.live and change.action is Action.UPDATE}
    users = _users_left(snapshot, leaving, updated)
    refused = {change.live.arn for change in changes if change.live and change.action is Action.BLOCKED}
    return [
        _hindered(change, change.live, users[change.live.arn], refused)
        if change.live and _deletes(change) and change.live.arn in users
        else change
        for change in changes
    ]


def _protected_inside(changes: Iterable[Change]) -> dict[str, Address]:
    """By what is deleted together with its runs, the runs among them that a document protects."""
    return {
        above: change.address
        for change in changes
        if change.live and change.document and change.document.lifecycle.protect and change.document.kind.is_run
        for above in at_and_above(change.live.arn)
    }


def _kept_whole(change: Change, protected: Mapping[str, Address]) -> Change:
    """The change, unless it would take a protected run away with the object, as a solution takes its versions."""
    inside = protected.get(change.live.arn) if change.live and _goes(change) else None
    if inside is None:
        return change
    reason = f"{change.reason}, but {inside} would go with it, and lifecycle.protect keeps that"
    return replace(change, action=Action.BLOCKED, reason=reason)


def _goes(change: Change) -> bool:
    """Whether an object goes with this plan, or is let go by it."""
    return change.action in (Action.DELETE, Action.RECREATE, Action.SUCCESSOR)


def _deletes(change: Change) -> bool:
    """Whether an object goes with this plan; with `retireAfter` one that gets a successor goes with a later one."""
    return "delete" in change.actions


def _users_left(snapshot: Snapshot, leaving: set[str], updated: Mapping[str, Change]) -> dict[str, Live]:
    """For each object that is to go, something that stays and goes on referring to it."""
    found: dict[str, Live] = {}
    for live in snapshot.lives:
        if live.kind.is_run or live.arn in leaving or live.condition is Condition.DELETING:
            continue
        found.update(dict.fromkeys(leaving & _afterwards(live, updated.get(live.arn)).referred, live))
    return found


def _afterwards(live: Live, change: Change | None) -> Live:
    """An object once the update in flight and the one this plan makes are done."""
    brought = (change.attributes or {}) if change else {}
    return replace(live.settled, attributes={**live.settled.attributes, **brought})


def _hindered(change: Change, live: Live, user: Live, refused: set[str]) -> Change:
    who = f"{user.kind.kind()}/{user.name}"
    if not live.kind.taggable and change.action is not Action.RECREATE:
        # What others share survives: the change goes on, only the deletion is left out.
        action = Action.CREATE if change.action is Action.SUCCESSOR else Action.KEEP
        return replace(change, action=action, reason=f"{change.reason}; {live.name} stays, {who} uses it")
    stays = "is blocked" if user.arn in refused else "stays; that would have to go first"
    if change.action is Action.SUCCESSOR and user.arn not in refused:
        stays += ", or move while `lifecycle: {retireAfter: 7d}` keeps it"
    why = f"{change.reason}, but {who} uses it and {stays}"
    return replace(change, action=Action.BLOCKED, reason=why, risk=Risk.NONE, loses="")
