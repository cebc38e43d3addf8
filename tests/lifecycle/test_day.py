"""A day of work in an account that throttles: `make bench` prints the figures of the same day."""

from __future__ import annotations

from pathlib import Path

from tests.support.day import TRAININGS, live_through


def test_a_day_comes_near_its_lower_bound(tmp_path: Path) -> None:
    """200 resources with 60 trainings on 20 slots, at 5 calls a second: at most a tenth above what is possible."""
    day = live_through(tmp_path)

    assert day.ratio <= 1.1
    assert day.refused <= TRAININGS / 2
