"""Turn a plan into steps: calls, each with the steps it needs first. Pure.

A replacement becomes its create and delete calls here. Four rules give the needs:

* An object is created or updated after the objects it refers to.
* An object is deleted after the objects that refer to it have been updated or deleted.
* A run in progress that is deleted with an object is stopped first: at once, or when the successor exists.
* An object is created under a name after the previous object of that name has been deleted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.live import Live
from personalize_gitops.model.members import switch_of
from personalize_gitops.model.ownership import finished_record, record_of_update, tags_of, tags_to_remove
from personalize_gitops.model.plan import Change, Plan, dependents
from personalize_gitops.model.steps import PROVIDES, Step, StepId, Verb
from personalize_gitops.model.structure import RUNNING, STOPPED
from personalize_gitops.model.tags import APPLIED, PREFIX, PROTECT, SUCCEEDED

_CREATING = (Verb.CREATE, Verb.WAIT)
"""Verbs that take as long as a creation."""

_MOST_RECORDED = 3
"""Earlier names kept in the `succeeded` tag: a tag has 256 characters, a name up to 63 (docs/service/2 §2.5)."""


def to_steps(plan: Plan) -> tuple[Step, ...]:
    """Return the steps of a plan, sorted by id. Each step needs only steps among them."""
    untagged = _replaced_without_tags(plan)
    by_change = [(change, (*_record(change, untagged), *_steps(plan, change))) for change in plan.pending]
    users: dict[
        str, list[tuple[Change, tuple[Step, ...]]]
    ] = {}  # the changes whose objects refer to an ARN now, by ARN
    for change, steps in by_change:
        # The live object of a due run is an earlier run, which prevents no deletion.
        for arn in change.live.referenced if change.live and change.action is not Action.RUN else ():
            users.setdefault(arn, []).append((change, steps))
    provided: dict[Address, StepId] = {}  # the last step after which others can refer to an address
    for change, steps in by_change:
        for step in steps:
            if step.id.verb in PROVIDES:
                provided[change.address] = step.id
    ordered = [
        replace(
            step,
            needs=frozenset(_needs(step, change, own, users, provided, plan)) - {step.id},
            measured=plan.measured.get(change.address, 0.0) if step.id.verb in _CREATING else 0.0,
        )
        for change, own in by_change
        for step in own
    ]
    return tuple(sorted(ordered, key=lambda step: step.id))


def _replaced_without_tags(plan: Plan) -> Mapping[str, str]:
    """Return the AWS names of untaggable objects that this or an earlier plan replaces, by ARN."""
    leaving = (Action.SUCCESSOR, Action.DELETE, Action.KEEP)
    return {
        change.live.arn: change.live.name
        for change in plan.changes
        if change.live and change.action in leaving and not change.kind.taggable
    }


def _record(change: Change, untagged: Mapping[str, str]) -> Iterator[Step]:
    """Yield the step that tags an object with the names of the replaced untaggable objects it refers to.

    The step comes before the update that moves the references. Yield nothing if there are no such objects.
    """
    if change.action is not Action.UPDATE or not change.live or not change.kind.taggable:
        return
    names = sorted(untagged[arn] for arn in change.live.referenced if arn in untagged)
    if names:
        known = change.live.tags.get(SUCCEEDED, "").split()
        tags = {SUCCEEDED: " ".join(dict.fromkeys([*names, *known[:_MOST_RECORDED]]))}
        yield Step(StepId(change.address, Verb.TAG, change.aws_name), change.kind, change.live, tags=tags)


def _steps(plan: Plan, change: Change) -> Iterator[Step]:
    """Yield the steps of one change in their order, still without needs."""
    verbs = tuple(_verbs(change))
    for verb in verbs:
        if verb is Verb.DELETE:
            yield from (_cancellation(live) for live in change.stops)
        # A new object does not exist yet; only the deletion is about the object that does.
        is_new = change.action in (Action.SUCCESSOR, Action.RECREATE) or verb is Verb.CREATE
        live = None if is_new and verb is not Verb.DELETE else change.live
        name = live.name if live and verb is Verb.DELETE else change.aws_name
        # Other verbs send no members; the references of a deleted object may be unresolved.
        sent = {Verb.CREATE: change.attributes, Verb.UPDATE: change.update or {}}.get(verb, {})
        step = Step(
            StepId(change.address, verb, name),
            change.kind,
            live,
            sent,
            contents=change.contents if verb is Verb.DELETE else (),
            bases=change.bases if verb is Verb.CREATE else (),
            planned_at=plan.time.account,
        )
        step = _with_tags(step, change, plan.owner)
        yield _with_open_record(step) if verb is Verb.UPDATE and Verb.TAG in verbs else step


def _cancellation(live: Live) -> Step:
    """Return the step that stops a run; the end of its ARN tells it from others of the same name."""
    return Step(StepId(live.known_as, Verb.CANCEL, live.arn.rpartition("/")[2]), live.kind, live)


def _with_tags(step: Step, change: Change, owner: str) -> Step:
    """Return the step with the tags to set and to remove. Ignored tags are set on create, never on update.

    FORGET removes our tags. A step of an undeclared object has no tags. A partial update keeps the record of what was
    applied.
    """
    document, live = change.document, step.live
    if step.id.verb is Verb.FORGET and live:
        return replace(step, untags=frozenset(key for key in live.tags if key.startswith(PREFIX)))
    if step.id.verb is Verb.UNPROTECT:
        return replace(step, untags=frozenset({PROTECT}))
    if document is None:
        return step
    if change.partial and live:
        return replace(step, tags=finished_record(live.tags))
    tags = tags_of(document, owner, step.id.aws_name, change.fingerprint)
    if live is None:
        return replace(step, tags=tags)
    ignored = document.tags.keys() - document.own_tags.keys()
    kept = {key: value for key, value in tags.items() if key not in ignored}
    return replace(step, tags=kept, untags=tags_to_remove(document, live, change.fields))


def _with_open_record(step: Step) -> Step:
    """Return an update step that does not say yet what is applied: a stop follows, and a step that says it."""
    before, after = step.live.tags.get(APPLIED) if step.live else None, step.tags.get(APPLIED)
    return replace(step, tags={**step.tags, APPLIED: record_of_update(before, after)}) if after else step


def _verbs(change: Change) -> Iterator[Verb]:
    """Yield the verbs of a change in their order."""
    switch = switch_of(change.kind)
    position = change.attributes.get(switch) if switch else None
    match change.action:
        case Action.CREATE | Action.RUN:
            yield from (Verb.CREATE, *_stop_if_declared(position))
        case Action.SUCCESSOR:
            yield from (Verb.CREATE, *_stop_if_declared(position))
            if change.deletes:
                yield Verb.DELETE
        case Action.RECREATE:
            yield from (Verb.DELETE, Verb.CREATE, *_stop_if_declared(position))
        case Action.UPDATE if change.update is None:
            yield Verb.UNPROTECT
        case Action.UPDATE:
            yield from _update_verbs(change, switch)
        case Action.ADOPT:
            yield Verb.TAG
        case Action.DELETE:
            yield Verb.DELETE
        case Action.FORGET:
            yield Verb.FORGET
        case Action.WAIT if change.live:
            yield Verb.WAIT
        case _:
            return  # nothing to do, or nothing exists yet to wait for


def _stop_if_declared(position: str | None) -> tuple[Verb, ...]:
    """Return the verb that stops a new object if its switch is declared as stopped; empty if not."""
    return (Verb.STOP,) if position == STOPPED else ()


def _update_verbs(change: Change, switch: str | None) -> Iterator[Verb]:
    """Yield the verbs of an update. A stopped object is started first, then stopped again (docs/service/2 §6.1)."""
    sent = change.update or {}
    position = sent.get(switch) if switch else None
    members = sent.keys() - {switch}
    is_stopped = bool(switch and change.live and change.live.attributes.get(switch) == STOPPED)
    if is_stopped and (members or position == RUNNING):
        yield Verb.START
    if members:
        yield Verb.UPDATE
    stops = position == STOPPED or (is_stopped and bool(members) and position != RUNNING)
    if stops:
        yield Verb.STOP
    if stops or not members:  # an update step sets the tags itself
        yield Verb.TAG


def _needs(
    step: Step,
    change: Change,
    own: tuple[Step, ...],
    users: Mapping[str, Sequence[tuple[Change, tuple[Step, ...]]]],
    provided: Mapping[Address, StepId],
    plan: Plan,
) -> Iterator[StepId]:
    """Yield the steps that a step needs first: the step of its change before it, and those of other changes.

    `own` has all steps of the change, `users` the changes whose objects refer to an ARN now, and `provided` the step
    after which others can refer to an address.
    """
    yield from (before.id for before, after in pairwise(own) if after is step)
    if step.id.verb in (Verb.CANCEL, Verb.UNPROTECT):
        return
    if step.id.verb in PROVIDES:
        yield from (provided[address] for address in plan.needs.get(change.address, ()) if address in provided)
        return

    if change.action is Action.SUCCESSOR or _is_replaced_earlier(change, provided):
        # The old object is deleted last: when everything that depends on the address, even indirectly, has moved.
        if change.address in provided:
            yield provided[change.address]
        yield from (provided[address] for address in dependents(change.address, plan.needs) if address in provided)
    for other, steps in users.get(change.live.arn, ()) if change.live else ():
        if other is not change:
            deletions = [found.id for found in steps if found.id.verb is Verb.DELETE]
            yield from deletions or [found.id for found in steps]


def _is_replaced_earlier(change: Change, provided: Mapping[Address, StepId]) -> bool:
    """Return whether a change deletes an object that an earlier plan has replaced: its address has other steps."""
    return change.action is Action.DELETE and change.address in provided
