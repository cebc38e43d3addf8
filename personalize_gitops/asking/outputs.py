"""What applications need to know: names, ARNs, tracking ids, and the filters that a request can name."""

from __future__ import annotations

from collections.abc import Mapping

from personalize_gitops.asking.find import SERVING
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.outputs import Output
from personalize_gitops.model.plan import DeclaredChange, Plan
from personalize_gitops.model.ports import Runtime
from personalize_gitops.model.status import Condition

TRACKER, FILTER = "EventTracker", "Filter"


def outputs_of(plan: Plan, desired: Desired, runtime: Runtime) -> tuple[Output, ...]:
    """Return the declared resources that exist, sorted by address. Runs have no output: an apply may start another.

    Raises CloudError if a tracking id cannot be read.
    """
    found = [change for change in plan.changes if isinstance(change, DeclaredChange) and not change.kind.is_run]
    there = {change.address: change.live for change in found if change.live}
    filters = [
        address
        for address, live in there.items()
        if address.kind_name == FILTER and live.condition in (Condition.READY, Condition.PENDING)
    ]

    ids = tracking_ids(plan, runtime)

    def usable(address: Address) -> tuple[Address, ...]:
        groups = desired.groups_of(address)
        return tuple(each for each in filters if desired.groups_of(each) & groups)

    return tuple(
        Output(
            address,
            live.name,
            live.arn,
            tracking_id=ids.get(address, ""),
            filters=usable(address) if address.kind_name in SERVING else None,
        )
        for address, live in there.items()
    )


def tracking_ids(plan: Plan, runtime: Runtime) -> Mapping[Address, str]:
    """Return the ids that events are sent with, by the address of the event tracker. Raises CloudError."""
    trackers = {change.address: change.live for change in plan.changes if change.kind.kind_name() == TRACKER}
    return {
        address: runtime.tracking_id(live)
        for address, live in trackers.items()
        if live and live.condition is not Condition.DELETING
    }
