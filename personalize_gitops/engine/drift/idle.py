"""Endpoints that are billed and that nobody asked for a week. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from personalize_gitops.model.action import Risk
from personalize_gitops.model.desired import Manage
from personalize_gitops.model.drift import Drift, Finding, bills_since
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.reason import Reason, ReasonCode, because
from personalize_gitops.model.status import Condition

DAYS = 7
SPAN = DAYS * 86400.0  # seconds


def askable(plan: Plan, now: float) -> tuple[str, ...]:
    """Return the ARNs of the declared endpoints that were billed and could be asked all the time, sorted."""
    return tuple(sorted(change.live.arn for change in _candidates(plan, now) if change.live))


def idle(plan: Plan, requests: Mapping[str, float], now: float) -> Iterator[Drift]:
    """Yield the endpoints that nobody asked. `requests` are those of the last `SPAN`, by ARN."""
    for change in _candidates(plan, now):
        if change.live and requests.get(change.live.arn) == 0:
            billing = change.kind.bills(change.live.attributes)
            reasons = (because(ReasonCode.NOT_ASKED, days=DAYS), *([Reason(billing)] if billing else ()))
            since, arn = bills_since(change.live), change.live.arn
            yield Drift(
                change.address,
                Finding.ORPHAN_COST,
                reasons,
                arn,
                source=change.place,
                risk=Risk.COST,
                bills_since=since,
            )


def _candidates(plan: Plan, now: float) -> Iterator[Change]:
    for change in plan.changes:
        live = change.live
        if live is None or change.document is None or not change.kind.counts_requests:
            continue
        is_watched = live.owner == plan.owner and change.manage is not Manage.PAUSED
        if is_watched and live.condition is Condition.READY and live.created <= now - SPAN and bills_since(live):
            yield change
