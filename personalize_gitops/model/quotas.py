"""The reason that there are more objects of a kind than a quota allows, for plans and for `validate`."""

from __future__ import annotations

from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.resource import Most, Resource


def over_quota(kind: type[Resource], found: int, most: Most, group: str | None) -> Reason:
    """Return the reason that a dataset group, or without one a region, would have `found` objects."""
    name, limit, adjustable, own = Verbatim(kind.kind_name()), most.default, most.adjustable, most.own
    if group is None:
        return because(ReasonCode.OVER_QUOTA, kind=name, found=found, most=limit, adjustable=adjustable, own=own)
    return because(
        ReasonCode.OVER_QUOTA,
        kind=name,
        found=found,
        most=limit,
        adjustable=adjustable,
        own=own,
        group=Verbatim(group),
    )
