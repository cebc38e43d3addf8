"""The clocks. Nothing else in the program reads the time of the system."""

from __future__ import annotations

import threading
import time


class SystemClock:
    """The real time."""

    def now(self) -> float:
        """Epoch seconds."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait in reality."""
        time.sleep(seconds)


class SimulatedClock:
    """Time that passes only by sleeping, and then at once.

    `interrupt` is for Ctrl-C: it makes the next sleep raise KeyboardInterrupt, where a loop can end in order.
    """

    def __init__(self, start: float) -> None:
        self._now = start
        self._lock = threading.Lock()
        self._interrupted = False

    def now(self) -> float:
        """Epoch seconds."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Move on."""
        if self._interrupted:
            self._interrupted = False
            raise KeyboardInterrupt
        with self._lock:
            self._now += max(0.0, seconds)

    def interrupt(self, *_: object) -> None:
        """Let the next sleep end in KeyboardInterrupt; takes what a signal handler is given."""
        self._interrupted = True


class ScaledClock:
    """Real time, some times faster, that starts no earlier than it is told and can be moved on."""

    def __init__(self, speed: float, not_before: float = 0.0) -> None:
        self._speed = speed
        self._start = max(time.time(), not_before)
        self._origin = time.monotonic()

    def now(self) -> float:
        """Epoch seconds of the scaled time."""
        return self._start + (time.monotonic() - self._origin) * self._speed

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of the scaled time."""
        time.sleep(seconds / self._speed)

    def advance(self, seconds: float) -> None:
        """Let `seconds` of the scaled time pass at once."""
        self._start += max(0.0, seconds)
