"""What apply reports, one line each, and what it all came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from personalize_gitops.model.events import Begun, Cause, Done, Event, Failed, Left, NotBegun, Skipped, Waiting
from personalize_gitops.model.steps import Step, Verb
from personalize_gitops.render.style import PLAIN, Style, span

_DOING = {
    Verb.CREATE: "creating",
    Verb.UPDATE: "updating",
    Verb.DELETE: "deleting",
    Verb.TAG: "tagging",
    Verb.FORGET: "forgetting",
    Verb.WAIT: "waiting",
}
_DID = {
    Verb.CREATE: "created",
    Verb.UPDATE: "updated",
    Verb.DELETE: "deleted",
    Verb.TAG: "tagged",
    Verb.FORGET: "forgotten",
    Verb.WAIT: "ready",
}


def line(event: Event, width: int = 0) -> str:
    """One event in one line, with the time of the clock; addresses are `width` characters wide."""
    at = datetime.fromtimestamp(event.at, UTC).strftime("%H:%M:%S")
    return f"{at}  {event.step.id.address!s:<{width}}  {_told(event)}"


def _told(event: Event) -> str:
    verb = event.step.id.verb
    match event:
        case Begun(step):
            return f"{_doing(step)}{f', usually {span(step.takes)}' if step.takes else ''}"
        case Waiting(step, status=status, elapsed=elapsed):
            usual = f", usually {span(step.takes)}" if step.takes else ""
            return f"{_doing(step)}: {status} for {span(elapsed)}{usual}"
        case Done(elapsed=elapsed):
            return f"{_did(event.step)}{f' after {span(elapsed)}' if elapsed >= 1 else ''}"
        case Failed(reason=reason):
            return f"FAILED to {verb}: {reason}"
        case Skipped(because=because):
            return f"skipped: {because.id.address} failed"
        case Left(status=status):
            return f"still {status or _DOING[verb]}; it goes on in the account"
        case _:
            return "not begun"


def _doing(step: Step) -> str:
    return "running" if step.kind.is_run and step.id.verb is Verb.CREATE else _DOING[step.id.verb]


def _did(step: Step) -> str:
    return "done" if step.kind.is_run and step.id.verb is Verb.CREATE else _DID[step.id.verb]


def summary(events: Sequence[Event], seconds: float, simulated: bool, style: Style = PLAIN) -> str:
    """What an apply came to."""
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
    took = f"would have taken {span(seconds)}; here time is simulated" if simulated else f"took {span(seconds)}"
    text = [style.paint(f"Applied: {', '.join(words) or 'nothing'}. It {took}.", "bold")]
    text += [f"  {event.step.id.address} failed: {event.reason}" for event in failed]
    causes = {event.cause for event in events if isinstance(event, Left | NotBegun)}
    text += [_AFTERWARDS[cause] for cause in sorted(causes)]
    if failed and not causes:
        text.append("The rest was done where it could be; the next apply goes on from here.")
    return "\n".join(text) + "\n"


def _run(word: str) -> str:
    return "run" if word == "done" else word


_AFTERWARDS = {
    Cause.INTERRUPTED: "Interrupted. What is in progress goes on in the account; the next apply waits for it.",
    Cause.DEADLINE: "The deadline is over. What is in progress goes on in the account; the next apply waits for it.",
    Cause.DETACHED: "Not waiting. What is in progress goes on in the account; the next apply goes on from there.",
}
