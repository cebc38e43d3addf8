"""How many requests of the data plane are answered in a second (docs/service/3 §13.2, §13.3)."""

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.emulator.service.model import Operation
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.emulator.state.request_rate import RequestRate

_RUNTIME = "calls a second of the runtime"
_COUNTED_BY = {
    # A dataset group has one tracker, and one dataset of each type.
    "PutEvents": ("trackingId",),
    "PutActionInteractions": ("trackingId",),
    "PutItems": ("datasetArn",),
    "PutUsers": ("datasetArn",),
    "PutActions": ("datasetArn",),
    "GetRecommendations": ("campaignArn", "recommenderArn"),
    "GetPersonalizedRanking": ("campaignArn",),
    "GetActionRecommendations": ("campaignArn",),
}
"""By operation: the members of which one says whose requests are counted together."""


def admits(region: Region, operation: Operation, request: Mapping[str, Any]) -> bool:
    """Return whether a request of the data plane is answered now, and count it if so."""
    return all(_rate(region, quota, of).admits(region.now) for quota, of in _quotas(operation.name, request))


def _quotas(operation: str, request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the quotas that a request counts towards, and whose requests are counted."""
    if operation not in _COUNTED_BY:
        return
    yield f"calls a second of {operation}", next(filter(None, map(request.get, _COUNTED_BY[operation])), "")
    if operation.startswith("Get"):
        yield _RUNTIME, ""


def _rate(region: Region, quota: str, of: str) -> RequestRate:
    return region.data_rates.setdefault((quota, of), RequestRate(region.settings.limit(quota)))
