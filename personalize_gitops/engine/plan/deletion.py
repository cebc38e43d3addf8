"""Decide what happens to owned objects that are not wanted: no longer declared, replaced, or all on `destroy`. Pure.

An object is deleted only if its tags name this project. An object that cannot carry tags is deleted on `destroy` if it
is exactly as its document declares it, and otherwise if its successor is known to have replaced it (`matching`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from personalize_gitops.engine.plan import policy
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.diffing import differences
from personalize_gitops.engine.plan.matching import copied_from_other, copied_tags, is_related, match_document
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document, Manage
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Change, DeclaredChange, UndeclaredChange
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.resource import OnRemove, Run
from personalize_gitops.model.status import Condition
from personalize_gitops.span import seconds_in

_UNDECLARED = Reason(ReasonCode.UNDECLARED)
_REQUESTED = Reason(ReasonCode.DESTROY_REQUESTED)


def undeclared_changes(context: PlanContext) -> Iterator[Change]:
    """Yield the changes of owned objects that no document declares: deletions if the target prunes, else KEEP.

    Runs, objects being deleted and addresses to forget are left out. If every owned object is undeclared, nothing is
    pruned: the likely cause is another folder, other variables in names, or missing files.
    """
    documents, forget = context.desired.documents, context.policy.forget
    left_over = [live for live in context.staying if live.address not in documents and live.address not in forget]
    retained = _retained(left_over, context.snapshot)
    is_everything = not any(live.address in documents for live in context.staying)
    for live in left_over:
        change = _deletion(live)
        if context.desired.manage is not Manage.FULL:
            yield policy.left_alone(change.because(_UNDECLARED), context.desired.manage)
        elif not context.policy.prune:
            yield _kept(change, live)
        elif is_everything:
            yield _kept(change, live, Reason(ReasonCode.ALL_UNDECLARED))
        elif copied := _copied_tags(live, context):
            yield replace(change, action=Action.BLOCKED, reasons=(_UNDECLARED, copied))
        elif live.arn in retained:
            yield _kept(change, live, retained[live.arn])
        else:
            yield _unless_protected(change, _UNDECLARED)


def _kept(change: Change, live: Live, *reasons: Reason) -> Change:
    """Return the change of an undeclared object that stays, with how it bills."""
    billing = live.kind.bills(live.attributes) if live.condition is Condition.READY else None
    bills = [Reason(billing)] if billing else []
    return replace(change, action=Action.KEEP, reasons=(_UNDECLARED, *reasons, *bills))


def _retained(undeclared: Sequence[Live], snapshot: Snapshot) -> Mapping[str, Reason]:
    """Return why undeclared objects are retained, by ARN: by their own setting, or because a retained one uses them."""
    ahead = [live for live in undeclared if live.on_remove is OnRemove.RETAIN]
    found = {live.arn: Reason(ReasonCode.RETAINED) for live in ahead}
    others = {live.arn for live in undeclared}
    while ahead:
        user = ahead.pop()
        for arn in (others & user.after_update.referenced) - found.keys():
            found[arn] = because(ReasonCode.RETAINED_WITH, user=user.known_as)
            ahead.append(snapshot.by_arn[arn])
    return found


def destroy_changes(context: PlanContext) -> Iterator[Change]:
    """Yield the changes of `destroy`, for every object with our tags and for declared objects without tags.

    An object being deleted is WAIT, a protected one or one with a protected run is blocked. Runs are left out.
    """
    desired = context.desired
    bases = policy.protected_bases(desired)
    for live in context.owned:
        document = desired.documents.get(live.address) if live.address else None
        yield destruction(live, document, bases, context)
    for document in desired.documents.values():
        if document.kind.taggable or desired.manage_of(document) is not Manage.FULL:
            continue
        if untagged := _untagged(document, context):
            yield _unless_protected(_deletion(untagged, document), _REQUESTED)


def destruction(live: Live, document: Document | None, bases: policy.Bases, context: PlanContext) -> Change:
    """Return the change of an object that is to be destroyed: its deletion, unless something forbids it.

    `bases` are the resources whose runs must stay (`policy.protected_bases`).
    """
    change, manage = _deletion(live, document), context.desired.manage_of(document)
    if manage is not Manage.FULL:
        return policy.left_alone(change.because(_REQUESTED), manage)
    if live.condition is Condition.DELETING:
        return replace(change, action=Action.WAIT, reasons=(Reason(ReasonCode.BEING_DELETED),))
    if copied := _copied_tags(live, context):
        return replace(change, action=Action.BLOCKED, reasons=(_REQUESTED, copied))
    contents = policy.protected_contents(live, bases, context.snapshot)
    return policy.unless_protected_run(_unless_protected(change, _REQUESTED), contents)


def _copied_tags(live: Live, context: PlanContext) -> Reason | None:
    """Return that tags were copied among the objects of this one's address, or from another kind; None if not."""
    if live.address is None or live.address.kind_name != live.kind.kind_name():
        return copied_from_other(live)
    document = context.desired.documents.get(live.address)
    owned = context.snapshot.owned(context.desired.owner, live.address)
    return copied_tags(owned, document.aws_name if document else "")


def superseded_change(live: Live, successor: DeclaredChange, now: float) -> Change:
    """Return the change of an object that a successor has replaced: deleted at once, or when `retireAfter` is over."""
    document = successor.document
    name, by = Verbatim(live.name), Verbatim(successor.aws_name)
    reason = because(ReasonCode.REPLACED_BY, name=name, successor=by)
    change = _deletion(live, document)
    if keep := _reason_to_keep(live, successor, document, now):
        return replace(change, action=Action.KEEP, reasons=(reason, keep))
    if live.is_protected:
        return policy.lifted(document, live, reason)
    return _unless_protected(change, reason)


def _reason_to_keep(live: Live, successor: DeclaredChange, document: Document, now: float) -> Reason | None:
    """Return why a replaced object is not deleted yet; None if it can be deleted."""
    if policy.protects(document):  # staying does no harm, and a blocked deletion would block the whole plan
        return Reason(ReasonCode.KEPT_WHILE_PROTECTED)
    after = document.lifecycle.retire_after
    if not after or not successor.live:
        return None
    if live.created > successor.live.created and live.condition is not Condition.FAILED:
        # The change was reverted. There is no record of when, and clients may have moved to the newer object.
        return Reason(ReasonCode.KEPT_OLDER_IN_USE)
    left = successor.live.created + seconds_in(after) - now
    return because(ReasonCode.KEPT_FOR, left=timedelta(seconds=left)) if left > 0 else None


def _deletion(live: Live, document: Document | None = None) -> Change:
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
    return UndeclaredChange(address=live.known_as, kind=live.kind, action=Action.DELETE, aws_name=live.name, live=live)


def _unless_protected(change: Change, reason: Reason) -> Change:
    """Return the deletion with its reason and losses; blocked if the object is protected."""
    change = change.because(reason)
    if protection := policy.protection(change.document, change.live):
        return replace(change, action=Action.BLOCKED).because(protection)
    was_usable = change.live is None or change.live.condition is not Condition.FAILED
    loses = change.kind.loses if was_usable else None
    return replace(change, loses=loses, risk=Risk.DATA_LOSS if loses else Risk.NONE)


def _untagged(document: Document, context: PlanContext) -> Live | None:
    """Return the object of a document without tags, by the rule of `matching`; None unless it is exactly as declared.

    Others can have an equal one of a successor's name, so that one goes only while it is in use with us.
    """
    desired, snapshot = context.desired, context.snapshot
    wanted = _wanted(document, desired, snapshot)
    if wanted is None:
        return None

    def fits(live: Live) -> bool:
        return not differences(document, live, wanted)

    found = match_document(document, context, fits).live
    if found is None or not fits(found):
        return None
    return found if found.name == document.aws_name or is_related(found, desired, snapshot) else None


def _wanted(document: Document, desired: Desired, snapshot: Snapshot) -> dict[str, Any] | None:
    """Return a document's members with references as ARNs; None if a reference has no owned object or names a run."""
    wanted = dict(document.attributes)
    for member, reference in document.references.items():
        owned = snapshot.owned(desired.owner, reference) if isinstance(reference, Address) else ()
        arn = reference if isinstance(reference, str) else owned[-1].arn if owned else None
        if arn is None:
            return None
        wanted[member] = arn
    return wanted


def with_deletions_checked(changes: Iterable[Change], snapshot: Snapshot) -> list[Change]:
    """Return the changes; a deletion is blocked if it deletes a protected run or an object that is still in use.

    An untaggable object in use is kept instead (`_in_use`).
    """
    changes = [*changes]
    protected = policy.protected_runs(changes, snapshot)
    changes = [policy.unless_protected_run(change, protected) for change in changes]
    leaving = {change.live.arn for change in changes if change.live and change.deletes}
    updated = {change.live.arn: change for change in changes if change.live and change.action is Action.UPDATE}
    users = _remaining_users(snapshot, leaving, updated)
    blocked = {change.live.arn for change in changes if change.live and change.action is Action.BLOCKED}
    checked = [
        _in_use(change, change.live, users[change.live.arn], blocked)
        if change.live and change.deletes and change.live.arn in users
        else change
        for change in changes
    ]
    return [_with_stops(change, snapshot) for change in checked]


def _with_stops(change: Change, snapshot: Snapshot) -> Change:
    """Return the change; a deletion has the runs in progress that it has to stop first, with a note for each.

    The service refuses to delete a solution during a training (docs/service/3 §3.5).
    """
    contents = snapshot.contents.get(change.live.arn, ()) if change.live and change.deletes else ()
    stops = tuple(live for live in contents if _can_be_stopped(live))
    notes = (because(ReasonCode.STOPPED_FIRST, run=live.known_as) for live in stops)
    return replace(change, stops=stops, notes=(*change.notes, *notes)) if stops else change


def _can_be_stopped(live: Live) -> bool:
    is_stoppable = issubclass(live.kind, Run) and live.kind.stop_operation is not None
    return is_stoppable and live.condition is Condition.PENDING


def _remaining_users(snapshot: Snapshot, leaving: set[str], updated: Mapping[str, Change]) -> dict[str, Live]:
    """Return, by the ARN of an object to delete, an object that still refers to it after the plan."""
    found: dict[str, Live] = {}
    for live in snapshot.objects:
        if live.kind.is_run or live.arn in leaving or live.condition is Condition.DELETING:
            continue
        found.update(dict.fromkeys(leaving & _after_plan(live, updated.get(live.arn)).referenced, live))
    return found


def _after_plan(live: Live, change: Change | None) -> Live:
    """Return the object as it will be after the update in progress and the update of this plan."""
    sent = (change.update or {}) if change else {}
    return replace(live.after_update, attributes={**live.after_update.attributes, **sent})


def _in_use(change: Change, live: Live, user: Live, blocked: set[str]) -> Change:
    """Return a deletion that `user` prevents: blocked, or the change without the deletion for an untaggable object.

    Projects can share an untaggable object, such as a schema. So it stays, and the rest of the plan goes on.
    """
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
