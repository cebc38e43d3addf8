"""The clocks. No other module reads the system time."""

from __future__ import annotations

import threading
import time


class SystemClock:
    """The system time."""

    def now(self) -> float:
        """Return the epoch seconds."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds`."""
        time.sleep(seconds)


class SimulatedClock:
    """Simulated time: it advances only in `sleep`, without waiting.

    `interrupt` handles Ctrl-C: it makes the next sleep raise KeyboardInterrupt, where a loop can stop safely.
    """

    def __init__(self, start: float) -> None:
        self._now = start
        self._lock = threading.Lock()
        self._interrupted = False

    def now(self) -> float:
        """Return the epoch seconds."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Advance by `seconds` without waiting. Raises KeyboardInterrupt after `interrupt`."""
        if self._interrupted:
            self._interrupted = False
            raise KeyboardInterrupt
        with self._lock:
            self._now += max(0.0, seconds)

    def interrupt(self, *_: object) -> None:
        """Make the next sleep raise KeyboardInterrupt. Accepts the arguments of a signal handler."""
        self._interrupted = True


class ScaledClock:
    """System time multiplied by `speed`, which can be advanced.

    It starts now or at `not_before` (epoch seconds), whichever is later.
    """

    def __init__(self, speed: float, not_before: float = 0.0) -> None:
        self._speed = speed
        self._start = max(time.time(), not_before)
        self._origin = time.monotonic()

    def now(self) -> float:
        """Return the epoch seconds of the scaled time."""
        return self._start + (time.monotonic() - self._origin) * self._speed

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of the scaled time."""
        time.sleep(seconds / self._speed)

    def advance(self, seconds: float) -> None:
        """Advance by `seconds` of the scaled time, without waiting."""
        self._start += max(0.0, seconds)
