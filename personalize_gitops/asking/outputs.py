"""What applications need to know: names, ARNs, tracking ids, and the filters that a request can name."""

from __future__ import annotations

from collections.abc import Mapping

from personalize_gitops.asking.find import SERVING, known_recipe
from personalize_gitops.catalog.recipes import Recipe
from personalize_gitops.filters import FilterSyntaxError, parse, unfit
from personalize_gitops.model.address import Address
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.outputs import Output
from personalize_gitops.model.plan import DeclaredChange, Plan
from personalize_gitops.model.ports import Runtime
from personalize_gitops.model.status import Condition

TRACKER, FILTER = "EventTracker", "Filter"


def outputs_of(plan: Plan, snapshot: Snapshot, runtime: Runtime) -> tuple[Output, ...]:
    """Return the declared resources that exist, sorted by address. Runs have no output: an apply may start another.

    Raises CloudError if a tracking id cannot be read.
    """
    found = [change for change in plan.changes if isinstance(change, DeclaredChange) and not change.kind.is_run]
    there = {change.address: change.live for change in found if change.live}
    filters = {
        address: live
        for address, live in there.items()
        if address.kind_name == FILTER and live.condition in (Condition.READY, Condition.PENDING)
    }
    ids = tracking_ids(plan, runtime)

    def usable(endpoint: Live) -> tuple[Address, ...]:
        group, recipe = snapshot.group_of(endpoint), known_recipe(endpoint, snapshot)
        inside = {address: live for address, live in filters.items() if snapshot.group_of(live) == group}
        return tuple(address for address, live in inside.items() if recipe is None or _fits(live, recipe))

    return tuple(
        Output(
            address,
            live.name,
            live.arn,
            tracking_id=ids.get(address, ""),
            filters=usable(live) if address.kind_name in SERVING else None,
        )
        for address, live in there.items()
    )


def _fits(live: Live, recipe: Recipe) -> bool:
    """Return whether a filter can be used with a recipe, as far as its expression can be read."""
    try:
        tree = parse(str(live.attributes.get("filterExpression", "")))
    except FilterSyntaxError:
        return True  # the service has accepted it
    return next(unfit(tree, recipe), None) is None


def tracking_ids(plan: Plan, runtime: Runtime) -> Mapping[Address, str]:
    """Return the ids that events are sent with, by the address of the event tracker. Raises CloudError."""
    trackers = {change.address: change.live for change in plan.changes if change.kind.kind_name() == TRACKER}
    return {
        address: runtime.tracking_id(live)
        for address, live in trackers.items()
        if live and live.condition is not Condition.DELETING
    }
