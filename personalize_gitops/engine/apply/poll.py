"""Poll a step that has begun: read its object, and say whether the step is done, has failed or goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from personalize_gitops.engine.apply.begin import is_in_progress, set_tags
from personalize_gitops.engine.apply.flight import Flight, Outcome, failed, later
from personalize_gitops.engine.apply.purchase import concluded
from personalize_gitops.model.announcements import VISIBLE_LIMIT
from personalize_gitops.model.comparison import is_updated
from personalize_gitops.model.events import Done
from personalize_gitops.model.live import Live
from personalize_gitops.model.ownership import is_unfinished
from personalize_gitops.model.ports import Clock, Cloud
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because, service_message
from personalize_gitops.model.status import Condition
from personalize_gitops.model.steps import Step, Verb
from personalize_gitops.model.tags import APPLIED


def poll(flight: Flight, arn: str, cloud: Cloud, clock: Clock, listed: Mapping[str, Live]) -> Outcome:
    """Read the object of a begun step from `listed` or with Describe, and return the outcome.

    A bought run ends only when its announcement is not needed any more.
    """
    event, after = outcome = _polled(flight, arn, cloud, clock, listed)
    if flight.purchase is None:
        return outcome
    if concluded(flight.purchase, arn, clock.now() - flight.since, after is None, cloud):
        return event, after and replace(after, purchase=None)
    return outcome if after else later(flight, clock, Reason(ReasonCode.NOT_LISTED_YET))


def _polled(flight: Flight, arn: str, cloud: Cloud, clock: Clock, listed: Mapping[str, Live]) -> Outcome:
    step, now = flight.step, clock.now()
    live = listed.get(arn) or cloud.describe(step.kind, arn)
    elapsed = now - flight.since
    if step.id.verb is Verb.CANCEL and not is_in_progress(live):
        return Done(step, now, elapsed, arn), None
    if live is None:
        return _absent(flight, arn, clock)
    if step.live and live.created != step.live.created:  # an ARN is reusable by name
        return failed(flight, clock, because(ReasonCode.NAME_TAKEN_AGAIN, name=Verbatim(live.name)))
    if step.id.verb is Verb.DELETE or _waits_for_deletion(step):
        return _poll_deletion(flight, live, clock)
    if failure := _failure(step, live):
        return failed(flight, clock, failure)
    if live.condition is Condition.PENDING:
        status = Verbatim((live.update.status if live.update else live.status) or "")
        if elapsed > flight.limit:
            return _too_long(flight, clock, status)
        return later(flight, clock, _status(status))
    if step.id.verb in (Verb.START, Verb.STOP) and (live.condition is Condition.STOPPED) != (step.id.verb is Verb.STOP):
        if elapsed < VISIBLE_LIMIT:  # reads may lag behind the accepted call
            return later(flight, clock, _status(live.status))
        return failed(flight, clock, Reason(ReasonCode.NOT_AS_UPDATED))
    if step.id.verb is Verb.UPDATE:
        if not is_updated(step.kind, live.attributes, step.attributes):
            return _second_update(flight, live, cloud, clock)
        # Only now: the service can refuse tags during an update, and the update must not be sent again for that.
        set_tags(step, step.live or live, cloud)
    elif step.id.verb is Verb.WAIT and step.live and _has_unfinished_record(step, step.live):
        cloud.tag(step.live, {APPLIED: step.tags[APPLIED]})  # the update may be that of an interrupted apply
    return Done(step, now, elapsed, arn), None


def _has_unfinished_record(step: Step, live: Live) -> bool:
    return APPLIED in step.tags and is_unfinished(live.tags.get(APPLIED, ""))


def _poll_deletion(flight: Flight, live: Live, clock: Clock) -> Outcome:
    """Return the outcome of a deletion whose ARN still has an object."""
    elapsed, status = clock.now() - flight.since, Verbatim(live.status or "")
    if live.condition is Condition.DELETING:
        return later(flight, clock, _status(status)) if elapsed <= flight.limit else _too_long(flight, clock, status)
    if status.startswith("DELETE"):
        return failed(flight, clock, because(ReasonCode.ENDED, status=status, failure=service_message(live.failure)))
    if elapsed < VISIBLE_LIMIT:  # reads may lag behind the accepted call
        return later(flight, clock, _status(status))
    return failed(flight, clock, because(ReasonCode.NOT_DELETED, status=status))


def _too_long(flight: Flight, clock: Clock, status: Verbatim) -> Outcome:
    elapsed = timedelta(seconds=round(clock.now() - flight.since))
    return failed(flight, clock, because(ReasonCode.STILL_IN_PROGRESS, status=status, elapsed=elapsed))


def _absent(flight: Flight, arn: str, clock: Clock) -> Outcome:
    """Return the outcome of a step whose object does not exist: done, not visible yet, or failed."""
    step, now = flight.step, clock.now()
    elapsed = now - flight.since
    if step.id.verb is Verb.DELETE or _waits_for_deletion(step):
        return Done(step, now, elapsed, arn), None
    if step.id.verb is Verb.CREATE and elapsed < VISIBLE_LIMIT:
        return later(flight, clock, Reason(ReasonCode.NOT_VISIBLE_YET))
    return failed(flight, clock, Reason(ReasonCode.DISAPPEARED))


def _second_update(flight: Flight, live: Live, cloud: Cloud, clock: Clock) -> Outcome:
    """Send a second update for changes that need two calls. Never a third: the step fails instead."""
    if flight.updates > 1:
        return failed(flight, clock, Reason(ReasonCode.NOT_AS_UPDATED))
    seen = flight.step.live or live  # with the owner that the plan saw
    cloud.update(replace(seen, attributes=live.attributes), flight.step.attributes)
    return later(replace(flight, updates=flight.updates + 1), clock, Reason(ReasonCode.SECOND_UPDATE))


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
