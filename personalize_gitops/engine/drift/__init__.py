"""Drift: what is not as the manifests say, told from the account's side. Pure; it knows no kind by name.

`planned` has the findings that a plan shows, `undeclared_members` those about members that no document declares, and
`account` those about objects that no document declares, and `unchecked` those about resources that were not read.
"""

from __future__ import annotations

from collections.abc import Mapping

from personalize_gitops.engine.drift.account import (
    automatic_trainings,
    failed_repetitions,
    in_question,
    orphan_costs,
    unmanaged,
)
from personalize_gitops.engine.drift.idle import SPAN, askable, idle
from personalize_gitops.engine.drift.planned import planned
from personalize_gitops.engine.drift.unchecked import readable, unchecked
from personalize_gitops.engine.drift.undeclared_members import undeclared_members
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.drift import Drift
from personalize_gitops.model.live import Snapshot
from personalize_gitops.model.plan import Plan

__all__ = ["SPAN", "askable", "check", "drift", "in_question", "readable"]


def drift(plan: Plan) -> tuple[Drift, ...]:
    """Return the findings that a plan shows, sorted by address.

    New data for an import or a training is not drift, nor is what the service does by itself.
    """
    return tuple(planned(plan))


def check(
    plan: Plan, desired: Desired, snapshot: Snapshot, requests: Mapping[str, float] | None = None
) -> tuple[Drift, ...]:
    """Return every finding about an account, sorted by address and class.

    `requests` are those to the endpoints of the last `SPAN`, by ARN; none if they could not be read. The plan is of
    what is readable (`readable`); objects of resources that are not are not undeclared.
    """
    unread = [*unchecked(desired, snapshot)]
    known = {item.address for item in unread}
    found = [*planned(plan), *unmanaged(plan, snapshot)]
    found += orphan_costs(plan, found, snapshot)
    found += automatic_trainings(plan, snapshot)
    found += failed_repetitions(plan, snapshot)
    found += undeclared_members(plan)
    found += idle(plan, requests or {}, plan.time.account or plan.time.made_at)
    checked = (item for item in found if item.address not in known)
    return tuple(sorted((*checked, *unread), key=lambda item: (item.address, item.finding, item.arn or "")))
