"""The trail: the changing requests of one region, as CloudTrail's LookupEvents returns them (docs/service/3 §12.2).

It is not part of a saved state.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from personalize_gitops.emulator.errors import Refusal

_SOURCE = "personalize.amazonaws.com"
_DAYS = 90 * 86400.0
_MOST_KEPT, _PAGE = 10_000, 50


@dataclass(frozen=True)
class Entry:
    """One request that could change something, and its outcome."""

    id: str
    name: str
    at: float  # epoch seconds
    actor: str  # the ARN of the caller
    request: Any
    response: Any
    error: str = ""


_ATTRIBUTES: Mapping[str, Callable[[Entry], str]] = {
    "EventId": lambda entry: entry.id,
    "EventName": lambda entry: entry.name,
    "EventSource": lambda _: _SOURCE,
    "ReadOnly": lambda _: "false",
    "Username": lambda entry: entry.actor.rpartition("/")[2],
    "ResourceName": lambda _: "",  # the sources do not say that Personalize names the resources of an event
    "ResourceType": lambda _: "",
    "AccessKeyId": lambda _: "",
}
"""The attributes that events are looked up by."""


class Trail:
    """The newest changing requests of a region."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_MOST_KEPT)

    def add(self, name: str, at: float, actor: str, request: Any, response: Any, error: str) -> None:
        """Note a request."""
        self._entries.append(Entry(str(uuid4()), name, at, actor, request, response, error))

    def look_up(self, request: Mapping[str, Any], now: float, region: str, account: str) -> Mapping[str, Any]:
        """Return the answer of LookupEvents, the newest events first. Refusal for an invalid request."""
        attributes = request.get("LookupAttributes") or []
        if len(attributes) > 1 or any(each.get("AttributeKey") not in _ATTRIBUTES for each in attributes):
            raise Refusal("InvalidLookupAttributesException", "LookupAttributes must have one valid attribute.")
        size = request.get("MaxResults", _PAGE)
        if not 1 <= size <= _PAGE:
            raise Refusal("InvalidMaxResultsException", f"MaxResults must be between 1 and {_PAGE}.")
        start, end = request.get("StartTime", 0.0), request.get("EndTime", now)
        if start > end:
            raise Refusal("InvalidTimeRangeException", "StartTime is after EndTime.")
        found = [entry for entry in self._within(max(start, now - _DAYS), end) if _has(entry, attributes)]
        first = _first(request.get("NextToken", "0"))
        events = [_event(entry, region, account) for entry in found[first : first + size]]
        more = {"NextToken": str(first + size)} if first + size < len(found) else {}
        return {"Events": events, **more}

    def _within(self, start: float, end: float) -> Iterator[Entry]:
        return (entry for entry in reversed(self._entries) if start <= entry.at <= end)


def _has(entry: Entry, attributes: list[dict[str, str]]) -> bool:
    return all(_ATTRIBUTES[each["AttributeKey"]](entry) == each.get("AttributeValue") for each in attributes)


def _first(token: str) -> int:
    if not token.isdecimal():
        raise Refusal("InvalidNextTokenException", "NextToken is not one of an earlier answer.")
    return int(token)


def _event(entry: Entry, region: str, account: str) -> dict[str, Any]:
    return {
        "EventId": entry.id,
        "EventName": entry.name,
        "ReadOnly": "false",
        "EventTime": entry.at,
        "EventSource": _SOURCE,
        "Username": entry.actor.rpartition("/")[2],
        "Resources": [],
        "CloudTrailEvent": json.dumps(_record(entry, region, account)),
    }


def _record(entry: Entry, region: str, account: str) -> dict[str, Any]:
    """Return the record of an event. Version 1.05 is that of the sample of the sources."""
    kind = "AssumedRole" if ":assumed-role/" in entry.actor else "IAMUser"
    record = {
        "eventVersion": "1.05",
        "userIdentity": {"type": kind, "arn": entry.actor, "accountId": account},
        "eventTime": datetime.fromtimestamp(entry.at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": _SOURCE,
        "eventName": entry.name,
        "awsRegion": region,
        "requestParameters": entry.request,
        "responseElements": entry.response,
        "eventID": entry.id,
        "eventType": "AwsApiCall",
        "recipientAccountId": account,
    }
    return {**record, "errorCode": entry.error} if entry.error else record
