"""The events of an apply as JSON, one a line, in the order in which they happen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from personalize_gitops.model.events import Begun, Done, Event, Failed, Left, NotBegun, Skipped, Waiting, exit_code
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.progress import Progress
from personalize_gitops.model.reports import ApplyReport
from personalize_gitops.render.json import FORMAT_VERSION, head_of, moment, named, reason_of, written
from personalize_gitops.render.style import PLAIN, Style


def applied(report: ApplyReport, _: Style = PLAIN) -> str:
    """Return the lines of a whole apply, as they were streamed."""
    return "".join(
        [
            first_line(report.plan, len(report.ends), report.begun, simulated=report.simulated),
            *(text for _, text in with_lines(report.events, len(report.ends))),
            last_line(report),
        ]
    )


def first_line(plan: Plan, total: int, begun: float, *, simulated: bool) -> str:
    """Return the line that says what is applied, and in how many steps."""
    head = {"sequence": 1, "time": moment(begun), "type": "begin", "formatVersion": FORMAT_VERSION}
    return _line({**head, **head_of(plan), "simulated": simulated, "total": total})


def with_lines(events: Iterable[Event], total: int) -> Iterator[tuple[Event, str]]:
    """Yield each event with its line. Events that happen at once come in any order: no time is before the last one."""
    progress, latest = Progress(total), 0.0
    for sequence, event in enumerate(events, 2):
        progress, latest = progress.after(event), max(latest, event.at)
        yield event, _line({"sequence": sequence, **_event(event, latest), "done": progress.done, "total": total})


def last_line(report: ApplyReport) -> str:
    """Return the line that says how the apply ended."""
    tail = {"sequence": len(report.events) + 2, "time": moment(report.begun + report.seconds), "type": "end"}
    seconds = round(report.seconds, 3)
    counts = {"done": report.done, "total": len(report.ends), "exitCode": exit_code(report.events)}
    return _line({**tail, "seconds": seconds, **counts})


def _event(event: Event, at: float) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "elapsedSeconds": None,
        "reasons": [],
        "because": None,
        "cause": None,
        "arn": None,
        "requestId": None,
    }
    head = {"time": moment(at), "type": "step", **named(event.step), "expectedSeconds": event.step.expected}
    return {**head, **nothing, **_details(event)}


def _details(event: Event) -> dict[str, Any]:
    match event:
        case Begun(request_id=request):
            return {"event": "begun", "requestId": request or None}
        case Waiting(state=state, elapsed=elapsed):
            return {"event": "waiting", "elapsedSeconds": round(elapsed, 3), "reasons": [reason_of(state)]}
        case Done(elapsed=elapsed, arn=arn, request_id=request):
            return {"event": "done", "elapsedSeconds": round(elapsed, 3), "arn": arn, "requestId": request or None}
        case Failed(elapsed=elapsed, reason=reason, request_id=request):
            reasons = [reason_of(reason)]
            elapsed = round(elapsed, 3)
            return {"event": "failed", "elapsedSeconds": elapsed, "reasons": reasons, "requestId": request or None}
        case Skipped(because=because):
            return {"event": "skipped", "because": str(because.id.address)}
        case Left(cause=cause, state=state):
            return {"event": "in progress", "cause": cause, "reasons": [reason_of(state)] if state else []}
        case NotBegun(cause=cause):
            return {"event": "not begun", "cause": cause}
        case _:
            raise TypeError(f"{type(event).__name__} is not an event of a step")


def _line(content: dict[str, Any]) -> str:
    return written(content, indent=None)
