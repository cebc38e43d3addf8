"""The trail of an account: the write calls of Amazon Personalize that CloudTrail keeps for 90 days.

LookupEvents takes one attribute, returns the newest events first, and may be called twice a second in an account and
region (docs/service/3 §12.2).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from personalize_gitops.aws.answers import Answer, next_page, optional_text, seconds, text
from personalize_gitops.aws.calls import Calls
from personalize_gitops.aws.errors import Throttled
from personalize_gitops.model.who import WriteEvent

_SOURCE = "personalize.amazonaws.com"
_PAGE, _PAGES = 50, 4  # events in a page, and the pages that are read of an operation
_PAUSE = 0.5  # seconds between two calls
_ATTEMPTS = 3  # at a throttled call; others use the same rate

_Page = tuple[list[WriteEvent], str | None]


class Trail:
    """The events of Amazon Personalize in one account and region. For one thread."""

    def __init__(self, cloudtrail: Any, calls: Calls) -> None:
        self._cloudtrail, self._calls = cloudtrail, calls
        self._next = 0.0  # when the next call may be made, by the monotonic clock

    def write_events(self, operation: str) -> Iterator[WriteEvent]:
        """Yield the successful calls of an operation, the newest first, of a limited number of pages."""
        by_name = {"AttributeKey": "EventName", "AttributeValue": operation}
        request: dict[str, Any] = {"LookupAttributes": [by_name], "MaxResults": _PAGE}
        for _ in range(_PAGES):
            page, token = self._look_up(request)
            yield from page
            if not token:
                return
            request["NextToken"] = token

    def _look_up(self, request: Mapping[str, Any]) -> _Page:
        """Return a page. Only throttling is worth another attempt: who wrote is an addition to a drift check."""
        for attempt in range(1, _ATTEMPTS + 1):
            self._wait(attempt)
            try:
                return self._calls.once(self._cloudtrail, "LookupEvents", request, partial(_page, request))
            except Throttled:
                if attempt == _ATTEMPTS:
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, attempt: int) -> None:
        clock = self._calls.clock
        clock.sleep(max(0.0, self._next - clock.monotonic()))
        self._next = clock.monotonic() + _PAUSE * attempt


def _page(request: Mapping[str, Any], answer: Answer) -> _Page:
    """Return the events of Personalize that succeeded, and the token of the next page."""
    events = [event for entry in answer["Events"] if (event := _event(entry))]
    return events, next_page(optional_text(answer, "NextToken"), request.get("NextToken"))


def _event(entry: Answer) -> WriteEvent | None:
    """Return a write event; None for a refused call, and for one of another service with the same operation."""
    record = json.loads(text(entry, "CloudTrailEvent"))
    if optional_text(entry, "EventSource") != _SOURCE or record.get("errorCode"):
        return None
    return WriteEvent(
        name=text(entry, "EventName"),
        at=seconds(entry["EventTime"]),
        actor=_actor(record.get("userIdentity") or {}) or optional_text(entry, "Username") or "",
        texts=frozenset(_texts([record.get("requestParameters"), record.get("responseElements")])),
    )


def _actor(identity: Mapping[str, Any]) -> str:
    """Return the ARN of the caller, or the service that called."""
    return str(identity.get("arn") or identity.get("invokedBy") or "")


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
