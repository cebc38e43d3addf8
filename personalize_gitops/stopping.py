"""What SIGINT and SIGTERM do, however the process was started: a shell's `&` leaves SIGINT ignored."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

INTERRUPTED = 8
"""The exit code of an interrupted command."""

Handler = Callable[[int, FrameType | None], None]

_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]


class Interruptible(Protocol):
    """A clock whose sleeps a signal can end."""

    interrupted: bool

    def interrupt(self, *_: object) -> None:
        """Make every sleep raise KeyboardInterrupt, until `resume`."""

    def resume(self) -> None:
        """Let sleeps last again."""


@contextmanager
def handled_by(handler: Handler) -> Iterator[None]:
    """Let a function handle the signals; other threads than the main one receive none."""
    try:
        before = [(number, signal.signal(number, handler)) for number in _SIGNALS]
    except ValueError:  # not the main thread; importing threading to ask would cost every start a millisecond
        yield
        return
    try:
        yield
    finally:
        for number, former in before:
            signal.signal(number, former)


def raise_interrupt(*_: object) -> None:
    """Raise KeyboardInterrupt, as the default handler of SIGINT does."""
    raise KeyboardInterrupt


@contextmanager
def stopping(clock: Interruptible, in_flight: Callable[[], str], *, simulated: bool) -> Iterator[None]:
    """Let the first signal interrupt a clock, and a second one end the process at once.

    `in_flight` returns what is in progress, in words. Nothing is raised where a change is asked for: its answer is
    awaited, so that it is known what the account has begun. In simulated time a second signal changes nothing: the
    first one takes effect soon, and the state must be saved.
    """
    signals = 0

    def stop(*_: object) -> None:
        nonlocal signals
        signals += 1
        if signals > 1:
            if simulated:
                return
            _tell(f"Stopped at once. In progress in the account: {in_flight()}.")
            os._exit(INTERRUPTED)
        clock.interrupt()
        second = "" if simulated else " A second signal stops at once."
        _tell(f"Stopping; no other step begins. In progress: {in_flight()}.{second}")

    with handled_by(stop):
        try:
            yield
        finally:
            clock.resume()


def _tell(line: str) -> None:
    """Write to stderr without its buffer, which the interrupted code may be using."""
    try:
        os.write(2, f"{line}\n".encode(errors="replace"))
    except OSError:
        return
