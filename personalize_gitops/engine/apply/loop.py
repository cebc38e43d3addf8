"""Apply: the only loop. It begins what is ready, looks at what is in flight, and says what happens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from graphlib import TopologicalSorter
from typing import Any

from personalize_gitops.errors import Busy, CloudError, CredentialsError, Unavailable
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import Unknown
from personalize_gitops.model.events import Begun, Cause, Done, Event, Failed, Left, NotBegun, Skipped, Waiting
from personalize_gitops.model.live import Live
from personalize_gitops.model.ports import Clock, Cloud
from personalize_gitops.model.status import Condition
from personalize_gitops.model.steps import Step, StepId, Verb

PATIENCE = 3 * 3600.0
"""How long a step may be put off because something is in transition, in seconds: as long as the guide's own samples
poll (docs/service/2 §2.7)."""

ENDLESS = 48 * 3600.0
"""How long something may be under way, in seconds, before apply stops believing that it ends; the longest the sources
know of is a data deletion, which may take a day (docs/service/2 §3.13)."""

APPEARING = 300.0
"""How long an accepted creation may stay unseen, in seconds: reads may lag behind it (docs/service/2 §2.4)."""

FEW = 3
"""Up to so many of a kind are looked at one by one; more of them by one list for all."""

_SHORTEST, _LONGEST = 2.0, 60.0  # seconds between two looks; the guide polls every 30 to 60 s


@dataclass(frozen=True)
class Flight:
    """A step that is due to be begun, or to be looked at."""

    step: Step
    since: float
    due: float
    arn: str | None = None  # None: not begun yet
    status: str = ""
    parts: int = 1  # updates sent


Outcome = tuple[Event, Flight | None]
"""What happened to a flight, and how it goes on if it does."""


def apply(
    steps: Sequence[Step],
    cloud: Cloud,
    clock: Clock,
    pool: Executor,
    *,
    wait: bool = True,
    deadline: float | None = None,
) -> Iterator[Event]:
    """Begin each step once all it needs is done, poll the ones in flight, report what happens.

    Without `wait`, and from `deadline` (epoch seconds) on, nothing is waited for; Ctrl-C ends the same way. What is in
    flight goes on in the account, and the next plan finds it there.
    """
    by_id = {step.id: step for step in steps}
    order = TopologicalSorter({step.id: sorted(step.needs) for step in steps})
    order.prepare()
    known: dict[Address, str] = {}  # the objects this apply has made or waited for
    lost: dict[StepId, Step] = {}  # step that will not happen → the step to blame
    ended: set[StepId] = set()
    flights: dict[StepId, Flight] = {}
    cause: Cause | None = None

    try:
        while order.is_active():
            if deadline is not None and clock.now() >= deadline:
                cause = Cause.DEADLINE
                break
            for step in (by_id[id_] for id_ in order.get_ready()):
                if culprit := next((lost[need] for need in sorted(step.needs) if need in lost), None):
                    lost[step.id] = culprit
                    ended.add(step.id)
                    order.done(step.id)
                    yield Skipped(step, clock.now(), culprit)
                else:
                    flights[step.id] = Flight(step, clock.now(), clock.now())

            due = [flight for flight in flights.values() if flight.due <= clock.now() and (wait or _is_short(flight))]
            advance = partial(_advance, cloud=cloud, clock=clock, known=known, listed=_listed(due, cloud))
            for event, flight in _outcomes(pool, advance, due):
                yield event
                if flight:
                    flights[flight.step.id] = flight
                    continue
                del flights[event.step.id]
                match event:
                    case Done(step, arn=arn) if step.id.verb is not Verb.DELETE:
                        known[step.id.address] = arn
                    case Failed(step):
                        lost[step.id] = step
                ended.add(event.step.id)
                order.done(event.step.id)
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
        yield from _left(by_id, ended, flights, clock.now(), Cause.CREDENTIALS)
        raise
    if cause:
        yield from _left(by_id, ended, flights, clock.now(), cause)


def _is_short(flight: Flight) -> bool:
    """Whether a flight is to be begun, or of a kind that is done at once, so that not waiting still looks at it."""
    return (flight.arn is None and not flight.status) or flight.step.takes == 0


def _outcomes(pool: Executor, advance: Callable[[Flight], Outcome], due: Sequence[Flight]) -> Iterator[Outcome]:
    """What became of each flight. Every one is told before an error of one is raised: the others have been begun."""
    error: CredentialsError | None = None
    for future in [pool.submit(advance, flight) for flight in due]:
        try:
            yield future.result()
        except CredentialsError as found:
            error = found
    if error:
        raise error


def _left(
    by_id: Mapping[StepId, Step], ended: set[StepId], flights: Mapping[StepId, Flight], now: float, cause: Cause
) -> Iterator[Event]:
    for id_, step in sorted(by_id.items()):
        if id_ in flights and flights[id_].arn:
            yield Left(step, now, cause, flights[id_].status)
        elif id_ not in ended:
            yield NotBegun(step, now, cause)


def _listed(due: Sequence[Flight], cloud: Cloud) -> dict[str, Live]:
    """Creations in flight by ARN, of every kind of which there are more than a few.

    Updates and deletions are looked at one by one: a list tells nothing of the former, and must not be trusted for the
    latter, as it may lag behind.
    """
    creating = [flight for flight in due if flight.arn and flight.step.id.verb is Verb.CREATE]
    counted = Counter(flight.step.kind for flight in creating)
    found: dict[str, Live] = {}
    for kind, count in counted.items():
        try:
            found |= {live.arn: live for live in cloud.list(kind)} if count > FEW else {}
        except CloudError:
            continue  # each is looked at by itself then, and its own failure is its own
    return found


def _advance(
    flight: Flight, cloud: Cloud, clock: Clock, known: Mapping[Address, str], listed: Mapping[str, Live]
) -> Outcome:
    """Begin the step, or look how far it is; the flight goes on unless the step has ended."""
    elapsed = clock.now() - flight.since
    try:
        return _look(flight, cloud, clock, listed) if flight.arn else _begin(flight, cloud, clock, known)
    except Busy as error:
        if elapsed < PATIENCE:
            return _later(flight, clock, str(error))
        return Failed(flight.step, clock.now(), elapsed, str(error)), None
    except Unavailable as error:
        if flight.arn and elapsed < PATIENCE:  # a look that fails says nothing about what is looked at
            return _later(flight, clock, str(error))
        return Failed(flight.step, clock.now(), elapsed, str(error)), None
    except CloudError as error:
        return Failed(flight.step, clock.now(), elapsed, str(error)), None


def _begin(flight: Flight, cloud: Cloud, clock: Clock, known: Mapping[Address, str]) -> Outcome:
    step, live = flight.step, flight.step.live
    attributes = {member: _resolved(value, known) for member, value in step.attributes.items()}
    match step.id.verb, live:
        case Verb.CREATE, _:
            arn = cloud.create(step.kind, step.id.aws_name, attributes, step.tags)
        case Verb.UPDATE, Live(arn=arn):
            cloud.update(live.settled, attributes)  # the service takes it only after an update that is under way
        case Verb.START, Live(arn=arn):
            cloud.start(live)
        case Verb.STOP, _:
            arn = live.arn if live else known[step.id.address]  # one that this apply has made
            cloud.stop(live or Live(step.kind, arn, step.id.aws_name))
        case Verb.TAG | Verb.FORGET, Live(arn=arn):
            _tag(step, arn, cloud)
            return Done(step, clock.now(), 0.0, arn), None
        case Verb.DELETE, Live(arn=arn):
            cloud.delete(step.kind, arn)
        case _, Live(arn=arn):
            pass  # it is under way already
        case _:
            raise AssertionError(f"{step.id} has no object")
    # Some kinds are done at once, and a wait may be over by now.
    pause = 0.0 if step.takes == 0 or step.id.verb is Verb.WAIT else _SHORTEST
    return Begun(step, clock.now()), replace(flight, arn=arn, since=clock.now(), due=clock.now() + pause)


def _tag(step: Step, arn: str, cloud: Cloud) -> None:
    """Remove tags before the record of what is ours is set: ending in between leaves a record of too many."""
    if step.untags:
        cloud.untag(arn, sorted(step.untags))
    if step.tags:
        cloud.tag(arn, step.tags)


def _look(flight: Flight, cloud: Cloud, clock: Clock, listed: Mapping[str, Live]) -> Outcome:
    step, now = flight.step, clock.now()
    assert flight.arn is not None  # noqa: S101  only what was begun is looked at
    live = listed.get(flight.arn) or cloud.describe(step.kind, flight.arn)
    elapsed = now - flight.since
    if live is None:
        if step.id.verb is Verb.DELETE or _was_leaving(step):
            return Done(step, now, elapsed, flight.arn), None
        if step.id.verb is Verb.CREATE and elapsed < APPEARING:
            return _later(flight, clock, "not to be seen yet")
        return Failed(step, now, elapsed, "it disappeared while it was waited for"), None
    if step.id.verb is Verb.DELETE or _was_leaving(step):
        return _later(flight, clock, live.status or "")
    if failure := _failure(step, live):
        return Failed(step, now, elapsed, failure), None
    if live.condition is Condition.PENDING:
        if elapsed > ENDLESS:
            hours = round(elapsed / 3600)
            return Failed(
                step, now, elapsed, f"it is {live.status} for {hours} hours; the service may have lost it"
            ), None
        return _later(flight, clock, live.update.status if live.update else live.status or "")
    if step.id.verb is Verb.UPDATE:
        if not step.kind.is_updated(live.attributes, step.attributes):
            return _next_part(flight, live, cloud, clock)
        # Only now: tags may be refused while an update runs, and the update must not be sent again for that.
        _tag(step, flight.arn, cloud)
    return Done(step, now, elapsed, flight.arn), None


def _next_part(flight: Flight, live: Live, cloud: Cloud, clock: Clock) -> Outcome:
    """Send what one update could not carry; once, for what still differs then will not be as wanted by more of it."""
    if flight.parts > 1:
        why = "the service answers otherwise than it was updated"
        return Failed(flight.step, clock.now(), clock.now() - flight.since, why), None
    cloud.update(live, flight.step.attributes)
    return _later(replace(flight, parts=flight.parts + 1), clock, "the next part")


def _was_leaving(step: Step) -> bool:
    return step.id.verb is Verb.WAIT and step.live is not None and step.live.condition is Condition.DELETING


def _failure(step: Step, live: Live) -> str:
    """Why the step has failed; empty when it has not."""
    if live.condition is Condition.FAILED or (live.condition is Condition.STOPPED and step.kind.is_run):
        return live.failure or f"{live.status}, and the service gives no reason"
    if step.id.verb in (Verb.UPDATE, Verb.WAIT) and live.update and live.update.condition is Condition.FAILED:
        # The object stays ACTIVE and keeps serving as before; only the update's own record tells (docs/service/2 §2.3).
        return live.update.failure or f"the update is {live.update.status}, and the service gives no reason"
    return ""


def _later(flight: Flight, clock: Clock, status: str) -> Outcome:
    """Look again a little later: the longer it lasts, the longer the pause."""
    elapsed = clock.now() - flight.since
    pause = min(_LONGEST, max(_SHORTEST, elapsed / 10))
    after = replace(flight, due=clock.now() + pause, status=status)
    return Waiting(flight.step, clock.now(), status, elapsed), after


def _resolved(value: Any, known: Mapping[Address, str]) -> Any:
    return f"{known[value.address]}{value.ending}" if isinstance(value, Unknown) else value
