"""What happens next without being asked: the emulator's discrete events in time order."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, order=True)
class Event:
    """One thing that will happen to one record. Events due at the same moment happen in the order they were planned."""

    due: float  # epoch seconds
    number: int
    record: int = field(compare=False)  # the number of the record it happens to
    deed: str = field(compare=False)  # what lifecycle.advance does, or a word of the kind's own
    to: str = field(compare=False, default="")  # the status it leads to, where it leads to one


class Agenda:
    """A heap of events."""

    def __init__(self, events: Iterable[Event] = (), counter: int = 0) -> None:
        self.events: list[Event] = sorted(events)
        self.counter = counter

    def plan(self, due: float, record: int, deed: str, to: str = "") -> int:
        """Enter an event; its number tells it from others of the same record."""
        self.counter += 1
        heapq.heappush(self.events, Event(due, self.counter, record, deed, to))
        return self.counter

    def next_due(self) -> float | None:
        """When the first event is due."""
        return self.events[0].due if self.events else None

    def pop_due(self, now: float) -> Event | None:
        """The next event if it is due."""
        if self.events and self.events[0].due <= now:
            return heapq.heappop(self.events)
        return None

    def put_back(self, event: Event) -> None:
        """Take an event in again that could not be carried to its end."""
        heapq.heappush(self.events, event)
