"""Decide what happens to owned objects that are not wanted: no longer declared, replaced, or all on `destroy`. Pure.

Only an object with this project's tags is deleted or, of a kind without tags, one that is exactly as a document
declares it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from personalize_gitops.engine.plan import policy
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.diffing import differences
from personalize_gitops.engine.plan.matching import copied_tags, line_base
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Change, DeclaredChange, UndeclaredChange
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.status import Condition
from personalize_gitops.model.tags import NAME
from personalize_gitops.span import seconds_in

_UNDECLARED = Reason(ReasonCode.UNDECLARED)


def undeclared(context: PlanContext) -> Iterator[Change]:
    """Yield the changes of owned objects that no document declares: deletions if the target prunes, else reports.

    If everything owned is undeclared nothing is pruned: the likely cause is another folder, other variables in names,
    or missing files.
    """
    desired, prune = context.desired, context.policy.prune
    owned = [live for live in _owned(context) if live.condition is not Condition.DELETING]
    left_over = [
        live for live in owned if live.address not in desired.documents and live.address not in context.policy.forget
    ]
    is_everything = not any(live.address in desired.documents for live in owned)
    for live in left_over:
        copied = _copied_tags(live, context)
        if prune and not is_everything and copied:
            yield replace(_change(live), action=Action.BLOCKED, reasons=(_UNDECLARED, copied))
            continue
        if prune and not is_everything:
            yield _deleted(_change(live), _UNDECLARED)
            continue
        kept = replace(_change(live), action=Action.KEEP, reasons=(_UNDECLARED,))
        if prune:
            kept = kept.because(Reason(ReasonCode.ALL_UNDECLARED))
        billing = live.kind.bills(live.attributes) if live.condition is Condition.READY else None
        yield kept.because(Reason(billing)) if billing else kept


def everything(context: PlanContext) -> Iterator[Change]:
    """Yield the deletions of `destroy`: every object with our tags, and the declared objects that have no tags."""
    desired, snapshot = context.desired, context.snapshot
    requested = Reason(ReasonCode.DESTROY_REQUESTED)
    bases = policy.protected_bases(desired)
    for live in _owned(context):
        document = desired.documents.get(live.address) if live.address else None
        change = _change(live, document)
        if live.condition is Condition.DELETING:
            yield replace(change, action=Action.WAIT, reasons=(Reason(ReasonCode.BEING_DELETED),))
        elif copied := _copied_tags(live, context):
            yield replace(change, action=Action.BLOCKED, reasons=(requested, copied))
        else:
            contents = policy.protected_contents(live, bases, snapshot)
            yield policy.without_protected_contents(_deleted(change, requested), contents)
    for address, document in desired.documents.items():
        if document.kind.taggable:
            continue
        wanted = _wanted(document, desired, snapshot)
        for live in snapshot.line(address.kind_name, document.aws_name):
            is_others = live.name != document.aws_name and live.name in desired.aws_names(address.kind_name)
            if wanted is not None and not is_others and not differences(document, live, wanted):
                yield _deleted(_change(live, document), requested)


def _copied_tags(live: Live, context: PlanContext) -> Reason | None:
    """Return that another object carries the tags of this one's address, or this one those of another; else None."""
    if live.address is None:
        return None
    owned = context.snapshot.owned(context.desired.owner, live.address)
    document = context.desired.documents.get(live.address)
    if live.has_copied_tags:
        original = Verbatim(live.tags[NAME])
        return because(ReasonCode.COPIED_TAGS, name=original, other=Verbatim(live.name))
    if len(owned) < 2:
        return None
    return copied_tags(owned, document.aws_name if document else line_base(owned))


def replaced_earlier(live: Live, successor: DeclaredChange, now: float) -> Change:
    """Return the change of an object that a successor has replaced: deleted at once, or when `retireAfter` is over."""
    document = successor.document
    name, by = Verbatim(live.name), Verbatim(successor.aws_name)
    reason = because(ReasonCode.REPLACED_BY, name=name, successor=by)
    change = _change(live, document)
    if stays := _stays(live, successor, document, now):
        return replace(change, action=Action.KEEP, reasons=(reason, stays))
    return _deleted(change, reason)


def _stays(live: Live, successor: DeclaredChange, document: Document, now: float) -> Reason | None:
    """Return why a replaced object is not deleted yet; None if it is."""
    if policy.protects(document):  # it only takes room, and a blocked deletion would block every other change
        return Reason(ReasonCode.KEPT_WHILE_PROTECTED)
    after = document.lifecycle.retire_after
    if not after or not successor.live:
        return None
    if live.created > successor.live.created and live.condition is not Condition.FAILED:
        # The change was reverted. There is no record of when, and clients may have moved to the newer object.
        return Reason(ReasonCode.KEPT_OLDER_IN_USE)
    left = successor.live.created + seconds_in(after) - now
    return because(ReasonCode.KEPT_FOR, left=timedelta(seconds=left)) if left > 0 else None


def _change(live: Live, document: Document | None = None) -> Change:
    """Return the deletion of an object, without reasons."""
    if document:
        return DeclaredChange(
            address=document.address,
            kind=live.kind,
            action=Action.DELETE,
            aws_name=live.name,
            live=live,
            document=document,
        )
    address = live.address or Address(live.kind.kind_name(), live.name)
    return UndeclaredChange(address=address, kind=live.kind, action=Action.DELETE, aws_name=live.name, live=live)


def _deleted(change: Change, reason: Reason) -> Change:
    """Return the deletion with what is lost; blocked if the document protects the object."""
    change = change.because(reason)
    if policy.protects(change.document):
        return replace(change, action=Action.BLOCKED).because(Reason(ReasonCode.PROTECTED))
    is_real = change.live is None or change.live.condition is not Condition.FAILED  # a failed creation holds nothing
    loses = change.kind.loses if is_real else None
    return replace(change, loses=loses, risk=Risk.DATA_LOSS if loses else Risk.NONE)


def _wanted(document: Document, desired: Desired, snapshot: Snapshot) -> dict[str, Any] | None:
    """Return a document's members with references as ARNs of owned objects; None if one does not exist."""
    wanted = dict(document.attributes)
    for member, reference in document.references.items():
        owned = snapshot.owned(desired.owner, reference) if isinstance(reference, Address) else ()
        arn = reference if isinstance(reference, str) else owned[-1].arn if owned else None
        if arn is None:
            return None
        wanted[member] = arn
    return wanted


def _owned(context: PlanContext) -> Iterator[Live]:
    for live in context.snapshot.objects:
        if live.owner == context.desired.owner and not live.kind.is_run:
            yield live


def without_dangling(changes: Iterable[Change], snapshot: Snapshot) -> list[Change]:
    """Return the changes; a deletion is blocked if an object that stays refers to the deleted one."""
    changes = [*changes]
    protected = policy.protected_runs(changes)
    changes = [policy.without_protected_contents(change, protected) for change in changes]
    leaving = {change.live.arn for change in changes if change.live and change.deletes}
    updated = {change.live.arn: change for change in changes if change.live and change.action is Action.UPDATE}
    users = _remaining_users(snapshot, leaving, updated)
    blocked = {change.live.arn for change in changes if change.live and change.action is Action.BLOCKED}
    return [
        _in_use(change, change.live, users[change.live.arn], blocked)
        if change.live and change.deletes and change.live.arn in users
        else change
        for change in changes
    ]


def _remaining_users(snapshot: Snapshot, leaving: set[str], updated: Mapping[str, Change]) -> dict[str, Live]:
    """Return, for each object to delete, an object that stays and still refers to it after the plan."""
    found: dict[str, Live] = {}
    for live in snapshot.objects:
        if live.kind.is_run or live.arn in leaving or live.condition is Condition.DELETING:
            continue
        found.update(dict.fromkeys(leaving & _afterwards(live, updated.get(live.arn)).referenced, live))
    return found


def _afterwards(live: Live, change: Change | None) -> Live:
    """Return an object as it will be after the update in progress and the one of this plan."""
    sent = (change.update or {}) if change else {}
    return replace(live.after_update, attributes={**live.after_update.attributes, **sent})


def _in_use(change: Change, live: Live, user: Live, blocked: set[str]) -> Change:
    """Return a deletion that an object prevents: blocked or, for a shared untaggable object, left out."""
    by = Address(user.kind.kind_name(), user.name)
    if not live.kind.taggable and change.action is not Action.RECREATE:
        action = Action.CREATE if change.action is Action.SUCCESSOR else Action.KEEP
        kept = because(ReasonCode.KEPT_IN_USE, name=Verbatim(live.name), user=by)
        return replace(change, action=action).because(kept)
    if user.arn in blocked:
        reasons = [because(ReasonCode.USED_BY_BLOCKED, user=by)]
    else:
        reasons = [because(ReasonCode.USED_BY, user=by)]
        if change.action is Action.SUCCESSOR:
            reasons.append(Reason(ReasonCode.RETIRE_LATER))
    return replace(change, action=Action.BLOCKED, risk=Risk.NONE, loses=None).because(*reasons)
