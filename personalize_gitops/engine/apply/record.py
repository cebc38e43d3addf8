"""The record on a dataset group of what was last applied to the resources in it.

Tags of a resource disappear with it. So the group keeps a digest of each resource that is as declared at the end of an
apply. If such a resource is missing later, the record tells a deletion in the account from a document that is new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from personalize_gitops.errors import CloudError
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


def record(plan: Plan, desired: Desired, events: Iterable[Event], cloud: Cloud) -> None:
    """Write the record of each dataset group where it is not right. A failure loses nothing but the record.

    An apply without changes writes it too, if an earlier one was killed before it did.
    """
    ends = [event for event in events if isinstance(event, Done)]
    made = {event.step.id.address: event.arn for event in ends if event.step.id.verb in PROVIDES}
    changes = {change.address: change for change in plan.changes if isinstance(change, DeclaredChange)}
    members = _members(desired)
    for address, change in changes.items():
        if address.kind_name == GROUP and (group := _group(change, made, plan.owner)):
            _write(group, _record_of(members.get(address, ()), changes, group, made), cloud)


def _write(group: Live, now: str, cloud: Cloud) -> None:
    if now == group.tags.get(MEMBERS, ""):
        return
    with suppress(CloudError):
        if now:
            cloud.tag(group, {MEMBERS: now})
        else:
            cloud.untag(group, [MEMBERS])


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
    if change.action is not Action.NONE or change.live is None:
        return False
    return not change.kind.taggable or change.live.tags.get(APPLIED) == applied_digest(change.document)
