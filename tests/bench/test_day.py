"""A day of work in an account that throttles, in simulated time: how near the apply comes to what is possible."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.day import live_through


@pytest.mark.benchmark(group="a day in simulated time")
def test_a_day(benchmark: Any, tmp_path: Path, tell: Callable[[str], None]) -> None:
    """200 resources with 60 trainings on 20 slots, at 5 calls a second: at most a tenth above the lower bound."""
    day = benchmark.pedantic(live_through, (tmp_path,), rounds=1)

    tell(
        f"makespan {day.makespan:.0f} s, lower bound {day.bound:.0f} s, ratio {day.ratio:.3f}; "
        f"{day.calls} calls, {day.refused} trainings refused for want of a slot"
    )
    assert day.ratio <= 1.1
