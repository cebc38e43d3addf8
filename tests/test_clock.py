"""The clocks, as far as they can be tested without waiting."""

from __future__ import annotations

from threading import Timer

import pytest

from personalize_gitops.clock import ScaledClock, SimulatedClock, SystemClock

DAY = 86400.0


def test_advancing_a_scaled_clock() -> None:
    """Time that is let pass at once is over at once, and none passes backwards."""
    clock = ScaledClock(1.0)
    before = clock.now()

    clock.advance(DAY)
    clock.advance(-DAY)

    assert 0 <= clock.now() - before - DAY < DAY


def test_a_scaled_clock_starts_no_earlier_than_told() -> None:
    """A clock for a state that has lived further than the real time goes on from there."""
    ahead = SystemClock().now() + 30 * DAY

    assert ScaledClock(1.0, not_before=ahead).now() >= ahead
    assert ScaledClock(1.0).now() < ahead


@pytest.mark.parametrize("clock", [SystemClock(), SimulatedClock(0.0)], ids=["system", "simulated"])
def test_an_interrupted_clock_does_not_sleep(clock: SystemClock | SimulatedClock) -> None:
    """Every sleep raises KeyboardInterrupt at once, until the clock is resumed."""
    clock.interrupt()
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            clock.sleep(DAY)
    clock.resume()

    before = clock.monotonic()
    clock.sleep(0.001)

    assert clock.monotonic() > before


def test_an_interruption_ends_a_sleep() -> None:
    """A sleep of a day that another thread interrupts ends."""
    clock = SystemClock()
    Timer(0.01, clock.interrupt).start()

    with pytest.raises(KeyboardInterrupt):
        clock.sleep(DAY)
