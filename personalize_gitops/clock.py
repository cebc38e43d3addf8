"""The clocks. No other module reads the system time."""

from __future__ import annotations

import threading
import time

_STEADY: int | None = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
_SLICE = 0.2  # seconds after which a sleep notices an interruption, on Windows too


class _Interruptible:
    """`interrupt` handles signals: it makes sleeps raise KeyboardInterrupt, where a loop can stop safely."""

    interrupted = False

    def interrupt(self, *_: object) -> None:
        """Make every sleep raise KeyboardInterrupt until `resume`. Accepts the arguments of a signal handler."""
        self.interrupted = True

    def resume(self) -> None:
        """Let sleeps last again."""
        self.interrupted = False

    def _check(self) -> None:
        if self.interrupted:
            raise KeyboardInterrupt


class SystemClock(_Interruptible):
    """The system time."""

    def now(self) -> float:
        """Return the epoch seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds that nobody can set back, and that pass while the machine is suspended."""
        return time.monotonic() if _STEADY is None else time.clock_gettime(_STEADY)

    def sleep(self, seconds: float) -> None:
        """Wait for `seconds`. Raises KeyboardInterrupt after `interrupt`, also while it waits."""
        self._check()
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _SLICE))
            self._check()


class SimulatedClock(_Interruptible):
    """Simulated time: it advances only in `sleep`, without waiting."""

    def __init__(self, start: float) -> None:
        self._now = start
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the epoch seconds."""
        return self._now

    def monotonic(self) -> float:
        """Return the epoch seconds, which never go back."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Advance by `seconds` without waiting. Raises KeyboardInterrupt after `interrupt`."""
        self._check()
        with self._lock:
            self._now += max(0.0, seconds)


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
