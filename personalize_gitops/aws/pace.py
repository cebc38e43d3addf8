"""The pace of all calls of a process: as fast as the service answers, slower when it throttles.

The limits of the service are not published (docs/service/4 §4.6), and other clients of the account share them. A
throttled call sets the rate to a little less than what was answered in the last second. It rises with every call that
is answered, and not while none is made: else a call that looks at its object first, and is repeated with that look
after a pause, would be refused each time.
"""

from __future__ import annotations

from collections import deque
from threading import Lock

from personalize_gitops.model.ports import Clock

SLOWEST = 0.5
"""Calls a second, at least."""

_SHARE = 0.8  # of the calls that were answered in the last second
_INCREASE = 0.1  # calls a second that the rate gains with each answered call; below one a second, this share of it
_FORGET = 120.0  # seconds without throttling after which calls are unlimited again


class Pace:
    """A rate for the calls of several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._answered: deque[float] = deque(maxlen=1000)  # when the last calls were answered; epoch seconds
        self._rate = 0.0  # calls a second, since a call was throttled last
        self._throttled_at = float("-inf")
        self._next = 0.0  # when the next call may be made; epoch seconds

    def wait(self) -> None:
        """Return when the next call may be made."""
        with self._lock:
            now = self._clock.now()
            at = max(now, self._next)
            rate = self._rate_at(at)
            self._next = at + 1 / rate if rate else 0.0
        self._clock.sleep(max(0.0, at - now))

    def answered(self) -> None:
        """Note that the service has answered a call. The rate rises with each, not while none is made."""
        with self._lock:
            self._answered.append(self._clock.now())
            self._rate += _INCREASE * min(1.0, self._rate)

    def throttled(self) -> None:
        """Lower the rate: the service has refused a call because there were too many."""
        with self._lock:
            now = self._clock.now()
            in_last_second = sum(at > now - 1.0 for at in self._answered)
            current = self._rate_at(now) or float("inf")
            self._rate = max(SLOWEST, _SHARE * min(current, in_last_second))
            self._throttled_at = now
            self._next = max(self._next, now + 1 / self._rate)

    def _rate_at(self, now: float) -> float:
        """Return the allowed calls a second; 0 means unlimited."""
        return self._rate if now - self._throttled_at < _FORGET else 0.0
