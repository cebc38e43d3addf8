"""Progress of an apply on stderr: a line for every change of status, and a heartbeat in between."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from personalize_gitops.cli.output import tell
from personalize_gitops.model.events import Event, Waiting
from personalize_gitops.model.reason import Reason
from personalize_gitops.model.steps import Step
from personalize_gitops.render.events import line

_BEATS = (
    (60.0, 10.0),
    (600.0, 60.0),
)  # age of a step in seconds up to which the second number applies: seconds between two heartbeats
_SLOWEST = 300.0


def followed(events: Iterable[Event], steps: Iterable[Step], *, simulated: bool) -> Iterator[Event]:
    """Yield the events, and print them; `Waiting` events only if the state is new or a heartbeat is due.

    In simulated time no `Waiting` event is printed.
    """
    width = max((len(str(step.id.address)) for step in steps), default=0)
    printed: dict[str, tuple[Reason, float]] = {}
    for event in events:
        if not isinstance(event, Waiting) or (not simulated and _is_due(event, printed)):
            tell(line(event, width))
        yield event


def _is_due(event: Waiting, printed: dict[str, tuple[Reason, float]]) -> bool:
    """Return whether a step has another state than printed last, or a heartbeat is due; if so, record it as printed."""
    key = str(event.step.id)
    state, at = printed.get(key, (None, event.at))
    if state == event.state and event.at - at < _beat(event.elapsed):
        return False
    printed[key] = (event.state, event.at)
    return True


def _beat(elapsed: float) -> float:
    """Return the seconds between two heartbeats of a step that is `elapsed` seconds old."""
    if not sys.stderr.isatty():
        return _SLOWEST
    return next((beat for until, beat in _BEATS if elapsed < until), _SLOWEST)
