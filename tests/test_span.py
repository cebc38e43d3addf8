"""Durations as text."""

from __future__ import annotations

import pytest

from personalize_gitops.span import seconds_in, seconds_in_sum

HOUR, DAY = 3600, 86400


@pytest.mark.parametrize(("text", "seconds"), [("90m", 90 * 60), ("5h", 5 * HOUR), ("7d", 7 * DAY), ("2w", 14 * DAY)])
def test_durations_of_manifests(text: str, seconds: int) -> None:
    """One whole number and one unit."""
    assert seconds_in(text) == seconds == seconds_in_sum(text)


@pytest.mark.parametrize("text", ["", "5", "h", "0h", "05h", "90s", "1.5h", "1d12h", "5 h", "5h\n"])
def test_other_forms_are_refused_in_manifests(text: str) -> None:
    """Manifests take no seconds, fractions or sums."""
    with pytest.raises(ValueError, match="invalid duration"):
        seconds_in(text)


@pytest.mark.parametrize(("text", "seconds"), [("0s", 0), ("90s", 90), ("1.5h", 1.5 * HOUR), ("1d2h30m", 26.5 * HOUR)])
def test_sums(text: str, seconds: float) -> None:
    """The emulator's command line takes seconds, fractions and sums."""
    assert seconds_in_sum(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "soon", "1d 2h", "-5s", "1.h", "5H"])
def test_other_forms_are_refused_as_sums(text: str) -> None:
    """Each term is a number and a unit, without signs and spaces."""
    with pytest.raises(ValueError, match="invalid duration"):
        seconds_in_sum(text)
