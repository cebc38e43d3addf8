"""Find who made the last write of objects, in the trail of the account. An unreadable trail is not an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from personalize_gitops.errors import GitopsError
from personalize_gitops.model.ports import Cloud
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.who import Sought, Who, WriteEvent


def writers(wanted: Iterable[Sought], cloud: Cloud) -> Mapping[Sought, Who]:
    """Return who made the last write, for each one that is sought."""
    trail = _Trail(cloud)
    return {sought: _writer(sought, trail) for sought in dict.fromkeys(wanted)}


def _writer(sought: Sought, trail: _Trail) -> Who:
    newest = (trail.newest(operation, sought) for operation in sought.operations)
    found = max((event for event in newest if event), key=lambda event: event.at, default=None)
    if trail.failure:
        return Who(reason=trail.failure)
    return Who(found.actor, found.at, found.name) if found else Who(reason=Reason(ReasonCode.NO_WRITE_EVENT))


class _Trail:
    """The events read so far, by operation. It is not asked again after a failure, which others would repeat."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._read: dict[str, list[WriteEvent]] = {}
        self._ahead: dict[str, Iterator[WriteEvent]] = {}
        self.failure: Reason | None = None

    def newest(self, operation: str, sought: Sought) -> WriteEvent | None:
        """Return the newest event of an operation about an object; None if there is none."""
        return next((event for event in self._events(operation) if sought.is_in(event)), None)

    def _events(self, operation: str) -> Iterator[WriteEvent]:
        read = self._read.setdefault(operation, [])
        yield from tuple(read)
        if self.failure:
            return
        ahead = self._ahead.setdefault(operation, self._cloud.write_events(operation))
        try:
            for event in ahead:
                read.append(event)
                yield event
        except GitopsError as error:
            self.failure = because(ReasonCode.TRAIL_UNREADABLE, error=Verbatim(error))
