"""Events: what apply reports while it works. Times are epoch seconds of the clock, spans are seconds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from personalize_gitops.model.reason import Reason
from personalize_gitops.model.steps import Step


class Cause(StrEnum):
    """Why apply stopped before everything was done."""

    INTERRUPTED = "interrupted"  # by Ctrl-C or SIGTERM
    DEADLINE = "deadline"
    DETACHED = "detached"  # by --no-wait
    CREDENTIALS = "credentials"  # they expired
    LOCK_LOST = "lock_lost"  # another apply may have taken it


@dataclass(frozen=True)
class Event:
    """Something happened to a step."""

    step: Step
    at: float


@dataclass(frozen=True)
class Begun(Event):
    """The call was accepted."""

    request_id: str = ""  # of the call, as the service names it; empty if its answer was lost


@dataclass(frozen=True)
class Waiting(Event):
    """The step is not done yet."""

    state: Reason
    elapsed: float


@dataclass(frozen=True)
class Done(Event):
    """The step succeeded."""

    elapsed: float
    arn: str
    request_id: str = ""  # of a call that ends the step at once


@dataclass(frozen=True)
class Failed(Event):
    """The step failed."""

    elapsed: float
    reason: Reason
    request_id: str = ""  # of the call that failed


@dataclass(frozen=True)
class Skipped(Event):
    """The step was not started because another step failed."""

    because: Step


@dataclass(frozen=True)
class Left(Event):
    """Apply stopped; the step is still in progress in the account."""

    cause: Cause
    state: Reason | None  # None: the object was not read since the call


@dataclass(frozen=True)
class NotBegun(Event):
    """Apply stopped; the step was not started."""

    cause: Cause


ENDS = (Done, Failed, Skipped, Left, NotBegun)
"""The events of which each step has one: its last."""

_DONE, _CREDENTIALS, _FAILED_IN_PART, _INTERRUPTED, _IN_PROGRESS = 0, 4, 10, 8, 9


def exit_code(events: Iterable[Event]) -> int:
    """Return the exit code of an apply."""
    seen = list(events)
    causes = {event.cause for event in seen if isinstance(event, Left | NotBegun)}
    if causes & {Cause.INTERRUPTED, Cause.LOCK_LOST}:
        return _INTERRUPTED
    if Cause.CREDENTIALS in causes:
        return _CREDENTIALS
    if any(isinstance(event, Failed) for event in seen):
        return _FAILED_IN_PART
    return _IN_PROGRESS if causes else _DONE
