"""The deadline of an apply."""

from __future__ import annotations

from personalize_gitops.model.events import Cause
from personalize_gitops.model.ports import Clock


class Deadline:
    """A time, in epoch seconds, after which no other call begins; None for never."""

    def __init__(self, at: float | None, clock: Clock) -> None:
        self._at, self._clock = at, clock
        self._enforced = False

    @property
    def has_passed(self) -> bool:
        """Whether it is later."""
        return self._at is not None and self._clock.now() >= self._at

    @property
    def is_over(self) -> bool:
        """Whether no other call begins: it was enforced, or a signal came."""
        return self._clock.interrupted

    def left(self, until: float) -> float:
        """Return the seconds to a time, or to the deadline if that is earlier."""
        earlier = until if self._at is None else min(until, self._at)
        return max(0.0, earlier - self._clock.now())

    def enforce(self) -> None:
        """Interrupt the clock if it is later: a call that is tried again and again is not sent once more."""
        if self.has_passed and not self._clock.interrupted:
            self._enforced = True
            self._clock.interrupt()

    def lift(self) -> None:
        """Let the clock go on."""
        if self._enforced:
            self._clock.resume()

    def cause_of(self, cause: Cause) -> Cause:
        """Return why an apply stops: a clock that was interrupted here was not by a signal."""
        return Cause.DEADLINE if self._enforced and cause is Cause.INTERRUPTED else cause
