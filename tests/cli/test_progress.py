"""Progress on stderr: a live region on a terminal, lines elsewhere."""

from __future__ import annotations

import argparse
import os
import pty
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from personalize_gitops.cli.progress import followed
from personalize_gitops.model.address import Address
from personalize_gitops.model.events import Begun, Cause, Done, Event, Failed, Left, NotBegun, Skipped, Waiting
from personalize_gitops.model.reason import service_message
from personalize_gitops.model.steps import Step, StepId, Verb
from tests.render.plans import live
from tests.support.screen import Screen
from tests.support.served import served

NOON = 1_750_075_200.0


def step(kind: str, name: str, verb: Verb = Verb.CREATE) -> Step:
    return Step(StepId(Address(kind, name), verb, name), live(kind, name).kind)


GROUP, TRAINING, CAMPAIGN = step("DatasetGroup", "shop"), step("SolutionVersion", "home"), step("Campaign", "home")
STEPS = (GROUP, TRAINING, CAMPAIGN)
RUNNING = service_message("CREATE IN_PROGRESS")
EVENTS: list[Event] = [
    Begun(GROUP, NOON),
    Done(GROUP, NOON + 30, 30, "arn:g"),
    Begun(TRAINING, NOON + 30),
    Begun(CAMPAIGN, NOON + 40),
    Waiting(TRAINING, NOON + 90, RUNNING, 60),
    Waiting(CAMPAIGN, NOON + 640, RUNNING, 600),
]
REGION = [
    "SolutionVersion/home  running since 12:00:30, expected until 12:35:30 (CREATE IN_PROGRESS)",
    "Campaign/home         creating since 12:00:40, longer than the usual 9m (CREATE IN_PROGRESS)",
    "1 of 3 done, 2 in progress",
]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Stderr as a terminal of 100 columns and 20 rows."""
    screen = Screen()
    for name, value in {"COLUMNS": "100", "LINES": "20", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return screen


def follow(screen: Screen, events: Iterable[Event], *, simulated: bool = False, color: str = "auto") -> None:
    """Take every event, as apply does."""
    options = argparse.Namespace(color=color, output=None)
    with redirect_stderr(screen):
        assert list(followed(events, STEPS, options, simulated=simulated))


def stopped_after(screen: Screen, events: Iterable[Event]) -> Iterator[Event]:
    """Yield events, and check the screen before they end."""
    yield from events
    assert screen.rows[-len(REGION) - 1 : -1] == REGION


def test_one_region_shows_what_runs(screen: Screen) -> None:
    """Steps in progress stand below the lines of those that ended: since when, expected until, done of total."""
    follow(screen, stopped_after(screen, EVENTS))

    assert screen.rows == ["12:00:30  DatasetGroup/shop     created after 30s", ""]


def test_the_region_is_drawn_in_place(screen: Screen) -> None:
    """However many events come, the screen grows only by the lines of steps that ended."""
    follow(screen, [*EVENTS, *(Waiting(TRAINING, NOON + 700 + n, RUNNING, 670 + n) for n in range(500))])

    assert len(screen.rows) == 2


def test_every_end_stays(screen: Screen) -> None:
    """The line of a step that failed, was skipped, or was left in progress stays on the screen; the region goes."""
    ends: list[Event] = [
        Failed(GROUP, NOON, 1, service_message("no")),
        Skipped(TRAINING, NOON, GROUP),
        Left(CAMPAIGN, NOON, Cause.INTERRUPTED, None),
        NotBegun(CAMPAIGN, NOON, Cause.INTERRUPTED),
    ]
    follow(screen, ends)

    assert [row[32:] for row in screen.rows] == [
        "FAILED to create: no",
        "skipped: DatasetGroup/shop failed",
        "still creating; it continues in the account",
        "not begun",
        "",
    ]


def test_a_line_from_elsewhere_stays(screen: Screen) -> None:
    """A message that a signal handler writes while the region is shown is not erased with it."""

    def interrupted() -> Iterator[Event]:
        yield from EVENTS
        sys.stderr.write(
            "Stopping; no other step begins; this message is longer than every row of the region, to the end.\n"
        )
        yield EVENTS[-1]

    follow(screen, interrupted())

    assert [row[:8] for row in screen.rows] == ["12:00:30", "Stopping", ""]


@pytest.mark.parametrize("columns", [20, 33, 60])
def test_a_narrow_terminal(screen: Screen, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """No row of the region is as wide as the terminal: a wrapped row could not be erased."""
    monkeypatch.setenv("COLUMNS", str(columns))
    widest = service_message("木" * 80)

    def checked() -> Iterator[Event]:
        yield from EVENTS
        yield Waiting(CAMPAIGN, NOON, widest, 1)
        assert all(len(row) + row.count("木") < columns for row in screen.rows[1:])
        assert screen.rows[-2][:11] == "1 of 3 done"

    follow(screen, checked())


def test_a_low_terminal(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps for which there is no row are counted."""
    monkeypatch.setenv("LINES", "6")
    many = [Begun(step("Filter", str(number)), NOON + number) for number in range(9)]

    def checked() -> Iterator[Event]:
        yield from many
        assert len(screen.rows) == 6
        assert screen.rows[3:] == ["and 6 more", "0 of 3 done, 9 in progress", ""]

    follow(screen, checked())


@pytest.mark.parametrize("case", ["simulated", "dumb", "no terminal", "tiny"])
def test_lines_where_no_region_is_possible(screen: Screen, monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """Simulated time, a dumb terminal, a file and a tiny terminal get one line for each event."""
    if case == "dumb":
        monkeypatch.setenv("TERM", "dumb")
    if case == "tiny":
        monkeypatch.setenv("COLUMNS", "19")
    if case == "no terminal":
        screen.terminal = False

    follow(screen, EVENTS, simulated=case == "simulated")

    assert "\x1b" not in screen.getvalue()
    assert len(screen.getvalue().splitlines()) == (4 if case == "simulated" else 6)


@pytest.mark.parametrize(
    ("color", "no_color", "coloured"), [("auto", "", True), ("auto", "1", False), ("never", "", False)]
)
def test_colours_of_the_region(
    screen: Screen, monkeypatch: pytest.MonkeyPatch, color: str, no_color: str, coloured: bool
) -> None:
    """NO_COLOR and --color apply to the region; it is drawn in place all the same."""
    monkeypatch.setenv("NO_COLOR", no_color)

    follow(screen, EVENTS, color=color)

    assert ("\x1b[1m" in screen.getvalue()) is coloured
    assert "\x1b[J" in screen.getvalue()


def test_a_heartbeat_of_a_step_that_takes_long(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a region, an unchanged state is repeated every five minutes."""
    monkeypatch.setenv("TERM", "dumb")

    follow(screen, [Waiting(TRAINING, NOON + 60 * minute, RUNNING, 60 * minute) for minute in range(21)])

    assert len(screen.getvalue().splitlines()) == 5


def test_a_real_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a terminal, the program draws the region, erases it, and ends with the summary."""
    with served(tmp_path, monkeypatch) as found:
        found.project.write("group.yaml", "kind: DatasetGroup\nname: shop\nspec: {}\n")
        command = [sys.executable, "-m", "personalize_gitops", "apply", "--auto-approve", "--no-wait"]
        terminal, program = pty.openpty()
        try:
            monkeypatch.setenv("TERM", "xterm")
            subprocess.run(command, cwd=tmp_path, check=False, stdout=program, stderr=program)
            shown = os.read(terminal, 100_000).decode().replace("\r\n", "\n")
        finally:
            os.close(program)
            os.close(terminal)

    screen = Screen()
    screen.write(shown)
    assert "DatasetGroup/shop  creating since" in shown
    assert "0 of 1 done, 1 in progress" in shown
    assert not any("in progress" in row and "of" in row.split() for row in screen.rows)
    assert any(row.endswith("DatasetGroup/shop  still creating; it continues in the account") for row in screen.rows)
