"""Renaming: objects whose tags have the earlier address or project of `renamedFrom` move to the new one. Pure.

The planner sees them under their new owner and address, so every other decision is as usual. Only their tags change:
the AWS name stays, and the tags find the object from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.matching import copied_tags
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document, Manage
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Change
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.tags import ADDRESS, PROJECT, TAGS

C = TypeVar("C", bound=Change)


def as_renamed(context: PlanContext) -> PlanContext:
    """Return the context with the objects of earlier names under their new owner and address.

    An address that has objects under both names is left as it is, with the reason in `clashes`.
    """
    desired, snapshot = context.desired, context.snapshot
    found = _objects_of_earlier_names(context)
    clashes = {address: clash for address, lives in found.items() if (clash := _clash(address, lives, context))}
    moved = {live.arn: address for address, lives in found.items() if address not in clashes for live in lives}
    if not found:
        return context
    objects = tuple(
        replace(live, tags={**live.tags, PROJECT: desired.owner, ADDRESS: str(moved[live.arn])})
        if live.arn in moved
        else live
        for live in snapshot.objects
    )
    as_found = {arn: snapshot.by_arn[arn] for arn in moved}
    return replace(context, snapshot=replace(snapshot, objects=objects), as_found=as_found, clashes=clashes)


def earlier_names(document: Document, desired: Desired) -> Iterator[tuple[str, Address]]:
    """Yield the owner and the address of each earlier name of a document."""
    for owner in filter(None, (desired.owner, desired.previous_owner)):
        for address in filter(None, (document.address, document.renamed_from)):
            if (owner, address) != (desired.owner, document.address) and document.kind.taggable:
                yield owner, address


def _objects_of_earlier_names(context: PlanContext) -> Mapping[Address, tuple[Live, ...]]:
    """Return the objects of earlier names by their new address, oldest first."""
    desired = context.desired
    renamed = desired.documents.values() if desired.previous_owner else desired.renamed
    found = {
        document.address: tuple(
            live
            for owner, address in earlier_names(document, desired)
            for live in context.snapshot.owned(owner, address)
        )
        for document in renamed
    }
    return {address: lives for address, lives in found.items() if lives}


def _clash(address: Address, earlier: tuple[Live, ...], context: PlanContext) -> Reason | None:
    """Return that an address has two objects, one under each name; None if they are one and its successors."""
    document = context.desired.documents[address]
    present = context.snapshot.owned(context.desired.owner, address)
    if document.kind.is_run or not present:
        return None
    if copied_tags(sorted((*present, *earlier), key=lambda live: (live.created, live.arn)), document.aws_name) is None:
        return None
    name, other = Verbatim(present[-1].name), Verbatim(earlier[-1].name)
    return because(ReasonCode.BOTH_NAMES_EXIST, name=name, other=other)


def retagged(change: C, context: PlanContext) -> C:
    """Return the change with the tags that the renaming of its object changes.

    An observed object keeps its tags, so they are shown as differences. A change that only lifts a protection sets
    none.
    """
    before = context.as_found.get(change.live.arn) if change.live else None
    if not before or not change.live or change.action not in (Action.NONE, Action.UPDATE, Action.KEEP):
        return change
    if change.manage is Manage.PAUSED or (change.action is Action.UPDATE and change.update is None):
        return change
    after = change.live.tags
    fields = tuple(
        FieldChange((TAGS, key), before.tags[key], after[key])
        for key in (ADDRESS, PROJECT)
        if before.tags[key] != after[key]
    )
    reason = because(ReasonCode.RENAMED, address=before.address or change.address, owner=Verbatim(before.owner or ""))
    if change.manage is Manage.OBSERVE:
        return replace(change, fields=(*change.fields, *fields)).because(reason)
    update = change.update if change.action is Action.UPDATE else {}
    # The fingerprint tag of a run stays: it describes the run that was started.
    return replace(
        change, action=Action.UPDATE, fields=(*change.fields, *fields), update=update, fingerprint=""
    ).because(reason)


def as_found(change: Change, context: PlanContext) -> Change:
    """Return the change with the object as the account has it: the tags that a step expects are the earlier ones."""
    before = context.as_found.get(change.live.arn) if change.live else None
    return replace(change, live=before) if before else change
