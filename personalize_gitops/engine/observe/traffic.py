"""Read how often endpoints were asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from personalize_gitops.errors import CloudError
from personalize_gitops.model.ports import Cloud


def requests(endpoints: Sequence[str], cloud: Cloud, since: float, until: float) -> Mapping[str, float]:
    """Return the number of requests between two times, in epoch seconds, by the ARN of each endpoint.

    Empty if they cannot be read: few roles may read metrics, and they are an addition to a drift check.
    """
    if not endpoints:
        return {}
    try:
        return cloud.requests(endpoints, since, until)
    except CloudError:
        return {}
