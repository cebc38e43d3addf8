"""Drift: the differences of a plan, with declared values before and live values after. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.model.action import Action
from personalize_gitops.model.desired import Document, Manage
from personalize_gitops.model.diff import FieldChange, Unknown
from personalize_gitops.model.drift import Drift, Finding
from personalize_gitops.model.live import Live
from personalize_gitops.model.ownership import applied_digest
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.reason import Reason, ReasonCode, service_message
from personalize_gitops.model.status import Condition
from personalize_gitops.model.tags import APPLIED


def drift(plan: Plan) -> tuple[Drift, ...]:
    """Return the drift that a plan shows.

    Due runs and transitions in progress are not drift: they are not changes in the account.
    """
    return tuple(_drifts(plan))


def _drifts(plan: Plan) -> Iterator[Drift]:
    for change in plan.changes:
        if finding := _finding(change, plan.owner):
            yield Drift(
                change.address,
                finding,
                _reasons(change, finding),
                change.live.arn if change.live else None,
                tuple(
                    FieldChange(field.path, field.after, field.before, secret=field.secret) for field in change.fields
                ),
            )


def _finding(change: Change, owner: str) -> Finding | None:
    live, document = change.live, change.document
    if change.manage is not Manage.FULL:
        return _finding_left_alone(change)
    if change.action in (Action.RUN, Action.WAIT):
        return None
    if document is None:
        return Finding.UNDECLARED
    if live is None:
        return Finding.MISSING if change.action is Action.CREATE else None
    if live.condition is Condition.FAILED or (live.update and live.update.condition is Condition.FAILED):
        return Finding.UNHEALTHY
    if change.action is Action.NONE:
        return None
    if change.action is Action.DELETE and not document.kind.taggable:
        return None  # a replaced object that the next apply deletes, not a change in the account
    if live.owner != owner and document.kind.taggable and not _is_renamed(change):
        return Finding.FOREIGN
    return _finding_of_difference(change, live, document)


def _finding_of_difference(change: Change, live: Live, document: Document) -> Finding:
    is_unknown = any(isinstance(field.after, Unknown) for field in change.fields)  # until another one is created
    if is_unknown or _is_renamed(change):
        return Finding.UNAPPLIED
    if live.tags.get(APPLIED, applied_digest(document)) != applied_digest(document):
        return Finding.UNAPPLIED
    return Finding.CHANGED


def _is_renamed(change: Change) -> bool:
    return any(reason.code is ReasonCode.RENAMED for reason in change.reasons)


def _finding_left_alone(change: Change) -> Finding | None:
    """Return how an observed resource differs; None if it does not, or is paused. Nobody has to own it."""
    live, document = change.live, change.document
    if change.manage is Manage.PAUSED or change.kind.is_run:
        return None
    if document is None:
        return Finding.UNDECLARED
    if live is None:
        return Finding.MISSING
    if live.condition is Condition.FAILED or (live.update and live.update.condition is Condition.FAILED):
        return Finding.UNHEALTHY
    return _finding_of_difference(change, live, document) if change.fields else None


def _reasons(change: Change, finding: Finding) -> tuple[Reason, ...]:
    match finding:
        case Finding.MISSING:
            return (Reason(ReasonCode.MISSING),)
        case Finding.CHANGED:
            return (Reason(ReasonCode.CHANGED_IN_ACCOUNT),)
        case Finding.UNAPPLIED:
            return (Reason(ReasonCode.CHANGED_IN_MANIFESTS),)
        case Finding.UNHEALTHY if change.live:
            return (service_message(_failure(change.live)),)
        case _:
            return change.reasons


def _failure(live: Live) -> str:
    return (live.update.failure if live.update else "") or live.failure
