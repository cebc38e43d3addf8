"""Progress of an apply, one line an event, and its summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from personalize_gitops.model.events import Begun, Cause, Done, Event, Failed, Left, NotBegun, Skipped, Waiting
from personalize_gitops.model.reports import ApplyReport
from personalize_gitops.model.steps import Step, StepId, Verb
from personalize_gitops.render import lines
from personalize_gitops.render.lines import Line
from personalize_gitops.render.reasons import text
from personalize_gitops.render.style import PLAIN, Style, span

_DOING = {
    Verb.CREATE: "creating",
    Verb.UPDATE: "updating",
    Verb.DELETE: "deleting",
    Verb.START: "starting",
    Verb.STOP: "stopping",
    Verb.CANCEL: "stopping",
    Verb.TAG: "tagging",
    Verb.UNPROTECT: "unprotecting",
    Verb.FORGET: "forgetting",
    Verb.WAIT: "waiting",
}
_DID = {
    Verb.CREATE: "created",
    Verb.UPDATE: "updated",
    Verb.DELETE: "deleted",
    Verb.START: "started",
    Verb.STOP: "stopped",
    Verb.CANCEL: "stopped",
    Verb.TAG: "tagged",
    Verb.UNPROTECT: "unprotected",
    Verb.FORGET: "forgotten",
    Verb.WAIT: "ready",
}


def line(event: Event, width: int = 0) -> Line:
    """Return an event as a line with the time of the clock; addresses are padded to `width` characters."""
    at = datetime.fromtimestamp(event.at, UTC).strftime("%H:%M:%S")
    return lines.line(f"{at}  {event.step.id.address!s:<{width}}  {message(event)}")


def message(event: Event) -> str:
    """Return what happened to a resource, without its name."""
    verb = event.step.id.verb
    match event:
        case Begun(step):
            return f"{doing(step)}{_usually(step)}"
        case Waiting(step, state=state, elapsed=elapsed):
            return f"{doing(step)}: {text(state)} for {span(elapsed)}{_usually(step)}"
        case Done(elapsed=elapsed):
            return f"{_did(event.step)}{f' after {span(elapsed)}' if elapsed >= 1 else ''}"
        case Failed(reason=reason):
            return f"FAILED to {verb}: {text(reason)}"
        case Skipped(because=because):
            return f"skipped: {because.id.address} failed"
        case Left(state=state):
            return f"still {text(state) if state else _DOING[verb]}; it continues in the account"
        case _:
            return "not begun"


def _usually(step: Step) -> str:
    return f", usually {span(step.expected)}" if step.expected else ""


def in_flight(events: Iterable[Event]) -> str:
    """Return the addresses of the steps that have begun and not ended."""
    begun: dict[StepId, str] = {}
    for event in events:
        if isinstance(event, Begun):
            begun[event.step.id] = f"{event.step.id.address} ({doing(event.step)})"
        elif isinstance(event, Done | Failed):
            begun.pop(event.step.id, None)
    return ", ".join(begun.values()) or "nothing"


def doing(step: Step) -> str:
    """Return what a step does while it is in progress."""
    return "running" if step.kind.is_run and step.id.verb is Verb.CREATE else _DOING[step.id.verb]


def _did(step: Step) -> str:
    return "done" if step.kind.is_run and step.id.verb is Verb.CREATE else _DID[step.id.verb]


def summary(report: ApplyReport, style: Style = PLAIN) -> str:
    """Return the summary of an apply; empty if there was nothing to do."""
    events, seconds = report.events, report.seconds
    if not events:
        return ""
    counted = Counter(_did(event.step) for event in events if isinstance(event, Done))
    failed = [event for event in events if isinstance(event, Failed)]
    others = {
        "failed": len(failed),
        "skipped": sum(isinstance(event, Skipped) for event in events),
        "in progress": sum(isinstance(event, Left) for event in events),
        "not begun": sum(isinstance(event, NotBegun) for event in events),
    }
    words = [f"{count} {_run(word)}" for word, count in sorted(counted.items())]
    words += [f"{count} {word}" for word, count in others.items() if count]
    took = f"would have taken {span(seconds)}; here time is simulated" if report.simulated else f"took {span(seconds)}"
    rows = [style.paint(f"Applied: {', '.join(words) or 'nothing'}. It {took}.", "bold")]
    rows += [lines.line(f"  {event.step.id.address} failed: {text(event.reason)}") for event in failed]
    causes = {event.cause for event in events if isinstance(event, Left | NotBegun)}
    rows += [lines.line(_AFTERWARDS[cause]) for cause in sorted(causes)]
    if failed and not causes:
        rows.append(lines.line(_REST_DONE))
    return lines.joined(rows)


_REST_DONE = "Everything that does not depend on a failed step was done; the next apply continues from here."


def _run(word: str) -> str:
    return "run" if word == "done" else word


_AFTERWARDS = {
    Cause.INTERRUPTED: "Interrupted. Steps in progress continue in the account; the next apply waits for them.",
    Cause.DEADLINE: "Deadline reached. Steps in progress continue in the account; the next apply waits for them.",
    Cause.CREDENTIALS: "Credentials expired. Steps in progress continue in the account; the next apply waits for them.",
    Cause.LOCK_LOST: "The lock was lost; another apply may hold it. The next apply waits for the steps in progress.",
    Cause.DETACHED: "Not waiting. Steps in progress continue in the account; the next apply continues from there.",
}
