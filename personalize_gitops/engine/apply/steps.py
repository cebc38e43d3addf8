"""From a plan to the calls it comes down to, and which waits for which. Pure.

`replace` becomes its real steps here. What a change needs first follows from three rules: what it refers to is there;
what an object is deleted for has moved or gone; what is created under a name finds the name free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from personalize_gitops.engine.plan.diffing import own_tags, tags_to_remove
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document
from personalize_gitops.model.live import (
    ADDRESS,
    APPLIED,
    FINGERPRINT,
    KEYS,
    PREFIX,
    PROJECT,
    SUCCEEDED,
    key_record,
)
from personalize_gitops.model.plan import Change, Plan, digest
from personalize_gitops.model.resource import RUNNING, STOPPED, Resource, comparable, switch_of
from personalize_gitops.model.steps import Step, StepId, Verb

_READY = frozenset(Verb) - {Verb.DELETE}
"""Verbs after which what a change is about can be referred to."""


_MOST_RECORDED = 3
"""Names written down beside the newest: a tag takes 256 characters, a name has up to 63 (docs/service/2 §2.5)."""


def to_steps(plan: Plan) -> tuple[Step, ...]:
    """The steps of a plan, sorted; their needs are all among them."""
    left = _left_for_others(plan)
    by_change = [(change, (*_record(change, left), *_steps(plan, change))) for change in plan.pending]
    users: dict[str, list[tuple[Change, tuple[Step, ...]]]] = {}  # by what a changing object refers to now
    for change, steps in by_change:
        # Of a run the live one is the last of its line, which is history and keeps nothing.
        for arn in change.live.referred if change.live and change.action is not Action.RUN else ():
            users.setdefault(arn, []).append((change, steps))
    ready: dict[Address, StepId] = {}
    for change, steps in by_change:
        for step in steps:
            if step.id.verb in _READY:
                ready[change.address] = step.id
    ordered = [
        replace(step, needs=frozenset(_needs(step, change, own, users, ready, plan)) - {step.id})
        for change, own in by_change
        for step in own
    ]
    return tuple(sorted(ordered, key=lambda step: step.id))


def _left_for_others(plan: Plan) -> Mapping[str, str]:
    """What has or gets a successor and cannot carry a tag: its name by its ARN."""
    leaving = (Action.SUCCESSOR, Action.DELETE, Action.KEEP)
    return {
        change.live.arn: change.live.name
        for change in plan.changes
        if change.live and change.action in leaving and not change.live.kind.taggable
    }


def _record(change: Change, left: Mapping[str, str]) -> Iterator[Step]:
    """What an object moves away from is written down before it moves, so that it can be told later on."""
    if change.action is not Action.UPDATE or not change.live or not change.live.kind.taggable:
        return
    names = sorted(left[arn] for arn in change.live.referred if arn in left)
    if names:
        known = change.live.tags.get(SUCCEEDED, "").split()
        tags = {SUCCEEDED: " ".join(dict.fromkeys([*names, *known[:_MOST_RECORDED]]))}
        yield Step(StepId(change.address, Verb.TAG, change.aws_name), change.live.kind, change.live, tags=tags)


def _steps(plan: Plan, change: Change) -> Iterator[Step]:
    """The steps of one change in their order, their needs still open."""
    kind = change.document.kind if change.document else change.live.kind  # type: ignore[union-attr]  # one is there
    attributes = change.attributes or {}
    for verb in _verbs(change, kind):
        # What is made anew has no object yet: only the deletion is about the one that is there.
        made_anew = change.action in (Action.SUCCESSOR, Action.RECREATE) or verb is Verb.CREATE
        live = None if made_anew and verb is not Verb.DELETE else change.live
        name = live.name if live and verb is Verb.DELETE else change.aws_name
        # Only these two send members; what a deletion comes before may not even be known when it begins.
        sent = attributes if verb in (Verb.CREATE, Verb.UPDATE) else {}
        step = Step(StepId(change.address, verb, name), kind, live, sent)
        yield _with_tags(step, change, plan.owner)


def _with_tags(step: Step, change: Change, owner: str) -> Step:
    """The step with the tags to set and to remove: what somebody else looks after is set only on what is made."""
    document, live = change.document, step.live
    if step.id.verb is Verb.FORGET and live:
        return replace(step, untags=frozenset(key for key in live.tags if key.startswith(PREFIX)))
    if document is None:
        return step
    tags = tags_of(document, owner, change.fingerprint)
    if live is None:
        return replace(step, tags=tags)
    others = document.tags.keys() - own_tags(document).keys()
    kept = {key: value for key, value in tags.items() if key not in others}
    return replace(step, tags=kept, untags=tags_to_remove(document, live, change.fields))


def _verbs(change: Change, kind: type[Resource]) -> Iterator[Verb]:
    """What is done for a change, one after the other."""
    switch = switch_of(kind)
    to = (change.attributes or {}).get(switch) if switch else None
    match change.action:
        case Action.CREATE | Action.RUN:
            yield from (Verb.CREATE, *_stopped(to))
        case Action.SUCCESSOR:
            yield from (Verb.CREATE, *_stopped(to))
            if "delete" in change.actions:
                yield Verb.DELETE
        case Action.RECREATE:
            yield from (Verb.DELETE, Verb.CREATE, *_stopped(to))
        case Action.UPDATE:
            yield from _update_verbs(change, switch, to)
        case Action.ADOPT:
            yield Verb.TAG
        case Action.DELETE:
            yield Verb.DELETE
        case Action.FORGET:
            yield Verb.FORGET
        case Action.WAIT if change.live:
            yield Verb.WAIT
        case _:
            return  # nothing to do, or nothing there yet to wait for


def _stopped(to: str | None) -> tuple[Verb, ...]:
    return (Verb.STOP,) if to == STOPPED else ()


def _update_verbs(change: Change, switch: str | None, to: str | None) -> Iterator[Verb]:
    """What stands still cannot be changed in place (docs/service/2 §6.1): it is started for that, and stopped again."""
    members = (change.attributes or {}).keys() - {switch}
    is_stopped = bool(switch and change.live and change.live.attributes.get(switch) == STOPPED)
    if is_stopped and (members or to == RUNNING):
        yield Verb.START
    if members:
        yield Verb.UPDATE
    if to == STOPPED or (is_stopped and members and to != RUNNING):
        yield Verb.STOP
    if not members:  # an update sets the tags itself
        yield Verb.TAG


def _needs(
    step: Step,
    change: Change,
    own: tuple[Step, ...],
    users: Mapping[str, Sequence[tuple[Change, tuple[Step, ...]]]],
    ready: Mapping[Address, StepId],
    plan: Plan,
) -> Iterator[StepId]:
    yield from (before.id for before, after in pairwise(own) if after is step)
    if step.id.verb is not Verb.DELETE:
        yield from (ready[address] for address in plan.needs.get(change.address, ()) if address in ready)
        return

    if change.action is Action.SUCCESSOR or _is_superseded(change, ready):
        # The old one goes last: once everything that depends on the address, however indirectly, has moved.
        if change.address in ready:
            yield ready[change.address]
        yield from (ready[address] for address in _dependants(change.address, plan) if address in ready)
    for other, steps in users.get(step.live.arn, ()) if step.live else ():
        if other is not change:
            leaving = [found.id for found in steps if found.id.verb is Verb.DELETE]
            yield from leaving or [found.id for found in steps]


def _is_superseded(change: Change, ready: Mapping[Address, StepId]) -> bool:
    return change.action is Action.DELETE and change.address in ready


def _dependants(address: Address, plan: Plan) -> frozenset[Address]:
    """Everything that needs an address, directly or by way of others."""
    found: set[Address] = set()
    ahead = [address]
    while ahead:
        current = ahead.pop()
        for other, needs in plan.needs.items():
            if current in needs and other not in found:
                found.add(other)
                ahead.append(other)
    return frozenset(found)


def tags_of(document: Document, owner: str, fingerprint: str = "") -> dict[str, str]:
    """The tags an object of a document carries: the declared ones, and those that say whose it is and of what."""
    if not document.kind.taggable:
        return {}
    ours = {PROJECT: owner, ADDRESS: str(document.address), APPLIED: applied_digest(document)}
    sometimes = {FINGERPRINT: fingerprint, KEYS: key_record(own_tags(document))}
    return {**document.tags, **ours, **{key: value for key, value in sometimes.items() if value}}


def applied_digest(document: Document) -> str:
    """A digest of what is declared: tells a change of the manifest from a change of the account."""
    return digest([comparable(document.kind, document.attributes), dict(document.tags)])
