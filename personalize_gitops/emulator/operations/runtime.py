"""Recommendations in real time: what they are asked of is checked, but nothing answers yet.

Models that recommend are not part of the emulator so far. A campaign or recommender that is not there, or not ready,
is told as the service tells it; one that is gets an error that says what is missing (docs/service/4 §6.2).
"""

from collections.abc import Mapping

from personalize_gitops.emulator.errors import invalid, not_offered
from personalize_gitops.emulator.service.kind import Answer, Carry, Request
from personalize_gitops.emulator.state.records import ACTIVE
from personalize_gitops.emulator.state.region import Region

_SOURCES = {"campaignArn": "Campaign", "recommenderArn": "Recommender"}


def _asking(operation: str) -> Carry:
    def ask(region: Region, request: Request) -> Answer:
        given = [member for member in _SOURCES if member in request]
        if len(given) != 1:
            raise invalid("Either campaignArn or recommenderArn is required.")
        source = region.find(_SOURCES[given[0]], request[given[0]])
        if source.status != ACTIVE:
            raise invalid(f"{source.arn} is in state {source.status}; it must be ACTIVE.")
        raise not_offered(operation)

    return ask


OPERATIONS: Mapping[str, Carry] = {
    name: _asking(name) for name in ("GetRecommendations", "GetPersonalizedRanking", "GetActionRecommendations")
}
