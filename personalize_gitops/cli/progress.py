"""Progress of an apply on stderr: a line when something changes, and a heartbeat in between."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from personalize_gitops.cli.output import tell
from personalize_gitops.model.events import Event, Waiting
from personalize_gitops.model.steps import Step
from personalize_gitops.render.events import line

_BEATS = ((60.0, 10.0), (600.0, 60.0))  # up to this long after it began, a beat every so many seconds
_SLOWEST = 300.0


def followed(events: Iterable[Event], steps: Iterable[Step], *, simulated: bool) -> Iterator[Event]:
    """The events as they come, each told when there is something to tell.

    In simulated time nobody waits, and a sign of life is noise.
    """
    width = max((len(str(step.id.address)) for step in steps), default=0)
    told: dict[str, tuple[str, float]] = {}
    for event in events:
        if not isinstance(event, Waiting) or (not simulated and _is_news(event, told)):
            tell(line(event, width))
        yield event


def _is_news(event: Waiting, told: dict[str, tuple[str, float]]) -> bool:
    """Whether the status has changed, or it is time for a sign of life."""
    key = str(event.step.id)
    status, at = told.get(key, (None, event.at))
    if status == event.status and event.at - at < _beat(event.elapsed):
        return False
    told[key] = (event.status, event.at)
    return True


def _beat(elapsed: float) -> float:
    if not sys.stderr.isatty():
        return _SLOWEST
    return next((beat for until, beat in _BEATS if elapsed < until), _SLOWEST)
