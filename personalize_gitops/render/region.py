"""The live region of a terminal: the steps in progress, and how much is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from unicodedata import east_asian_width

from personalize_gitops.model.progress import Progress, Running
from personalize_gitops.render.events import doing
from personalize_gitops.render.lines import Line, escaped, line
from personalize_gitops.render.reasons import text
from personalize_gitops.render.style import PLAIN, Style, span

SMALLEST = (20, 4)  # columns and rows of a terminal below which a region does not help


def region(progress: Progress, columns: int, rows: int, style: Style = PLAIN) -> list[Line]:
    """Return the region as lines that fit into a terminal: steps by their beginning, and the count below them."""
    running = sorted(progress.running.values(), key=lambda each: (each.since, each.step.id))
    room = rows - 2  # for the count, and the line of the cursor
    shown = running if len(running) <= room else running[: room - 1]
    addresses = max((len(str(each.step.id.address)) for each in shown), default=0)
    lines = [line(_cut(_row(each, addresses, progress.at), columns - 1)) for each in shown]
    if len(shown) < len(running):
        lines.append(line(_cut(f"and {len(running) - len(shown)} more", columns - 1)))
    return [*lines, style.paint(_cut(", ".join(_counts(progress)), columns - 1), "bold")]


def _row(running: Running, addresses: int, now: float) -> str:
    """Return what a step does, its state, since when, and until when."""
    state = f" ({text(running.state)})" if running.state else ""
    usual = span(running.step.expected)
    on_time = f", expected until {_clock(running.until)}"
    expected = on_time if now <= running.until else f", longer than the usual {usual}"
    head = f"{running.step.id.address!s:<{addresses}}  {doing(running.step)} since {_clock(running.since)}"
    return escaped(f"{head}{expected if running.until else ''}{state}")


def _counts(progress: Progress) -> Iterator[str]:
    yield f"{progress.done} of {progress.total} done"
    if progress.failed:
        yield f"{progress.failed} failed or skipped"
    yield f"{len(progress.running)} in progress"


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M:%S")


def _cut(shown: str, columns: int) -> str:
    """Return a text cut to a width; wide characters take two columns."""
    if _width(shown) <= columns:
        return shown
    while _width(shown) > columns - 1:
        shown = shown[:-1]
    return f"{shown}…"


def _width(shown: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in shown)
