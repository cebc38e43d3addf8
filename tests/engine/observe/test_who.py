"""The last write of objects, from the events of an account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from personalize_gitops.engine.observe.who import writers
from personalize_gitops.errors import AccessDenied
from personalize_gitops.model.ports import Cloud
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.who import Sought, Who, WriteEvent


class Events:
    """A cloud that has events only; an operation without any is refused."""

    def __init__(self, *events: WriteEvent) -> None:
        self.events = sorted(events, key=lambda event: -event.at)
        self.asked: list[str] = []

    def write_events(self, operation: str) -> Iterator[WriteEvent]:
        """Yield the events of an operation."""
        self.asked.append(operation)
        if operation == "Denied":
            raise AccessDenied("LookupEvents: not authorized")
        yield from (event for event in self.events if event.name == operation)


def found(events: Events, *wanted: Sought) -> dict[Sought, Who]:
    """Who made the last writes."""
    return dict(writers(wanted, cast("Cloud", events)))


def event(name: str, at: float, actor: str, *texts: str) -> WriteEvent:
    return WriteEvent(name, at, actor, frozenset(texts))


def test_the_newest_write_of_each_object() -> None:
    """Over all operations; each operation is asked for once."""
    events = Events(
        event("Update", 3, "ann", "arn:a"), event("Update", 9, "bob", "arn:b"), event("Create", 5, "cid", "arn:a")
    )
    first, second = Sought(("Update", "Create"), "arn:a"), Sought(("Update",), "arn:b")

    assert found(events, first, second, first) == {first: Who("cid", 5, "Create"), second: Who("bob", 9, "Update")}
    assert events.asked == ["Update", "Create"]


def test_no_event_is_told() -> None:
    """The actor is unknown when no event is about the object."""
    wanted: Any = Sought(("Update",), "arn:a")

    assert found(Events(), wanted)[wanted] == Who(reason=Reason(ReasonCode.NO_WRITE_EVENT))


def test_a_refusal_is_told_and_not_repeated() -> None:
    """Without the permission every finding says so, after one call."""
    events = Events(event("Update", 3, "ann", "arn:a"))
    first, second = Sought(("Denied",), "arn:a"), Sought(("Update",), "arn:a")

    reason = because(ReasonCode.TRAIL_UNREADABLE, error=Verbatim("LookupEvents: not authorized"))
    assert found(events, first, second) == {first: Who(reason=reason), second: Who(reason=reason)}
    assert events.asked == ["Denied"]
