"""The event queue of a region: what happens to its resources later without a request, in order of time."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Event:
    """One change of one record at one time. Events of the same time happen in the order they were scheduled."""

    due: float  # epoch seconds
    number: int
    record_number: int = field(compare=False)
    action: str = field(compare=False)  # what service.lifecycle does, or an action of the kind's own
    status: str = field(compare=False, default="")  # the status that the record enters; "" if none


class EventQueue:
    """A heap of events."""

    def __init__(self, events: Iterable[Event] = (), counter: int = 0) -> None:
        self.events: list[Event] = sorted(events)
        self.counter = counter  # the number of the event that was scheduled last

    def schedule(self, due: float, record_number: int, action: str, status: str = "") -> int:
        """Add an event of a record and return the number of the event."""
        self.counter += 1
        heapq.heappush(self.events, Event(due, self.counter, record_number, action, status))
        return self.counter

    def next_due(self) -> float | None:
        """Return when the first event is due; None if there are no events."""
        return self.events[0].due if self.events else None

    def pop_due(self, now: float) -> Event | None:
        """Remove and return the first event that is due; None if none is."""
        if self.events and self.events[0].due <= now:
            return heapq.heappop(self.events)
        return None

    def put_back(self, event: Event) -> None:
        """Add an event again that `pop_due` has removed."""
        heapq.heappush(self.events, event)
