"""Decide how a change that no update can carry out is made: by a successor, by recreation, or not at all. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from personalize_gitops.engine.plan import policy
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import Decisions
from personalize_gitops.engine.plan.impact import successor_obstacles
from personalize_gitops.engine.plan.quotas import full_group, full_region
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document
from personalize_gitops.model.live import Live
from personalize_gitops.model.names import next_name, ordinal
from personalize_gitops.model.plan import DeclaredChange
from personalize_gitops.model.reason import Reason, ReasonCode, because
from personalize_gitops.model.resource import Replace


def replaced(change: DeclaredChange, live: Live, context: PlanContext, decisions: Decisions) -> DeclaredChange:
    """Return the change for an object that has to be replaced: by its strategy, or blocked.

    The reasons of `change` already say why.
    """
    if protection := policy.protection(change.document, live):
        return policy.blocked(change, protection)
    match context.desired.strategy(change.document):
        case Replace.FORBID:
            return _blocked_with_choices(change, *_choices(change.document))
        case Replace.SUCCESSOR:
            return _with_successor(change, live, context, decisions)
        case Replace.RECREATE:
            return _recreated(change)


def _with_successor(change: DeclaredChange, live: Live, context: PlanContext, decisions: Decisions) -> DeclaredChange:
    """Return the change that creates a successor; recreated or blocked if a successor is not possible."""
    document, kind_name = change.document, change.address.kind_name
    is_used = live.arn in context.snapshot.users
    obstacles = successor_obstacles(document, live.attributes)
    # Nothing has to move if nothing refers to the object, such as a schema without a dataset.
    if obstacles and (change.kind.taggable or is_used):
        return policy.blocked(change, because(ReasonCode.NO_SUCCESSOR, why=obstacles))
    if full := full_group(document, live, context, decisions):
        return _without_successor(change.because(full))
    if full := full_region(document, context, decisions):
        if is_used:  # a quota is no reason to delete an object that another one uses, such as a schema of a dataset
            return policy.blocked(change, full, Reason(ReasonCode.NO_ROOM_BUT_USED))
        return _without_successor(change.because(full))
    base = _base_of(live, document, context)
    taken = {other.name for other in context.snapshot.series(kind_name, base)} | context.desired.aws_names(kind_name)
    return replace(
        change,
        action=Action.SUCCESSOR,
        aws_name=next_name(base, taken),
        loses=change.kind.loses,
        risk=Risk.COST if change.kind.bills(document.attributes) else Risk.NONE,
    )


def _base_of(live: Live, document: Document, context: PlanContext) -> str:
    """Return the base of the series of an object's name: the document's AWS name, unless the object was renamed."""
    if ordinal(document.aws_name, live.name):
        return document.aws_name
    owned = context.snapshot.owned(context.desired.owner, document.address)
    return min((other.name for other in owned if ordinal(other.name, live.name)), key=len, default=live.name)


def _without_successor(change: DeclaredChange) -> DeclaredChange:
    """Return the change for a full quota: recreated, or blocked if the document or the kind excludes recreation."""
    document = change.document
    if document.lifecycle.replace is Replace.SUCCESSOR or change.kind.replace is Replace.FORBID:
        return _blocked_with_choices(change, Reason(ReasonCode.RAISE_QUOTA), _recreate_choice(document))
    return _recreated(change.because(Reason(ReasonCode.NO_ROOM_RECREATED)))


def _recreated(change: DeclaredChange) -> DeclaredChange:
    """Return the change that deletes and creates the object, with its losses."""
    loses = change.kind.loses
    return replace(change, action=Action.RECREATE, loses=loses, risk=Risk.DATA_LOSS if loses else Risk.OUTAGE)


def recreated_along(change: DeclaredChange, base: Address, context: PlanContext) -> DeclaredChange:
    """Return the change for an object that refers to a recreated object: recreated too, or blocked.

    The referring object has to be deleted before `base`.
    """
    change = change.because(because(ReasonCode.BASE_RECREATED, address=base))
    if protection := policy.protection(change.document, change.live):
        return policy.blocked(change, protection)
    if context.desired.strategy(change.document) is Replace.FORBID:
        return _blocked_with_choices(change, Reason(ReasonCode.RECREATE_ALONG))
    return _recreated(change)


def _blocked_with_choices(change: DeclaredChange, *choices: Reason) -> DeclaredChange:
    """Return the change blocked, with the settings that would allow it and what it would destroy."""
    return replace(policy.blocked(change, *choices), loses=change.kind.loses)


def _choices(document: Document) -> Iterator[Reason]:
    """Yield the strategies that a document could choose."""
    yield _recreate_choice(document)
    if not successor_obstacles(document, document.attributes):
        yield Reason(ReasonCode.SUCCESSOR_TO_REPLACE)


def _recreate_choice(document: Document) -> Reason:
    loses = document.kind.loses
    return because(ReasonCode.RECREATE_TO_REPLACE, loses=loses) if loses else Reason(ReasonCode.RECREATE_TO_REPLACE)
