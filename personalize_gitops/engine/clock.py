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
    """Time that passes only by sleeping, and then at once."""

    def __init__(self, start: float) -> None:
        self._now = start
        self._lock = threading.Lock()

    def now(self) -> float:
        """Epoch seconds."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Move on."""
        with self._lock:
            self._now += max(0.0, seconds)


class ScaledClock:
    """Real time, some times faster."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._start = time.time()
        self._origin = time.monotonic()

    def now(self) -> float:
        """Epoch seconds of the scaled time."""
        return self._start + (time.monotonic() - self._origin) * self._speed

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of the scaled time."""
        time.sleep(seconds / self._speed)
