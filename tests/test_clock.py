"""The clocks, as far as they can be tested without waiting."""

from __future__ import annotations

from personalize_gitops.clock import ScaledClock, SystemClock

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
