"""Recommendations in real time. The operations check their request and are otherwise unsupported.

The emulator has no models that recommend. The errors of a missing campaign or recommender, and of one that is not
ACTIVE, are those of the service; for an ACTIVE one the error is UnsupportedOperationException (docs/service/4 §6.2).
"""

from collections.abc import Mapping

from personalize_gitops.emulator.errors import invalid, unsupported_operation
from personalize_gitops.emulator.service.kind import Handler, Request, Response
from personalize_gitops.emulator.state.records import ACTIVE
from personalize_gitops.emulator.state.region import Region

_SOURCES = {"campaignArn": "Campaign", "recommenderArn": "Recommender"}


def _handler(operation: str) -> Handler:
    def handle(region: Region, request: Request) -> Response:
        given = [member for member in _SOURCES if member in request]
        if len(given) != 1:
            raise invalid("Either campaignArn or recommenderArn is required.")
        source = region.find(_SOURCES[given[0]], request[given[0]])
        if source.status != ACTIVE:
            raise invalid(f"{source.arn} is in state {source.status}; it must be ACTIVE.")
        raise unsupported_operation(operation)

    return handle


HANDLERS: Mapping[str, Handler] = {
    name: _handler(name) for name in ("GetRecommendations", "GetPersonalizedRanking", "GetActionRecommendations")
}
