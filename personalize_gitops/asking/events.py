"""The events that are recorded before a question (docs/service/3 §2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.live import Snapshot
from personalize_gitops.model.ports import Clock, Runtime
from personalize_gitops.model.problem_codes import AskCode
from personalize_gitops.model.reason import because
from personalize_gitops.model.recommendations import Click, Question
from personalize_gitops.model.status import Condition

_MOST = 10  # events in a request (docs/service/3 §2.2)
_SEEN_AFTER = 2.0  # seconds until an event counts, which takes the service seconds (docs/service/3 §1.1)
_OPTION = "--event"


def record(question: Question, group: str, snapshot: Snapshot, runtime: Runtime, clock: Clock, now: float) -> None:
    """Record the events of a question, and wait until answers can depend on them. `now` is in epoch seconds.

    Raises InvalidChoice without an event tracker, a user or a session.
    """
    if not question.events:
        return
    if not (question.user or question.session):
        raise InvalidChoice(_OPTION, "", because(AskCode.NO_SUBJECT))
    trackers = [live for live in snapshot.in_group(group, "EventTracker") if live.condition is Condition.READY]
    if not trackers:
        raise InvalidChoice(_OPTION, "", because(AskCode.NO_TRACKER))
    tracking_id = runtime.tracking_id(trackers[0])
    for request in _requests(question, now):
        runtime.put_events({"trackingId": tracking_id, **request})
    clock.sleep(_SEEN_AFTER)


def _requests(question: Question, now: float) -> Iterator[dict[str, Any]]:
    """Yield the requests, ten events each. The events are a second apart, the last one now."""
    session = question.session or f"{question.user}-{now:.0f}"
    who = {"sessionId": session, **({"userId": question.user} if question.user else {})}
    first = int(now) - len(question.events) + 1
    events = [_event(click, f"{session}-{first + at}", first + at) for at, click in enumerate(question.events)]
    for start in range(0, len(events), _MOST):
        yield {**who, "eventList": events[start : start + _MOST]}


def _event(click: Click, id_: str, at: int) -> dict[str, Any]:
    """Return one event. Its id makes a repeated call harmless."""
    value = {} if click.value is None else {"eventValue": click.value}
    return {"eventId": id_, "eventType": click.event_type, "itemId": click.item, "sentAt": at, **value}
