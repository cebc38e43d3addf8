"""Whether the service's default quotas allow a successor beside the object it replaces. Pure.

A dataset group or region with more objects than the default has a raised quota of unknown size: a successor is assumed
to be possible. One with exactly the default is assumed to be full.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import Decisions
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, Manage
from personalize_gitops.model.live import Live
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.status import Condition


def full_group(document: Document, live: Live, context: PlanContext, decisions: Decisions) -> Reason | None:
    """Return why the quota of the dataset group does not allow a successor; None if it does."""
    most = document.kind.most_per_group
    if most is None:
        return None
    kind_name, desired, snapshot = document.address.kind_name, context.desired, context.snapshot
    groups = desired.groups_of(document.address)
    arns = {group if isinstance(group, str) else decisions[group].arn for group in groups} or {snapshot.group_of(live)}
    held = [other for arn in arns if arn for other in snapshot.in_group(arn, kind_name)]
    declared = [address for group in groups for address in desired.in_group(group, kind_name)]
    if full := _exhausted_quota(document, most, held, declared, context, decisions):
        return because(ReasonCode.GROUP_FULL, kind=Verbatim(kind_name), held=full.held, coming=full.coming, most=most)
    return None


def full_region(document: Document, context: PlanContext, decisions: Decisions) -> Reason | None:
    """Return why the quota of the region does not allow a successor; None if it does."""
    most = document.kind.most_per_region
    if most is None:
        return None
    kind_name = document.address.kind_name
    declared = [address for address in context.desired.documents if address.kind_name == kind_name]
    held = context.snapshot.of_kind(kind_name)
    if full := _exhausted_quota(document, most, held, declared, context, decisions):
        return because(ReasonCode.REGION_FULL, kind=Verbatim(kind_name), held=full.held, coming=full.coming, most=most)
    return None


@dataclass(frozen=True)
class _Full:
    """The objects that use up a quota: those that exist, and those that this plan adds."""

    held: int
    coming: int


def _exhausted_quota(
    document: Document,
    most: int,
    held: Sequence[Live],
    declared: Iterable[Address],
    context: PlanContext,
    decisions: Decisions,
) -> _Full | None:
    """Return the objects that exhaust a quota of `most` objects; None if it allows one more."""
    counted = sum(_counts(live) for live in held)
    if counted > most:
        return None
    coming = sum(
        _adds_object(context.desired.documents[address], context, decisions)
        for address in declared
        if address != document.address
    )
    if counted + coming < most:
        return None
    return _Full(counted, coming)


def _counts(live: Live) -> bool:
    """Return whether a quota counts an object. Failed objects and objects being deleted do not count."""
    return live.condition not in (Condition.FAILED, Condition.DELETING)


def _adds_object(document: Document, context: PlanContext, decisions: Decisions) -> bool:
    """Return whether the plan adds an object for a document, at least temporarily."""
    if context.desired.manage_of(document) is not Manage.FULL:
        return False
    if document.address not in decisions:
        owned = context.snapshot.owned(context.desired.owner, document.address)
        existing = owned or context.snapshot.series(document.address.kind_name, document.aws_name)
        return not any(_counts(live) for live in existing)
    change = decisions[document.address].change
    if change.action is Action.RECREATE:
        return change.live is not None and not _counts(change.live)
    return change.action in (Action.CREATE, Action.SUCCESSOR)
