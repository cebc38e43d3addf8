"""Events: what apply reports while it works. Times are epoch seconds of the clock, spans are seconds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from personalize_gitops.model.steps import Step


class Cause(StrEnum):
    """Why apply stopped before everything was done."""

    INTERRUPTED = "interrupted"  # somebody pressed Ctrl-C, or the pipeline asked to end
    DEADLINE = "deadline"  # the time it was given is over
    DETACHED = "detached"  # it was told not to wait
    CREDENTIALS = "credentials"  # they ran out


@dataclass(frozen=True)
class Event:
    """Something happened to a step."""

    step: Step
    at: float


@dataclass(frozen=True)
class Begun(Event):
    """Its call was accepted."""


@dataclass(frozen=True)
class Waiting(Event):
    """It was looked at, and is not done."""

    status: str
    elapsed: float


@dataclass(frozen=True)
class Done(Event):
    """It ended well."""

    elapsed: float
    arn: str


@dataclass(frozen=True)
class Failed(Event):
    """It ended badly, for the reason the service gives."""

    elapsed: float
    reason: str


@dataclass(frozen=True)
class Skipped(Event):
    """It did not happen because another step failed."""

    because: Step


@dataclass(frozen=True)
class Left(Event):
    """Apply stopped; this step is still under way in the account."""

    cause: Cause
    status: str


@dataclass(frozen=True)
class NotBegun(Event):
    """Apply stopped; this step was not started."""

    cause: Cause


_DONE, _FAILED_IN_PART, _INTERRUPTED, _IN_PROGRESS = 0, 10, 8, 9


def exit_code(events: Iterable[Event]) -> int:
    """What the whole of an apply comes to, as an exit code."""
    seen = list(events)
    causes = {event.cause for event in seen if isinstance(event, Left | NotBegun)}
    if Cause.INTERRUPTED in causes:
        return _INTERRUPTED
    if any(isinstance(event, Failed) for event in seen):
        return _FAILED_IN_PART
    return _IN_PROGRESS if causes else _DONE
