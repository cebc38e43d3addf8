"""Begin a step: send its call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from personalize_gitops.engine.apply.flight import SHORTEST, Flight, Outcome, failed, later
from personalize_gitops.engine.apply.purchase import Bought, Postponed, Purchase, prepared, purchase_of, withdraw
from personalize_gitops.errors import Busy, CloudError, EffectUnknown, Protected, Replaced, Unavailable
from personalize_gitops.model.address import Address
from personalize_gitops.model.announcements import is_announcement
from personalize_gitops.model.diff import Unknown
from personalize_gitops.model.events import Begun, Done
from personalize_gitops.model.live import Live
from personalize_gitops.model.ownership import record_of_update
from personalize_gitops.model.ports import Clock, Cloud
from personalize_gitops.model.reason import ReasonCode, because
from personalize_gitops.model.status import Condition
from personalize_gitops.model.steps import Step, Verb
from personalize_gitops.model.tags import APPLIED, PROTECT


def begin(flight: Flight, cloud: Cloud, clock: Clock, known: Mapping[Address, str]) -> Outcome:
    """Send the call of a step. Return `Done` if only tags changed, else the flight to poll."""
    step = flight.step
    attributes = {member: _resolved(value, known) for member, value in step.attributes.items()}
    if step.id.verb is Verb.CREATE:
        return _create(flight, attributes, cloud, clock)
    # Without an object of its own, the step is about one that this apply has created.
    live = step.live or Live(step.kind, known[step.id.address], step.id.aws_name, tags=step.tags)
    if step.live and not flight.unanswered:  # else an attempt has opened it and may have begun the transition
        _open_record(step, live, cloud)
    match step.id.verb:
        case Verb.UPDATE:
            # Accepted only after the update in progress.
            cloud.update(live.after_update, attributes, again=flight.unanswered)
        case Verb.START:
            cloud.start(live, again=flight.unanswered)
        case Verb.STOP:
            cloud.stop(live, again=flight.unanswered)
        case Verb.CANCEL:
            # It may have ended while other steps were done; the service refuses to stop it then.
            if not is_in_progress(cloud.describe(step.kind, live.arn)):
                return Done(step, clock.now(), 0.0, live.arn), None
            cloud.stop(live)
        case Verb.DELETE:
            _check_contents(step, cloud)
            cloud.delete(live)
        case Verb.TAG | Verb.UNPROTECT | Verb.FORGET:
            set_tags(step, live, cloud)
            return Done(step, clock.now(), 0.0, live.arn, cloud.request_id), None
    return _in_flight(flight, live.arn, clock, "" if step.id.verb is Verb.WAIT else cloud.request_id)


def _open_record(step: Step, live: Live, cloud: Cloud) -> None:
    """Record that an object is about to become what its document declares; its last step records that it is."""
    before, after = live.tags.get(APPLIED), step.tags.get(APPLIED)
    is_switch = step.id.verb in (Verb.START, Verb.STOP) and before != after
    if after and (step.id.verb is Verb.UPDATE or is_switch):
        with _not_sent():
            cloud.tag(live, {APPLIED: record_of_update(before, after)})


@contextmanager
def _not_sent() -> Iterator[None]:
    """Let an error of calls before that of a step say that the step has had no effect."""
    try:
        yield
    except Unavailable as error:
        error.effect_unknown = False
        raise


def _create(flight: Flight, attributes: Mapping[str, Any], cloud: Cloud, clock: Clock) -> Outcome:
    """Create the object of a step; a run that an earlier attempt has bought is not bought again."""
    step = flight.step
    with _not_sent():
        purchase = purchase_of(step, attributes, cloud)
        _check_bases(step, purchase, cloud)
        found = prepared(purchase, flight.looked_at, cloud, refused=flight.refused) if purchase else None
    match found:
        case Postponed(reason) if (elapsed := clock.now() - flight.since) > flight.limit:
            after = timedelta(seconds=round(elapsed))
            return failed(flight, clock, because(ReasonCode.STILL_REFUSED, elapsed=after, message=reason))
        case Postponed(reason, nothing_bought):
            unanswered = flight.unanswered and reason.code is not ReasonCode.NOTHING_WAS_BOUGHT
            looked_at = flight.looked_at or cloud.now
            postponed = replace(flight, looked_at=looked_at, unanswered=unanswered, refused=nothing_bought)
            return later(postponed, clock, reason)
        case Bought(arn):
            return _in_flight(replace(flight, purchase=purchase), arn, clock)
        case None:
            arn = _created(step, attributes, purchase, cloud)
    return _in_flight(replace(flight, purchase=purchase), arn, clock, cloud.request_id)


def _check_bases(step: Step, purchase: Purchase | None, cloud: Cloud) -> None:
    """Raise Replaced if a resource that a run refers to is not the one that the plan saw: the run would change it."""
    for base in step.bases:
        found = purchase.parent if purchase and purchase.parent.arn == base.arn else cloud.describe(base.kind, base.arn)
        if found and found.created not in (0.0, base.created):  # 0: it is gone, and the service refuses the run
            raise Replaced(f"{base.known_as} was created again at {found.created:.0f}, not at {base.created:.0f}")


def _check_contents(step: Step, cloud: Cloud) -> None:
    """Raise Protected if something that a deletion takes along was protected since the plan."""
    with _not_sent():
        for inside in step.contents:
            if inside.kind.taggable and not inside.is_protected and PROTECT in cloud.tags(inside.arn):
                raise Protected(f"{inside.known_as} was protected since the plan; the call was not sent")


def _created(step: Step, attributes: Mapping[str, Any], purchase: Purchase | None, cloud: Cloud) -> str:
    """Create an object and return its ARN. The announcement of a purchase that fails for good is removed."""
    try:
        return cloud.create(step.kind, step.id.aws_name, attributes, step.tags)
    except (Busy, EffectUnknown):
        raise
    except CloudError:
        if purchase:
            with suppress(CloudError):  # then the next plan removes it
                withdraw(purchase, cloud)
        raise


def _in_flight(flight: Flight, arn: str, clock: Clock, request_id: str = "") -> Outcome:
    """Return the outcome of a call that was accepted."""
    step, now = flight.step, clock.now()
    # Some kinds are done at once, and the transition that a WAIT step waits for may have ended by now.
    pause = 0.0 if step.usual == 0 or step.id.verb is Verb.WAIT else SHORTEST
    return Begun(step, now, request_id), replace(flight, arn=arn, since=now, due=now + pause, unanswered=False)


def is_in_progress(live: Live | None) -> bool:
    """Return whether an object exists and is in a transition."""
    return live is not None and live.condition is Condition.PENDING


def set_tags(step: Step, live: Live, cloud: Cloud) -> None:
    """Remove tags before setting the record of ours: stopping in between leaves a record of too many, which is safe."""
    now = cloud.tags(live.arn) if any(map(is_announcement, step.untags)) else live.tags
    # An apply that has renewed its announcement since the plan is about to buy.
    untags = [key for key in sorted(step.untags) if not is_announcement(key) or now.get(key) == live.tags.get(key)]
    if untags:
        cloud.untag(live, untags)
    if step.tags:
        cloud.tag(live, step.tags)


def _resolved(value: Any, known: Mapping[Address, str]) -> Any:
    """Return the ARN of an `Unknown` reference, any other value as it is."""
    return f"{known[value.address]}{value.ending}" if isinstance(value, Unknown) else value
