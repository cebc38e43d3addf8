"""The only loop: begin the steps that are ready, poll those in flight, report events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from graphlib import TopologicalSorter
from typing import Any

from personalize_gitops.engine.apply.purchase import Bought, Postponed, Purchase, concluded, prepared, purchase_of
from personalize_gitops.errors import (
    Busy,
    CloudError,
    CredentialsError,
    CredentialsExpired,
    EffectUnknown,
    LockLost,
    Replaced,
    Unavailable,
)
from personalize_gitops.model.address import Address
from personalize_gitops.model.announcements import VISIBLE_LIMIT
from personalize_gitops.model.comparison import is_updated
from personalize_gitops.model.diff import Unknown
from personalize_gitops.model.events import Begun, Cause, Done, Event, Failed, Left, NotBegun, Skipped, Waiting
from personalize_gitops.model.live import Live
from personalize_gitops.model.ownership import is_unfinished, record_of_update
from personalize_gitops.model.ports import Clock, Cloud, Pool
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because, service_message
from personalize_gitops.model.status import Condition
from personalize_gitops.model.steps import PROVIDES, Step, StepId, Verb
from personalize_gitops.model.tags import APPLIED
from personalize_gitops.model.waits import DEFAULT_LIMITS, WaitLimits

BUSY_LIMIT = 3 * 3600.0
"""Seconds a step may be postponed because an object is in a transition. The samples of the developer guide poll as long
(docs/service/2 §2.7)."""

SILENCE_LIMIT = 900.0
"""Seconds without an answer to any poll of a step, after which it fails: the network or the service is out of reach."""

CREDENTIALS_LIMIT = 600.0
"""Seconds to wait for renewed credentials after they have expired."""

FEW = 3
"""Up to this many flights of a kind are described one by one; more are read with one list."""

_SHORTEST, _LONGEST = 2.0, 60.0  # seconds between two polls; the guide polls every 30 to 60 s


@dataclass(frozen=True)
class Flight:
    """A step that is waiting to begin, or in progress."""

    step: Step
    since: float  # when it became ready or, once begun, when it began; epoch seconds
    due: float  # when to begin or poll it; epoch seconds
    arn: str | None = None  # None: not begun yet
    state: Reason | None = None  # why it is still waiting; None before the first attempt or poll
    updates: int = 1  # update calls sent
    purchase: Purchase | None = None  # announced, until every list must show the run
    looked_at: float | None = None  # when a list was read first before a purchase that is not announced
    limit: float = 0.0  # seconds that the step may take
    silent: float | None = None  # since when no call of it is answered; epoch seconds
    cut: bool = False  # an interruption ended the wait for the answer to its first call


Outcome = tuple[Event | Cause, Flight | None]
"""An event of a flight, and the flight to continue with; None if the step has ended. A cause ends the apply."""


def apply(
    steps: Sequence[Step],
    cloud: Cloud,
    clock: Clock,
    pool: Pool,
    *,
    wait: bool = True,
    deadline: float | None = None,
    limits: WaitLimits = DEFAULT_LIMITS,
    may_go_on: Callable[[], Cause | None] = lambda: None,
) -> Iterator[Event]:
    """Begin each step when the steps it needs are done, poll the steps in flight, and yield the events.

    Without `wait`, and after `deadline` (epoch seconds), apply waits for nothing; Ctrl-C has the same effect. Steps in
    flight continue in the account, where the next plan finds them. Raises CredentialsError after yielding what is in
    flight. A step that takes longer than its limit fails. `may_go_on` is asked before each call; its cause ends apply.
    """
    by_id = {step.id: step for step in steps}
    order = TopologicalSorter({step.id: sorted(step.needs) for step in steps})
    order.prepare()
    known: dict[Address, str] = {}  # ARNs of the objects that this apply created or waited for
    failed_by: dict[StepId, Step] = {}  # by failed or skipped step, the step that failed
    ended: set[StepId] = set()
    flights: dict[StepId, Flight] = {}
    cause: Cause | None = None

    try:
        while order.is_active():
            if deadline is not None and clock.now() >= deadline:
                cause = Cause.DEADLINE
                break
            for step in (by_id[id_] for id_ in order.get_ready()):
                if failed := next((failed_by[need] for need in sorted(step.needs) if need in failed_by), None):
                    failed_by[step.id] = failed
                    ended.add(step.id)
                    order.done(step.id)
                    yield Skipped(step, clock.now(), failed)
                else:
                    flights[step.id] = Flight(step, clock.now(), clock.now(), limit=limits.of(step))

            due = [
                flight for flight in flights.values() if flight.due <= clock.now() and (wait or _needs_no_wait(flight))
            ]
            listed = _listed(due, cloud)
            advance = partial(
                _advance, cloud=cloud, clock=clock, known=known, listed=listed, may_go_on=may_go_on, wait=wait
            )
            for event, flight in _outcomes(pool, advance, due):
                if flight:
                    flights[flight.step.id] = flight
                if isinstance(event, Cause):
                    cause = event
                    continue
                yield event
                if flight:
                    continue
                del flights[event.step.id]
                match event:
                    case Done(step, arn=arn) if step.id.verb in PROVIDES:
                        known[step.id.address] = arn
                    case Failed(step):
                        failed_by[step.id] = step
                ended.add(event.step.id)
                order.done(event.step.id)
            if cause:
                break
            if due or not flights:
                continue
            if not wait:
                cause = Cause.DETACHED
                break
            until = min(flight.due for flight in flights.values())
            clock.sleep(max(0.0, min(until, until if deadline is None else deadline) - clock.now()))
    except KeyboardInterrupt:
        cause = Cause.INTERRUPTED
    except CredentialsError:
        yield from _unfinished(by_id, ended, flights, clock.now(), Cause.CREDENTIALS)
        raise
    if cause:
        yield from _unfinished(by_id, ended, flights, clock.now(), cause)


def _needs_no_wait(flight: Flight) -> bool:
    """Return whether a flight is handled without `wait`: it has not been tried yet, or its step is done at once."""
    return (flight.arn is None and flight.state is None) or flight.step.usual == 0


def _outcomes(pool: Pool, advance: Callable[[Flight], Outcome], due: Sequence[Flight]) -> Iterator[Outcome]:
    """Yield the outcome of each flight. Raises CredentialsError only after all outcomes: other flights have begun."""
    error: CredentialsError | None = None
    for future in [pool.submit(advance, flight) for flight in due]:
        try:
            yield future.result()
        except CredentialsError as found:
            error = found
    if error:
        raise error


def _unfinished(
    by_id: Mapping[StepId, Step], ended: set[StepId], flights: Mapping[StepId, Flight], now: float, cause: Cause
) -> Iterator[Event]:
    """Yield `Left` for each step that is in flight, and `NotBegun` for each step that has neither begun nor ended."""
    for id_, step in sorted(by_id.items()):
        flight = flights.get(id_)
        if flight and (flight.arn or flight.cut):
            yield Left(step, now, cause, Reason(ReasonCode.UNANSWERED) if flight.cut else flight.state)
        elif id_ not in ended:
            yield NotBegun(step, now, cause)


def _listed(due: Sequence[Flight], cloud: Cloud) -> dict[str, Live]:
    """Return the objects of every kind with more than `FEW` creations in flight, by ARN, read with one list a kind.

    Updates and deletions are described one by one: a list does not show updates, and may lag behind a deletion.
    """
    creating = [flight for flight in due if flight.arn and flight.step.id.verb is Verb.CREATE]
    counted = Counter(flight.step.kind for flight in creating)
    found: dict[str, Live] = {}
    for kind, count in counted.items():
        try:
            found |= {live.arn: live for live in cloud.list(kind)} if count > FEW else {}
        except (CloudError, LockLost):
            continue  # each object is then described, and reports the error
    return found


def _advance(
    flight: Flight,
    cloud: Cloud,
    clock: Clock,
    known: Mapping[Address, str],
    listed: Mapping[str, Live],
    may_go_on: Callable[[], Cause | None],
    wait: bool,
) -> Outcome:
    """Begin or poll a step, and return the outcome.

    A busy object postpones the step for up to `BUSY_LIMIT`, a poll without an answer for up to `SILENCE_LIMIT`; any
    other error fails it. Raises CredentialsError.
    """
    elapsed = clock.now() - flight.since
    try:
        if cause := may_go_on():
            return cause, flight
        if flight.arn:
            heard = replace(flight, silent=None)
            return _concluded(_poll(heard, flight.arn, cloud, clock, listed), heard, flight.arn, cloud, clock)
        return _begin(replace(flight, silent=None), cloud, clock, known)
    except KeyboardInterrupt:  # raised by the clock in a pause between two attempts
        return Cause.INTERRUPTED, replace(flight, cut=not flight.arn)
    except LockLost:  # raised between two calls of the step
        return Cause.LOCK_LOST, replace(flight, cut=not flight.arn)
    except CredentialsExpired as error:
        if not wait:
            raise
        return _without_credentials(flight, clock, error)
    except EffectUnknown as error:
        return _later(replace(flight, looked_at=cloud.now), clock, service_message(str(error)))
    except Replaced as error:
        return _failed(flight, clock, because(ReasonCode.REPLACED_SINCE_PLAN, how=Verbatim(error)))
    except Busy as error:
        if elapsed < BUSY_LIMIT:
            return _later(flight, clock, service_message(str(error)))
        return _failed(flight, clock, service_message(str(error)), error.request_id)
    except Unavailable as error:
        if flight.arn:  # a failed poll does not show the state of the object
            return _unanswered(flight, clock, service_message(str(error)))
        return _failed(flight, clock, service_message(str(error)), error.request_id)
    except CloudError as error:
        return _failed(flight, clock, service_message(str(error)), error.request_id)


def _without_credentials(flight: Flight, clock: Clock, error: CredentialsExpired) -> Outcome:
    """Return the flight, to be tried again later: the user can renew credentials outside. Raises `error` in the end."""
    silent = clock.now() if flight.silent is None else flight.silent
    if clock.now() - silent >= CREDENTIALS_LIMIT:
        raise error
    limit = timedelta(seconds=CREDENTIALS_LIMIT)
    state = because(ReasonCode.CREDENTIALS_EXPIRED, limit=limit, message=service_message(str(error)))
    return _later(replace(flight, silent=silent), clock, state)


def _unanswered(flight: Flight, clock: Clock, message: Reason) -> Outcome:
    """Return the outcome of a poll without an answer: another one later, or failure after `SILENCE_LIMIT`."""
    silent = clock.now() if flight.silent is None else flight.silent
    if (seconds := clock.now() - silent) < SILENCE_LIMIT:
        return _later(replace(flight, silent=silent), clock, message)
    elapsed = timedelta(seconds=round(seconds))
    return _failed(flight, clock, because(ReasonCode.NO_ANSWER, elapsed=elapsed, message=message))


def _failed(flight: Flight, clock: Clock, reason: Reason, request_id: str = "") -> Outcome:
    """Return the outcome of a step that failed."""
    now = clock.now()
    return Failed(flight.step, now, now - flight.since, reason, request_id), None


def _begin(flight: Flight, cloud: Cloud, clock: Clock, known: Mapping[Address, str]) -> Outcome:
    """Send the call of a step. Return `Done` if only tags changed, else the flight to poll."""
    step = flight.step
    attributes = {member: _resolved(value, known) for member, value in step.attributes.items()}
    if step.id.verb is Verb.CREATE:
        return _create(flight, attributes, cloud, clock)
    # Without an object of its own, the step is about one that this apply has created.
    live = step.live or Live(step.kind, known[step.id.address], step.id.aws_name, tags=step.tags)
    match step.id.verb:
        case Verb.UPDATE:
            if flight.state is None and (after := step.tags.get(APPLIED)):
                cloud.tag(live, {APPLIED: record_of_update(live.tags.get(APPLIED), after)})
            cloud.update(live.after_update, attributes)  # accepted only after the update in progress
        case Verb.START:
            cloud.start(live)
        case Verb.STOP:
            cloud.stop(live)
        case Verb.CANCEL:
            # It may have ended while other steps were done; the service refuses to stop it then.
            if not _is_in_progress(cloud.describe(step.kind, live.arn)):
                return Done(step, clock.now(), 0.0, live.arn), None
            cloud.stop(live)
        case Verb.DELETE:
            cloud.delete(live)
        case Verb.TAG | Verb.UNPROTECT | Verb.FORGET:
            _tag(step, live, cloud)
            return Done(step, clock.now(), 0.0, live.arn, cloud.request_id), None
    return _in_flight(flight, live.arn, clock, "" if step.id.verb is Verb.WAIT else cloud.request_id)


def _create(flight: Flight, attributes: Mapping[str, Any], cloud: Cloud, clock: Clock) -> Outcome:
    """Create the object of a step; a run that an earlier attempt has bought is not bought again."""
    step = flight.step
    purchase = purchase_of(step, attributes, cloud)
    match prepared(purchase, flight.looked_at, cloud) if purchase else None:
        case Postponed(reason):
            return _later(replace(flight, looked_at=flight.looked_at or cloud.now), clock, reason)
        case Bought(arn):
            return _in_flight(replace(flight, purchase=purchase), arn, clock)
        case None:
            arn = cloud.create(step.kind, step.id.aws_name, attributes, step.tags)
    return _in_flight(replace(flight, purchase=purchase), arn, clock, cloud.request_id)


def _in_flight(flight: Flight, arn: str, clock: Clock, request_id: str = "") -> Outcome:
    """Return the outcome of a call that was accepted."""
    step, now = flight.step, clock.now()
    # Some kinds are done at once, and the transition that a WAIT step waits for may have ended by now.
    pause = 0.0 if step.usual == 0 or step.id.verb is Verb.WAIT else _SHORTEST
    return Begun(step, now, request_id), replace(flight, arn=arn, since=now, due=now + pause)


def _concluded(outcome: Outcome, flight: Flight, arn: str, cloud: Cloud, clock: Clock) -> Outcome:
    """Return the outcome of a poll. A bought run ends only when its announcement is not needed any more."""
    event, after = outcome
    if flight.purchase is None:
        return outcome
    if concluded(flight.purchase, arn, clock.now() - flight.since, after is None, cloud):
        return event, after and replace(after, purchase=None)
    return outcome if after else _later(flight, clock, Reason(ReasonCode.NOT_LISTED_YET))


def _is_in_progress(live: Live | None) -> bool:
    return live is not None and live.condition is Condition.PENDING


def _tag(step: Step, live: Live, cloud: Cloud) -> None:
    """Remove tags before setting the record of ours: stopping in between leaves a record of too many, which is safe."""
    if step.untags:
        cloud.untag(live, sorted(step.untags))
    if step.tags:
        cloud.tag(live, step.tags)


def _poll(flight: Flight, arn: str, cloud: Cloud, clock: Clock, listed: Mapping[str, Live]) -> Outcome:
    """Read the object of a begun step from `listed` or with Describe, and return the outcome."""
    step, now = flight.step, clock.now()
    live = listed.get(arn) or cloud.describe(step.kind, arn)
    elapsed = now - flight.since
    if step.id.verb is Verb.CANCEL and not _is_in_progress(live):
        return Done(step, now, elapsed, arn), None
    if live is None:
        return _absent(flight, arn, clock)
    if step.live and live.created != step.live.created:  # an ARN is reusable by name
        return _failed(flight, clock, because(ReasonCode.NAME_TAKEN_AGAIN, name=Verbatim(live.name)))
    if step.id.verb is Verb.DELETE or _waits_for_deletion(step):
        return _poll_deletion(flight, live, clock)
    if failure := _failure(step, live):
        return _failed(flight, clock, failure)
    if live.condition is Condition.PENDING:
        status = Verbatim((live.update.status if live.update else live.status) or "")
        if elapsed > flight.limit:
            return _too_long(flight, clock, status)
        return _later(flight, clock, _status(status))
    if step.id.verb is Verb.UPDATE:
        if not is_updated(step.kind, live.attributes, step.attributes):
            return _second_update(flight, live, cloud, clock)
        # Only now: the service can refuse tags during an update, and the update must not be sent again for that.
        _tag(step, step.live or live, cloud)
    elif step.id.verb is Verb.WAIT and step.live and is_unfinished(step.live.tags.get(APPLIED, "")):
        cloud.tag(step.live, {APPLIED: step.tags[APPLIED]})  # the update may be that of an interrupted apply
    return Done(step, now, elapsed, arn), None


def _poll_deletion(flight: Flight, live: Live, clock: Clock) -> Outcome:
    """Return the outcome of a deletion whose ARN still has an object."""
    elapsed, status = clock.now() - flight.since, Verbatim(live.status or "")
    if live.condition is Condition.DELETING:
        return _later(flight, clock, _status(status)) if elapsed <= flight.limit else _too_long(flight, clock, status)
    if status.startswith("DELETE"):
        return _failed(flight, clock, because(ReasonCode.ENDED, status=status, failure=service_message(live.failure)))
    if elapsed < VISIBLE_LIMIT:  # reads may lag behind the accepted call
        return _later(flight, clock, _status(status))
    return _failed(flight, clock, because(ReasonCode.NOT_DELETED, status=status))


def _too_long(flight: Flight, clock: Clock, status: Verbatim) -> Outcome:
    elapsed = timedelta(seconds=round(clock.now() - flight.since))
    return _failed(flight, clock, because(ReasonCode.STILL_IN_PROGRESS, status=status, elapsed=elapsed))


def _absent(flight: Flight, arn: str, clock: Clock) -> Outcome:
    """Return the outcome of a step whose object does not exist: done, not visible yet, or failed."""
    step, now = flight.step, clock.now()
    elapsed = now - flight.since
    if step.id.verb is Verb.DELETE or _waits_for_deletion(step):
        return Done(step, now, elapsed, arn), None
    if step.id.verb is Verb.CREATE and elapsed < VISIBLE_LIMIT:
        return _later(flight, clock, Reason(ReasonCode.NOT_VISIBLE_YET))
    return _failed(flight, clock, Reason(ReasonCode.DISAPPEARED))


def _second_update(flight: Flight, live: Live, cloud: Cloud, clock: Clock) -> Outcome:
    """Send a second update for changes that need two calls. Never a third: the step fails instead."""
    if flight.updates > 1:
        return _failed(flight, clock, Reason(ReasonCode.NOT_AS_UPDATED))
    seen = flight.step.live or live  # with the owner that the plan saw
    cloud.update(replace(seen, attributes=live.attributes), flight.step.attributes)
    return _later(replace(flight, updates=flight.updates + 1), clock, Reason(ReasonCode.SECOND_UPDATE))


def _waits_for_deletion(step: Step) -> bool:
    """Return whether a step waits until an object that is being deleted is gone."""
    return step.id.verb is Verb.WAIT and step.live is not None and step.live.condition is Condition.DELETING


def _failure(step: Step, live: Live) -> Reason | None:
    """Return why the step has failed, by the state of its object; None if it has not. A stopped run has failed."""
    if live.condition is Condition.FAILED or (live.condition is Condition.STOPPED and step.kind.is_run):
        ended = because(ReasonCode.ENDED, status=Verbatim(live.status or ""), failure=service_message(""))
        return service_message(live.failure) if live.failure else ended
    if step.id.verb in (Verb.UPDATE, Verb.WAIT) and live.update and live.update.condition is Condition.FAILED:
        # The object stays ACTIVE; only the record of the update shows the failure (docs/service/2 §2.3).
        ended = because(ReasonCode.UPDATE_ENDED, status=Verbatim(live.update.status), failure=service_message(""))
        return service_message(live.update.failure) if live.update.failure else ended
    return None


def _status(status: str | None) -> Reason:
    return because(ReasonCode.SERVICE_STATUS, status=Verbatim(status or ""))


def _later(flight: Flight, clock: Clock, state: Reason) -> Outcome:
    """Return the flight, to be begun or polled again later: after a tenth of the elapsed time, 2 to 60 seconds."""
    elapsed = clock.now() - flight.since
    pause = min(_LONGEST, max(_SHORTEST, elapsed / 10))
    after = replace(flight, due=clock.now() + pause, state=state)
    return Waiting(flight.step, clock.now(), state, elapsed), after


def _resolved(value: Any, known: Mapping[Address, str]) -> Any:
    """Return the ARN of an `Unknown` reference, any other value as it is."""
    return f"{known[value.address]}{value.ending}" if isinstance(value, Unknown) else value
