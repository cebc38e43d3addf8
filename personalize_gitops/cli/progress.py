"""Progress of an apply on stderr: a live region on a terminal, otherwise a line for every change and a heartbeat."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence

from personalize_gitops.cli.output import style_for, tell
from personalize_gitops.model.events import Begun, Event, Waiting
from personalize_gitops.model.progress import Progress
from personalize_gitops.model.reason import Reason
from personalize_gitops.model.steps import Step
from personalize_gitops.render.events import line
from personalize_gitops.render.lines import Line, joined
from personalize_gitops.render.region import SMALLEST, region

_BEAT = 300.0  # seconds between two heartbeats


def followed(
    events: Iterable[Event], steps: Sequence[Step], options: argparse.Namespace, *, simulated: bool
) -> Iterator[Event]:
    """Yield the events, and show the progress on stderr. In simulated time there is no region and no heartbeat."""
    width = max((len(str(step.id.address)) for step in steps), default=0)
    if not simulated and _can_redraw():
        yield from _in_region(events, steps, width, options)
    else:
        yield from _in_lines(events, width, simulated=simulated)


def _in_lines(events: Iterable[Event], width: int, *, simulated: bool) -> Iterator[Event]:
    """Yield the events and print each; a `Waiting` event only if the state is new or a heartbeat is due."""
    printed: dict[str, tuple[Reason, float]] = {}
    for event in events:
        if not isinstance(event, Waiting) or (not simulated and _is_due(event, printed)):
            tell(line(event, width))
        yield event


def _is_due(event: Waiting, printed: dict[str, tuple[Reason, float]]) -> bool:
    """Return whether a step has another state than printed last, or a heartbeat is due; if so, record it as printed."""
    key = str(event.step.id)
    state, at = printed.get(key, (None, event.at))
    if state == event.state and event.at - at < _BEAT:
        return False
    printed[key] = (event.state, event.at)
    return True


def _in_region(
    events: Iterable[Event], steps: Sequence[Step], width: int, options: argparse.Namespace
) -> Iterator[Event]:
    """Yield the events; print the ends of steps, and below them a region that is redrawn with every event."""
    progress, style = Progress(len(steps)), style_for(options, sys.stderr)
    try:
        for event in events:
            progress = progress.after(event)
            ended = [] if isinstance(event, Begun | Waiting) else [line(event, width)]
            _draw(ended, region(progress, *_size(), style))
            yield event
    finally:
        _draw([], [])


def _draw(ended: Sequence[Line], lines: Sequence[Line]) -> None:
    """Replace the region below the cursor by lines that stay and a new region.

    The cursor is left above the region, so that a line from elsewhere, such as of a signal handler, stays too.
    """
    back = f"\x1b[{len(lines)}A\r" if lines else ""
    sys.stderr.write(f"\r\x1b[J{joined([*ended, *lines])}{back}")
    sys.stderr.flush()


def _can_redraw() -> bool:
    """Return whether stderr is a terminal that understands cursor movements and is large enough."""
    columns, rows = _size()
    large = columns >= SMALLEST[0] and rows >= SMALLEST[1]
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and large


def _size() -> tuple[int, int]:
    """Return the columns and rows of the terminal."""
    try:
        columns, rows = os.get_terminal_size(sys.stderr.fileno())
    except (OSError, ValueError):
        columns, rows = 0, 0
    usual = shutil.get_terminal_size()
    return columns or usual.columns, rows or usual.lines
