"""The deadline of an apply: when it has passed, what it interrupts, and what it lets go on."""

from __future__ import annotations

import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.engine.apply.deadline import Deadline
from personalize_gitops.model.events import Cause
from tests.support.world import START


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


def test_nothing_is_interrupted_before_it(clock: SimulatedClock) -> None:
    """Sleeps last until the deadline, and no longer."""
    end = Deadline(START + 60, clock)

    end.enforce()

    assert not end.has_passed
    assert not end.is_over
    assert (end.left(START + 30), end.left(START + 90), end.left(START - 1)) == (30, 60, 0)


def test_it_interrupts_and_lets_go(clock: SimulatedClock) -> None:
    """What ends after it was enforced ends because of it; afterwards the clock goes on."""
    end = Deadline(START + 60, clock)
    clock.sleep(60)

    end.enforce()
    with pytest.raises(KeyboardInterrupt):
        clock.sleep(1)

    assert end.cause_of(Cause.INTERRUPTED) is Cause.DEADLINE
    assert end.cause_of(Cause.LOCK_LOST) is Cause.LOCK_LOST
    end.lift()
    clock.sleep(1)


def test_a_signal_stays_a_signal(clock: SimulatedClock) -> None:
    """An interruption by somebody else is neither taken for the deadline, nor lifted."""
    end = Deadline(START + 60, clock)
    clock.interrupt()

    end.enforce()
    end.lift()

    assert end.is_over
    assert end.cause_of(Cause.INTERRUPTED) is Cause.INTERRUPTED


def test_without_one_there_is_no_end(clock: SimulatedClock) -> None:
    """However late it is."""
    end = Deadline(None, clock)
    clock.sleep(1e9)

    end.enforce()

    assert not end.has_passed
    assert not end.is_over
    assert end.left(clock.now() + 60) == 60
