"""The only loop: begin the steps that are ready, poll those in flight, report events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future
from concurrent.futures import wait as wait_for
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from graphlib import TopologicalSorter
from typing import TypeVar

from personalize_gitops.engine.apply.begin import begin
from personalize_gitops.engine.apply.deadline import Deadline
from personalize_gitops.engine.apply.flight import LONGEST, Flight, Outcome, by_way, failed, later
from personalize_gitops.engine.apply.poll import poll
from personalize_gitops.engine.apply.quota import deletions, frees_quota
from personalize_gitops.engine.apply.slots import Slots
from personalize_gitops.engine.apply.urgency import ways
from personalize_gitops.errors import (
    Busy,
    CloudError,
    CredentialsError,
    CredentialsExpired,
    EffectUnknown,
    LockLost,
    NoFreeSlot,
    QuotaExceeded,
    Replaced,
    Unavailable,
)
from personalize_gitops.model.address import Address
from personalize_gitops.model.events import Cause, Done, Event, Failed, Left, NotBegun, Skipped, Waiting
from personalize_gitops.model.live import Live
from personalize_gitops.model.ports import Clock, Cloud, Pool
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because, service_message
from personalize_gitops.model.steps import PROVIDES, Step, StepId
from personalize_gitops.model.waits import DEFAULT_LIMITS, WaitLimits

SILENCE_LIMIT = 900.0
"""Seconds without an answer to any call of a step, after which it fails: the network or the service is out of reach."""

CREDENTIALS_LIMIT = 600.0
"""Seconds to wait for renewed credentials after they have expired."""

FEW = 3
"""Up to this many flights of a kind are described one by one; more are read with one list."""

_SLICE = 0.2  # seconds between two looks for a signal

_NO_SLOT = Reason(ReasonCode.NO_FREE_SLOT)
_QUOTA_NOT_FREE = Reason(ReasonCode.QUOTA_NOT_FREE_YET)

T = TypeVar("T")


@dataclass
class _Progress:
    """How far an apply has come."""

    by_id: Mapping[StepId, Step]
    order: TopologicalSorter[StepId]
    ways: Mapping[StepId, float]  # seconds to the end of the apply
    deletions: Sequence[Step]
    known: dict[Address, str] = field(default_factory=dict)  # ARNs of objects that this apply created or waited for
    failed_by: dict[StepId, Step] = field(default_factory=dict)  # by failed or skipped step, the step that failed
    ended: set[StepId] = field(default_factory=set)
    flights: dict[StepId, Flight] = field(default_factory=dict)
    slots: Slots = field(default_factory=Slots)

    def ready(self, limits: WaitLimits, now: float) -> Iterator[Skipped]:
        """Make flights of the steps that can begin; yield those that are skipped because a step they need failed."""
        for step in (self.by_id[id_] for id_ in self.order.get_ready()):
            if culprit := next((self.failed_by[need] for need in sorted(step.needs) if need in self.failed_by), None):
                self._end(step, culprit)
                yield Skipped(step, now, culprit)
            else:
                most, busy = limits.of(step), limits.while_busy(step)
                self.flights[step.id] = Flight(step, now, now, limit=most, busy_limit=busy, way=self.ways[step.id])

    def withheld(self, now: float) -> Iterator[Waiting]:
        """Yield an event for each step that waits for a slot and has not said so."""
        for flight in self.slots.withheld(self.flights.values(), now):
            if flight.state is None:
                self.flights[flight.step.id] = replace(flight, state=_NO_SLOT)
                yield Waiting(flight.step, now, _NO_SLOT, now - flight.since)

    def due(self, now: float, wait: bool) -> list[Flight]:
        """Return the flights to begin or to poll now, those with the longest way first."""
        withheld = {flight.step.id for flight in self.slots.withheld(self.flights.values(), now)}
        return [
            flight
            for flight in sorted(self.flights.values(), key=by_way)
            if flight.due <= now and flight.step.id not in withheld and (wait or _needs_no_wait(flight))
        ]

    def listed_early(self, due: Sequence[Flight], listed: Mapping[str, Live]) -> list[Flight]:
        """Return the flights that are not due and can be polled without a call: a list has their objects."""
        chosen = {flight.step.id for flight in due}
        return [flight for flight in self.flights.values() if flight.arn in listed and flight.step.id not in chosen]

    def outstanding(self) -> Sequence[Step]:
        """Return the deletions that have not ended."""
        return [step for step in self.deletions if step.id not in self.ended]

    def next_due(self) -> float:
        """Return when the next flight is due, in epoch seconds."""
        return min(flight.due if flight.arn else self.slots.due(flight) for flight in self.flights.values())

    def note(self, before: Flight, event: Event, after: Flight | None) -> None:
        """Note the outcome of a flight: it continues, or its step has ended."""
        began_or_ended = before.arn is None if after and after.arn else before.is_creation and after is None
        if isinstance(event, Waiting) and event.state == _NO_SLOT:
            self.slots.refused(before, event.at)
        elif began_or_ended:
            self.slots.changed(before, event.at)
        if after:
            return
        if isinstance(event, Done) and event.step.id.verb in PROVIDES:
            self.known[event.step.id.address] = event.arn
        self._end(event.step, event.step if isinstance(event, Failed) else None)

    def _end(self, step: Step, culprit: Step | None) -> None:
        self.flights.pop(step.id, None)
        if culprit:
            self.failed_by[step.id] = culprit
        self.ended.add(step.id)
        self.order.done(step.id)

    def unfinished(self, now: float, cause: Cause) -> Iterator[Event]:
        """Yield `Left` for each step in flight, and `NotBegun` for each step that has neither begun nor ended."""
        for id_, step in sorted(self.by_id.items()):
            flight = self.flights.get(id_)
            if flight and (flight.arn or flight.unanswered):
                yield Left(step, now, cause, Reason(ReasonCode.UNANSWERED) if flight.unanswered else flight.state)
            elif id_ not in self.ended:
                yield NotBegun(step, now, cause)


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
    order = TopologicalSorter({step.id: sorted(step.needs) for step in steps})
    progress = _Progress({step.id: step for step in steps}, order, ways(steps), deletions(steps))
    progress.order.prepare()
    cause: Cause | None = None
    end = Deadline(deadline, clock)
    try:
        while progress.order.is_active():
            if end.has_passed:
                cause = Cause.DEADLINE
                break
            with suppress(CredentialsExpired):  # the next call waits for renewed ones, and tells it
                cause = _read(pool.submit(may_go_on), end)
            if cause:
                break
            yield from progress.ready(limits, clock.now())
            yield from progress.withheld(clock.now()) if wait else ()
            due = progress.due(clock.now(), wait)
            listed = _read(pool.submit(_listed, due, [*progress.flights.values()], cloud), end)
            due += progress.listed_early(due, listed)
            advance = partial(
                _advance,
                cloud=cloud,
                clock=clock,
                known=progress.known,
                listed=listed,
                may_go_on=may_go_on,
                frees_quota=partial(frees_quota, outstanding=progress.outstanding(), by_id=progress.by_id),
                wait=wait,
            )
            for before, (event, after) in _outcomes(pool, advance, due, end):
                if after:
                    progress.flights[after.step.id] = after
                if isinstance(event, Cause):
                    cause = event
                    continue
                yield event
                progress.note(before, event, after)
            if cause:
                break
            if due or not progress.flights:
                continue
            if not wait:
                cause = Cause.DETACHED
                break
            clock.sleep(min(LONGEST, end.left(progress.next_due())))  # a lock is renewed in between
    except KeyboardInterrupt:
        cause = Cause.INTERRUPTED
    except CredentialsError:
        yield from progress.unfinished(clock.now(), Cause.CREDENTIALS)
        raise
    finally:
        end.lift()
    if cause:
        yield from progress.unfinished(clock.now(), end.cause_of(cause))


def _needs_no_wait(flight: Flight) -> bool:
    """Return whether a flight is handled without `wait`: it has not been tried yet, or its step is done at once."""
    return (flight.arn is None and flight.state is None) or flight.step.usual == 0


def _read(future: Future[T], end: Deadline) -> T:
    """Return what a call reads. Raises KeyboardInterrupt after an interruption: nothing is lost without its answer."""
    while not future.done():
        wait_for([future], timeout=_SLICE)
        end.enforce()
        if end.is_over and not future.done():
            raise KeyboardInterrupt
    return future.result()


def _outcomes(
    pool: Pool, advance: Callable[[Flight], Outcome], due: Sequence[Flight], end: Deadline
) -> Iterator[tuple[Flight, Outcome]]:
    """Yield the outcome of each flight as soon as there is one; of several, the earliest first.

    Raises CredentialsError only after all outcomes: other flights have begun. The wait wakes up in between: a signal
    that another thread got is handled then.
    """
    error: CredentialsError | None = None
    waiting = {pool.submit(advance, flight): flight for flight in due}
    while waiting:
        ended, _ = wait_for(waiting, timeout=_SLICE, return_when=FIRST_COMPLETED)
        found: list[tuple[Flight, Outcome]] = []
        for future in [future for future in waiting if future in ended]:
            flight = waiting.pop(future)
            try:
                found.append((flight, future.result()))
            except KeyboardInterrupt:
                found.append((flight, (Cause.INTERRUPTED, flight)))
            except CredentialsError as refused:
                error = refused
        yield from sorted(found, key=_time)
        if waiting:
            end.enforce()
        for future in [future for future, flight in waiting.items() if end.is_over and flight.only_reads]:
            future.cancel()
            flight = waiting.pop(future)  # nothing is lost without its answer
            yield flight, (Cause.INTERRUPTED, flight)
    if error:
        raise error


def _time(found: tuple[Flight, Outcome]) -> float:
    """Return when the event of an outcome happened; a cause that ends the apply comes after the events."""
    event = found[1][0]
    return float("inf") if isinstance(event, Cause) else event.at


def _listed(due: Iterable[Flight], flights: Iterable[Flight], cloud: Cloud) -> dict[str, Live]:
    """Return the objects of every kind with a creation that is due and more than `FEW` in flight, by ARN.

    They are read with one list a kind, and all of them are looked at then. Updates and deletions are described one by
    one: a list does not show updates, and may lag behind a deletion.
    """
    counted = Counter(flight.step.kind for flight in flights if flight.is_creation)
    found: dict[str, Live] = {}
    for kind in dict.fromkeys(flight.step.kind for flight in due if flight.is_creation):
        try:
            found |= {live.arn: live for live in cloud.list(kind)} if counted[kind] > FEW else {}
        except (CloudError, CredentialsExpired, LockLost):
            continue  # each object is then described, and reports the error
    return found


def _advance(
    flight: Flight,
    cloud: Cloud,
    clock: Clock,
    known: Mapping[Address, str],
    listed: Mapping[str, Live],
    may_go_on: Callable[[], Cause | None],
    frees_quota: Callable[[Step], bool],
    wait: bool,
) -> Outcome:
    """Begin or poll a step, and return the outcome.

    A busy object, or a quota that deletions of this apply will free, postpones the step up to its limit, a call without
    an answer for up to `SILENCE_LIMIT`; any other error fails it. Raises CredentialsError.
    """
    elapsed = clock.now() - flight.since
    try:
        if cause := may_go_on():
            return cause, flight
        if flight.arn:
            heard = replace(flight, silent=None)
            return poll(heard, flight.arn, cloud, clock, listed)
        return begin(replace(flight, silent=None), cloud, clock, known)
    except KeyboardInterrupt:  # raised by the clock in a pause between two attempts
        return Cause.INTERRUPTED, replace(flight, unanswered=not flight.arn)
    except LockLost:  # raised between two calls of the step
        return Cause.LOCK_LOST, replace(flight, unanswered=not flight.arn)
    except CredentialsExpired as error:
        if not wait:
            raise
        unanswered = flight.unanswered or (not flight.arn and error.effect_unknown)
        return _without_credentials(replace(flight, unanswered=unanswered), clock, error)
    except EffectUnknown as error:
        return later(
            replace(flight, looked_at=cloud.now, refused=False, unanswered=True), clock, service_message(str(error))
        )
    except Replaced as error:
        return failed(flight, clock, because(ReasonCode.REPLACED_SINCE_PLAN, how=Verbatim(error)))
    except NoFreeSlot as error:
        if elapsed > flight.limit:
            return failed(flight, clock, service_message(str(error)), error.request_id)
        refused = replace(flight, state=_NO_SLOT, refused=True, unanswered=False)
        return Waiting(flight.step, clock.now(), _NO_SLOT, elapsed), refused
    except QuotaExceeded as error:
        if elapsed < flight.limit and frees_quota(flight.step):
            return later(replace(flight, refused=True, unanswered=False), clock, _QUOTA_NOT_FREE)
        return failed(flight, clock, service_message(str(error)), error.request_id)
    except Busy as error:
        message = service_message(str(error))
        if elapsed < flight.busy_limit:
            return later(replace(flight, refused=True, unanswered=False), clock, message)
        after = timedelta(seconds=round(elapsed))
        return failed(
            flight, clock, because(ReasonCode.STILL_REFUSED, elapsed=after, message=message), error.request_id
        )
    except Unavailable as error:
        if flight.arn or wait:  # a failed poll does not show the state of the object, and every call can be repeated
            unanswered = flight.unanswered or (not flight.arn and error.effect_unknown)
            return _unanswered(replace(flight, unanswered=unanswered), clock, service_message(str(error)))
        return failed(flight, clock, service_message(str(error)), error.request_id)
    except CloudError as error:
        return failed(flight, clock, service_message(str(error)), error.request_id)


def _without_credentials(flight: Flight, clock: Clock, error: CredentialsExpired) -> Outcome:
    """Return the flight, to be tried again later: the user can renew credentials outside. Raises `error` in the end."""
    silent = clock.now() if flight.silent is None else flight.silent
    if clock.now() - silent >= CREDENTIALS_LIMIT:
        raise error
    limit = timedelta(seconds=CREDENTIALS_LIMIT)
    state = because(ReasonCode.CREDENTIALS_EXPIRED, limit=limit, message=service_message(str(error)))
    return later(replace(flight, silent=silent), clock, state)


def _unanswered(flight: Flight, clock: Clock, message: Reason) -> Outcome:
    """Return the outcome of a call without an answer: another one later, or failure after `SILENCE_LIMIT`."""
    silent = clock.now() if flight.silent is None else flight.silent
    if (seconds := clock.now() - silent) < SILENCE_LIMIT:
        limit = timedelta(seconds=SILENCE_LIMIT)
        state = because(ReasonCode.WAITS_FOR_ANSWER, limit=limit, message=message)
        return later(replace(flight, silent=silent), clock, state)
    elapsed = timedelta(seconds=round(seconds))
    return failed(flight, clock, because(ReasonCode.NO_ANSWER, elapsed=elapsed, message=message))
