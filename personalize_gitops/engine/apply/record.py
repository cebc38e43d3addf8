"""The records of what was last applied: on a dataset group that of the resources in it, and on each resource its own.

Tags of a resource disappear with it. So the group keeps a digest of each resource that is as declared at the end of an
apply. If such a resource is missing later, the record tells a deletion in the account from a document that is new.

The record of a resource itself is part of each update. It is outdated when the document came to say what the account
has, as after `drift --accept`, because nothing is updated then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from personalize_gitops.errors import CloudError, CredentialsError, LockLost, Unavailable
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document, Manage
from personalize_gitops.model.events import Done, Event
from personalize_gitops.model.live import Live
from personalize_gitops.model.ownership import applied_digest, is_in_record, member_record
from personalize_gitops.model.plan import Change, DeclaredChange, Plan
from personalize_gitops.model.ports import Cloud
from personalize_gitops.model.resource import GROUP
from personalize_gitops.model.steps import PROVIDES
from personalize_gitops.model.tags import APPLIED, MEMBERS, PROJECT

_OUT_OF_REACH = (Unavailable, CredentialsError, LockLost)
"""Errors after which no other call is worth its time."""


def record(plan: Plan, desired: Desired, events: Iterable[Event], cloud: Cloud) -> None:
    """Write the records that are not right, on objects that are still ours. A failure loses nothing but the record.

    An apply without changes writes them too, if an earlier one was killed before it did.
    """
    with suppress(*_OUT_OF_REACH):
        _record(plan, desired, events, cloud)


def _record(plan: Plan, desired: Desired, events: Iterable[Event], cloud: Cloud) -> None:
    ends = [event for event in events if isinstance(event, Done)]
    made = {event.step.id.address: event.arn for event in ends if event.step.id.verb in PROVIDES}
    changes = {change.address: change for change in plan.changes if isinstance(change, DeclaredChange)}
    for change in changes.values():
        if change.live and _is_outdated(change, plan.owner):
            _write(change.live, APPLIED, applied_digest(change.document), plan.owner, cloud)
    members = _members(desired)
    for address, change in changes.items():
        if address.kind_name == GROUP and (group := _group(change, made, plan.owner)):
            _write(group, MEMBERS, _record_of(members.get(address, ()), changes, group, made), plan.owner, cloud)


def forget(plan: Plan, cloud: Cloud) -> None:
    """Remove the records of the dataset groups that a plan is about to delete, so that a part of it is not healed."""
    with suppress(*_OUT_OF_REACH):
        for change in plan.changes:
            if change.deletes and change.live and change.address.kind_name == GROUP:
                _write(change.live, MEMBERS, "", plan.owner, cloud)


def _write(live: Live, tag: str, now: str, owner: str, cloud: Cloud) -> None:
    if now == live.tags.get(tag, ""):
        return
    try:
        if not _is_still(live, owner, cloud):
            return
        if now:
            cloud.tag(live, {tag: now})
        else:
            cloud.untag(live, [tag])
    except Unavailable:
        raise  # the next one would try as long
    except CloudError:
        return


def _is_still(live: Live, owner: str, cloud: Cloud) -> bool:
    """Return whether an object is the one that the plan saw, or the apply made: an ARN is reusable by name."""
    found = cloud.describe(live.kind, live.arn)
    is_same = found is not None and (not live.created or found.created == live.created)
    return is_same and cloud.tags(live.arn).get(PROJECT) == owner


def _is_outdated(change: DeclaredChange, owner: str) -> bool:
    """Return whether an object is as declared and its own record says otherwise."""
    live = change.live
    if live is None or live.owner != owner or not change.kind.taggable or change.kind.is_run:
        return False
    return _is_in_sync(change) and live.tags.get(APPLIED) != applied_digest(change.document)


def _is_in_sync(change: DeclaredChange) -> bool:
    is_managed = change.manage is Manage.FULL and not change.left_out
    return is_managed and change.action is Action.NONE and change.live is not None


def _group(change: Change, made: Mapping[Address, str], owner: str) -> Live | None:
    """Return a declared dataset group of ours that exists after the apply; None for another."""
    if change.manage is not Manage.FULL:
        return None
    if change.address in made and change.action in (Action.CREATE, Action.RECREATE):
        return Live(change.kind, made[change.address], change.aws_name, tags={PROJECT: owner})
    stays = change.left_out or change.action in (Action.NONE, Action.UPDATE, Action.WAIT)
    return change.live if stays and change.live and change.live.owner == owner else None


def _members(desired: Desired) -> Mapping[Address, Sequence[Document]]:
    """Return the documents in each declared dataset group, without runs."""
    found: dict[Address, list[Document]] = {}
    for address, document in desired.documents.items():
        for group in desired.homes_of(address) if not document.kind.is_run else ():
            found.setdefault(group, []).append(document)
    return found


def _record_of(
    members: Iterable[Document], changes: Mapping[Address, DeclaredChange], group: Live, made: Collection[Address]
) -> str:
    """Return the new record. What is missing in the account and in the plan stays in it as it was."""
    before = group.tags.get(MEMBERS, "")
    kept = []
    for document in members:
        change = changes.get(document.address)
        is_unknown = change is None or change.live is None
        if (change and _is_as_declared(change, made)) or (is_unknown and is_in_record(document, before)):
            kept.append(document)
    return member_record(kept)


def _is_as_declared(change: DeclaredChange, made: Collection[Address]) -> bool:
    """Return whether the object of a change is as its document declares it, by the end of the apply."""
    if change.address in made:
        return not change.partial and not change.left_out
    return _is_in_sync(change)
