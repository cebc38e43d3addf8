"""Killed for real, at any changing call: the next apply ends as if nothing had happened, and buys nothing twice.

The program runs as a process of its own on a served emulator. A proxy kills it before a call is forwarded, or after the
call was carried out and before its answer arrives.
"""

from __future__ import annotations

import signal
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.support.client import Death, Installation, installed
from tests.support.every import write_document
from tests.support.killing import Moment

WHOLE = ("Campaign/home", "Filter/fresh", "BatchInferenceJob/mail", "EventTracker/web")
CALLS = 13
"""The changing calls of an apply of the whole project."""

LENIENT = {"version_names_are_unique": False, "instant": True}

BOUGHT = ("SolutionVersion", "DatasetImportJob", "BatchInferenceJob", "DatasetExportJob")


def purchases(resources: list[Any]) -> Counter[str]:
    return Counter(kind for kind, *_ in resources if kind in BOUGHT)


@cache
def undisturbed(unique: bool) -> list[Any]:
    """Return the resources after an apply to the end in an account of its own."""
    with TemporaryDirectory() as folder, installed(Path(folder), *WHOLE, version_names_are_unique=unique) as other:
        never = Death(CALLS, "before")
        assert other.apply_and_die(never) == 0, "the apply made more calls than the table has rows"
        assert len(never.calls) == CALLS
        return other.resources()


def check_kill(installation: Installation, at: int, moment: Moment, expected: list[Any]) -> None:
    """Apply and be killed, apply again, and compare with the undisturbed apply."""
    death = Death(at, moment)

    assert installation.apply_and_die(death) == -signal.SIGKILL, death.calls

    installation.apply()
    found = installation.resources()
    assert found == expected, death.calls
    assert purchases(found) == purchases(expected)


@pytest.mark.slow
@pytest.mark.parametrize("unique", [True, False], ids=["unique-names", "equal-names"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("at", range(CALLS))
def test_killed_anywhere(tmp_path: Path, at: int, moment: Moment, unique: bool) -> None:
    """The next apply reaches the state of the undisturbed apply with the same number of purchases."""
    expected = undisturbed(unique)
    with installed(tmp_path, *WHOLE, version_names_are_unique=unique) as installation:
        check_kill(installation, at, moment, expected)

        assert "No changes" in installation.apply()


@pytest.mark.parametrize(
    ("at", "moment"), [(1, "before"), (1, "after"), (2, "before")], ids=["announced", "bought", "seen"]
)
def test_killed_at_a_purchase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, moment: Moment) -> None:
    """Killed after the announcement, after the purchase, or when its run was seen, the program trains once."""
    addresses = "Solution/home", "SolutionVersion/home"
    with TemporaryDirectory() as folder, installed(Path(folder), addresses[1], **LENIENT) as other:
        other.prepare(monkeypatch)
        expected = other.resources()
    with installed(tmp_path, addresses[0], **LENIENT) as installation:
        installation.prepare(monkeypatch)
        write_document(installation.manifests, addresses[1])

        check_kill(installation, at, moment, expected)
