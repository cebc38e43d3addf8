"""The findings about objects that no document declares, and about runs that none asks for. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Manage
from personalize_gitops.model.drift import Drift, Finding, bills_since
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because, service_message
from personalize_gitops.model.resource import GROUP
from personalize_gitops.model.status import Condition


def unmanaged(plan: Plan, snapshot: Snapshot) -> Iterator[Drift]:
    """Yield the objects without an owner in the dataset groups that we own. Runs are left out: they come and go."""
    known = {change.live.arn for change in plan.changes if change.live}
    groups = {change.live.arn for change in plan.changes if change.live and _is_own_group(change, plan.owner)}
    for live in snapshot.objects:
        is_candidate = live.owner is None and not live.kind.is_run and live.arn not in known
        if is_candidate and live.condition is not Condition.DELETING and snapshot.group_of(live) in groups:
            address = Address(live.kind.kind_name(), live.aws_name)
            reason = because(ReasonCode.UNMANAGED_IN_GROUP, group=Verbatim(_group(live, snapshot)))
            yield Drift(address, Finding.UNMANAGED, (reason,), live.arn, bills_since=bills_since(live))


def _is_own_group(change: Change, owner: str) -> bool:
    is_group = change.address.kind_name == GROUP and change.live is not None and change.live.owner == owner
    return is_group and change.manage is not Manage.PAUSED


def _group(live: Live, snapshot: Snapshot) -> str:
    return (snapshot.group_of(live) or "").rpartition("/")[2]


def orphan_costs(plan: Plan, found: Sequence[Drift], snapshot: Snapshot) -> Iterator[Drift]:
    """Yield the endpoints that are billed by the hour and that no manifest declares.

    These are undeclared and unmanaged ones among the findings so far, and replaced ones whose time to stay is over.
    """
    for item in found:
        if item.finding in (Finding.UNDECLARED, Finding.UNMANAGED) and item.bills_since and not item.source:
            yield _costing(item, snapshot.by_arn[item.arn or ""])
    for change in plan.changes:
        since = bills_since(change.live)
        if change.live and since and _is_left_over(change):
            item = Drift(change.address, Finding.ORPHAN_COST, change.reasons, change.live.arn, bills_since=since)
            yield _costing(item, change.live)


def _costing(item: Drift, live: Live) -> Drift:
    billing = live.kind.bills(live.attributes)
    reasons = [reason for reason in item.reasons if reason.code != billing]
    bills = [Reason(billing)] if billing else []
    return replace(item, finding=Finding.ORPHAN_COST, reasons=(*reasons, *bills), fields=(), risk=Risk.COST)


def _is_left_over(change: Change) -> bool:
    codes = {reason.code for reason in change.reasons}
    return ReasonCode.REPLACED_BY in codes and (change.action is Action.DELETE or ReasonCode.KEPT_OLDER_IN_USE in codes)


def automatic_trainings(plan: Plan, snapshot: Snapshot) -> Iterator[Drift]:
    """Yield a finding for each resource of ours that the service trained although no manifest asks for it.

    Trainings before the newest one of ours are left out: they cannot be deleted alone, and nothing uses them.
    """
    used = {change.live.arn for change in plan.changes if change.live}
    for change in plan.changes:
        live, document = change.live, change.document
        if live is None or change.kind.is_run or change.manage is Manage.PAUSED or live.arn not in snapshot.contents:
            continue
        asked = document and document.kind.bills(document.attributes)
        if asked or (document is None and not live.kind.bills(live.attributes)):
            continue
        made = _unasked(snapshot.contents[live.arn])
        if made and not used & {each.arn for each in made}:
            yield _trained(change, made)


def _unasked(runs: Sequence[Live]) -> list[Live]:
    """Return the runs that the service made since the newest other one, oldest first."""
    ended = [live for live in runs if live.condition in (Condition.READY, Condition.PENDING)]
    newest = max((live.created for live in ended if not live.service_made), default=0.0)
    made = [live for live in ended if live.service_made and live.created > newest]
    return sorted(made, key=lambda live: (live.created, live.arn))


def _trained(change: Change, made: Sequence[Live]) -> Drift:
    reason = because(ReasonCode.TRAINED_AUTOMATICALLY, versions=len(made), newest=Verbatim(made[-1].aws_name))
    billing = made[-1].kind.bills(made[-1].attributes)
    reasons = (reason, Reason(billing)) if billing else (reason,)
    return Drift(change.address, Finding.AUTO_TRAINING, reasons, made[-1].arn, source=change.place, risk=Risk.COST)


def failed_repetitions(plan: Plan, snapshot: Snapshot) -> Iterator[Drift]:
    """Yield the stale runs whose newest attempt failed: the plan only says that the newest success is too old."""
    for change in plan.changes:
        if not change.kind.is_run or ReasonCode.TOO_OLD not in {reason.code for reason in change.reasons}:
            continue
        newest = max(snapshot.owned(plan.owner, change.address), key=_age, default=None)
        if newest and newest.condition is Condition.FAILED:
            reasons = (service_message(newest.failure),)
            yield Drift(change.address, Finding.FAILED, reasons, newest.arn, source=change.place)


def _age(live: Live) -> tuple[float, str]:
    return live.created, live.arn


def in_question(plan: Plan, snapshot: Snapshot) -> list[Live]:
    """Return the objects that only an eventually consistent index says to be unmanaged."""
    arns = {item.arn for item in unmanaged(plan, snapshot)} & snapshot.unconfirmed
    return [live for live in snapshot.objects if live.arn in arns]
