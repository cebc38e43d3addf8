"""The `Runtime` port over boto3: ask campaigns and recommenders, read metrics, record events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from personalize_gitops.aws.answers import Answer as Found
from personalize_gitops.aws.answers import optional_text, text
from personalize_gitops.aws.calls import Calls
from personalize_gitops.model.live import Live
from personalize_gitops.model.recommendations import Answer, Recommended

T = TypeVar("T")

_LISTS = {
    "GetRecommendations": ("itemList", "itemId"),
    "GetPersonalizedRanking": ("personalizedRanking", "itemId"),
    "GetActionRecommendations": ("actionList", "actionId"),
}
"""The member with the results, and that with the id of each, by operation (docs/service/4 §6.2)."""


class AwsRuntime:
    """The models of one account and region."""

    def __init__(self, personalize: Any, runtime: Any, events: Any, calls: Calls) -> None:
        self._personalize = personalize
        self._runtime = runtime
        self._events = events
        self._calls = calls

    def ask(self, operation: str, request: Mapping[str, Any]) -> Answer:
        """Return the recommendations, ranking or actions for a request."""
        wanted = [name for names in request.get("metadataColumns", {}).values() for name in names]
        member, id_ = _LISTS[operation]

        def read(answer: Found) -> Answer:
            results = tuple(_recommended(entry, id_, wanted) for entry in answer.get(member, ()))
            return Answer(optional_text(answer, "recommendationId") or "", results)

        return self._calls.send(self._runtime, operation, request, read)

    def metrics(self, live: Live) -> Mapping[str, float]:
        """Return the offline metrics of a solution version or recommender; empty if there are none."""
        if live.kind.kind_name() == "Recommender":
            return self._describe(live, lambda found: dict(found.get("modelMetrics") or {}))
        request = {"solutionVersionArn": live.arn}
        return self._calls.send(
            self._personalize, "GetSolutionMetrics", request, lambda answer: dict(answer.get("metrics", {}))
        )

    def tracking_id(self, tracker: Live) -> str:
        """Return the id that events are sent with to an event tracker."""
        return self._describe(tracker, lambda found: text(found, "trackingId"))

    def put_events(self, request: Mapping[str, Any]) -> None:
        """Record events, whose ids make a repeated call harmless."""
        self._calls.send(self._events, "PutEvents", request, lambda _: None)

    def _describe(self, live: Live, read: Callable[[Found], T]) -> T:
        member = live.kind.member()
        request = {f"{member}Arn": live.arn}
        return self._calls.send(
            self._personalize, live.kind.operation("Describe"), request, lambda answer: read(answer[member])
        )


def _recommended(entry: Found, id_: str, wanted: list[str]) -> Recommended:
    """Return one result. The service can return the names of columns in lower case (docs/service/2 §10.8)."""
    folded = {name.lower(): value for name, value in (entry.get("metadata") or {}).items()}
    columns = {name: folded[name.lower()] for name in wanted if name.lower() in folded}
    promotion = optional_text(entry, "promotionName")
    remarks = (*entry.get("reason", ()), *([promotion] if promotion else []))
    return Recommended(text(entry, id_), entry.get("score"), columns, remarks)
