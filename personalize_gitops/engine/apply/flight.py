"""A flight: a step that waits to begin or is in progress, and what can come out of looking at it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from personalize_gitops.engine.apply.purchase import Purchase
from personalize_gitops.model.events import Cause, Event, Failed, Waiting
from personalize_gitops.model.ports import Clock
from personalize_gitops.model.reason import Reason
from personalize_gitops.model.steps import Step, Verb

SHORTEST, LONGEST = 2.0, 60.0
"""Seconds between two polls; the guide polls every 30 to 60 s (docs/service/2 §2.7)."""


@dataclass(frozen=True)
class Flight:
    """A step that is waiting to begin, or in progress."""

    step: Step
    since: float  # when it became ready or, once begun, when it began; epoch seconds
    due: float  # when to begin or poll it; epoch seconds
    arn: str | None = None  # None: not begun yet
    state: Reason | None = None  # why it is still waiting; None before the first attempt or poll
    updates: int = 1  # update calls sent
    purchase: Purchase | None = None  # announced, until every list must show the run
    refused: bool = False  # the service has refused to begin it, and so nothing was bought
    looked_at: float | None = None  # when a list was read first before a purchase that is not announced
    limit: float = 0.0  # seconds that the step may take
    busy_limit: float = 0.0  # seconds that it may be postponed because an object is in a transition
    way: float = 0.0  # expected seconds from its begin to the end of the last step that needs it
    silent: float | None = None  # since when no call of it is answered; epoch seconds
    unanswered: bool = False  # its first call has no answer: lost, or not waited for after an interruption

    @property
    def is_creation(self) -> bool:
        """Whether an object that is being created is waited for."""
        return self.arn is not None and self.step.id.verb is Verb.CREATE

    @property
    def only_reads(self) -> bool:
        """Whether the next poll changes nothing: it neither sends a second update nor sets or removes tags."""
        return self.arn is not None and self.purchase is None and self.step.id.verb not in (Verb.UPDATE, Verb.WAIT)


def by_way(flight: Flight) -> float:
    """Return the key that sorts flights with a longer way first. Equal ones keep their order."""
    return -flight.way


Outcome = tuple[Event | Cause, Flight | None]
"""An event of a flight, and the flight to continue with; None if the step has ended. A cause ends the apply."""


def later(flight: Flight, clock: Clock, state: Reason) -> Outcome:
    """Return the flight, to be begun or polled again later: after a tenth of the elapsed time, 2 to 60 seconds."""
    elapsed = clock.now() - flight.since
    pause = min(LONGEST, max(SHORTEST, elapsed / 10))
    after = replace(flight, due=clock.now() + pause, state=state)
    return Waiting(flight.step, clock.now(), state, elapsed), after


def failed(flight: Flight, clock: Clock, reason: Reason, request_id: str = "") -> Outcome:
    """Return the outcome of a step that failed."""
    now = clock.now()
    return Failed(flight.step, now, now - flight.since, reason, request_id), None
