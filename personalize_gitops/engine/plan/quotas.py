"""Whether quotas allow what a plan creates, and a successor beside the object it replaces. Pure.

The quotas are the defaults of the service, or what the target sets in `limits.quotas`. A dataset group or region with
more objects has a raised quota of unknown size: a successor is assumed to be possible. One with exactly as many objects
is assumed to be full.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from personalize_gitops.engine.plan import policy
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import CREATES_OBJECT, Decisions
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address, reading_order
from personalize_gitops.model.desired import Desired, Document, Manage
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Change, DeclaredChange
from personalize_gitops.model.quotas import over_quota
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.resource import Most, Resource
from personalize_gitops.model.status import Condition


def full_group(document: Document, live: Live, context: PlanContext, decisions: Decisions) -> Reason | None:
    """Return why the quota of the dataset group does not allow a successor; None if it does."""
    quota = context.desired.most_per_group(document.kind)
    if quota is None:
        return None
    most = quota.default
    kind_name, desired, snapshot = document.address.kind_name, context.desired, context.snapshot
    groups = desired.groups_of(document.address)
    arns = {group if isinstance(group, str) else decisions[group].arn for group in groups} or {snapshot.group_of(live)}
    held = [other for arn in arns if arn for other in snapshot.in_group(arn, kind_name)]
    declared = [address for group in groups for address in desired.in_group(group, kind_name)]
    if full := _exhausted_quota(document, most, held, declared, context, decisions):
        kind, own = Verbatim(kind_name), quota.own
        return because(ReasonCode.GROUP_FULL, kind=kind, held=full.held, coming=full.coming, most=most, own=own)
    return None


def full_region(document: Document, context: PlanContext, decisions: Decisions) -> Reason | None:
    """Return why the quota of the region does not allow a successor; None if it does."""
    quota = context.desired.most_per_region(document.kind)
    if quota is None:
        return None
    most = quota.default
    kind_name = document.address.kind_name
    declared = [address for address in context.desired.documents if address.kind_name == kind_name]
    held = context.snapshot.of_kind(kind_name)
    if full := _exhausted_quota(document, most, held, declared, context, decisions):
        kind, own = Verbatim(kind_name), quota.own
        return because(ReasonCode.REGION_FULL, kind=kind, held=full.held, coming=full.coming, most=most, own=own)
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


Place = Address | str
"""Where a quota counts: a dataset group, by its ARN or by the address that creates it; "" for the region."""


@dataclass(frozen=True)
class _Scope:
    """Where a quota counts the objects of a kind: in a dataset group, or in the region."""

    kind: type[Resource]
    group: Address | str | None = None  # its ARN, or its address if it does not exist yet; None: the region

    def most(self, desired: Desired) -> Most | None:
        """Return the quota; None if there is none."""
        return desired.most_per_group(self.kind) if self.group else desired.most_per_region(self.kind)

    def held(self, snapshot: Snapshot) -> set[str]:
        """Return the ARNs of the existing objects that count."""
        kind_name = self.kind.kind_name()
        match self.group:
            case None:
                found = snapshot.of_kind(kind_name)
            case str():
                found = snapshot.in_group(self.group, kind_name)
            case Address():
                found = ()
        return {live.arn for live in found if _counts(live)}

    def over(self, most: Most, found: int, desired: Desired) -> Reason:
        """Return the reason that there would be `found` objects."""
        return over_quota(self.kind, found, most, self._group_name(desired))

    def _group_name(self, desired: Desired) -> str | None:
        match self.group:
            case None:
                return None
            case str():
                return self.group.rpartition("/")[2]
            case Address():
                return desired.documents[self.group].aws_name


def with_quotas_checked(changes: Iterable[Change], context: PlanContext) -> list[Change]:
    """Return the changes; a creation beyond a quota is blocked, or has a note if the quota can be raised.

    What exists counts unless the plan deletes it. Only the first creation beyond an adjustable quota has the note.
    """
    found = [*changes]
    leaving = {change.live.arn for change in found if change.live and change.deletes}
    created = {change.address: change for change in found if isinstance(change, DeclaredChange) and _creates(change)}
    for scope, addresses in _by_scope(created, found, context.desired).items():
        held = scope.held(context.snapshot)
        total = len(held - leaving) + len(addresses)
        most = scope.most(context.desired)
        if most is None or len(held) > most.default or total <= most.default:
            continue
        over = scope.over(most, total, context.desired)
        beyond = addresses[most.default - total :]
        for address in beyond[:1] if most.adjustable else beyond:
            created[address] = _beyond(created[address], over, adjustable=most.adjustable)
    return [created[change.address] if _creates(change) else change for change in found]


def _creates(change: Change) -> bool:
    return change.action in CREATES_OBJECT


def _by_scope(
    created: Mapping[Address, Change], changes: Iterable[Change], desired: Desired
) -> Mapping[_Scope, list[Address]]:
    """Return the addresses that get an object, by where it counts; those that replace an object come first."""
    arns = {change.address: change.live.arn for change in changes if change.document and change.live}
    counted = [address for address, change in created.items() if _has_quota(change.kind)]
    found: dict[tuple[type[Resource], Address | str | None], list[Address]] = {}
    for address in sorted(counted, key=lambda address: (created[address].live is None, *reading_order(address))):
        kind = created[address].kind
        found.setdefault((kind, None), []).append(address)
        for group in desired.groups_of(address):
            there = group if isinstance(group, str) else arns.get(group, group)
            found.setdefault((kind, there), []).append(address)
    return {_Scope(kind, group): addresses for (kind, group), addresses in found.items()}


def _has_quota(kind: type[Resource]) -> bool:
    return bool(kind.most_per_group or kind.most_per_region)


def _beyond(change: DeclaredChange, over: Reason, *, adjustable: bool) -> DeclaredChange:
    """Return a creation that a quota may refuse, or refuses."""
    return replace(change, notes=(*change.notes, over)) if adjustable else policy.blocked(change, over)
