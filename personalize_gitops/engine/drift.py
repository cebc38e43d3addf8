"""Drift: the same diff, told from the account's side. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.engine.apply.steps import applied_digest
from personalize_gitops.model.action import Action
from personalize_gitops.model.diff import FieldChange, Unknown
from personalize_gitops.model.drift import Drift, Finding
from personalize_gitops.model.live import APPLIED
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.status import Condition


def drift(plan: Plan) -> tuple[Drift, ...]:
    """What the plan says, seen from the account.

    Runs that are due and work in flight are the plan's business: nothing about them changed in the account.
    """
    return tuple(_findings(plan))


def _findings(plan: Plan) -> Iterator[Drift]:
    for change in plan.changes:
        if finding := _finding(change, plan.owner):
            yield Drift(
                change.address,
                finding,
                _reason(change, finding),
                change.live.arn if change.live else None,
                tuple(FieldChange(field.path, field.after, field.before) for field in change.fields),
            )


def _finding(change: Change, owner: str) -> Finding | None:
    live, document = change.live, change.document
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
        return None  # a predecessor that goes with the next apply; nobody has changed it
    if live.owner != owner and document.kind.taggable:
        return Finding.FOREIGN
    if any(isinstance(field.after, Unknown) for field in change.fields):
        return Finding.UNAPPLIED  # it follows from what is yet to be made
    if live.tags.get(APPLIED, applied_digest(document)) != applied_digest(document):
        return Finding.UNAPPLIED
    return Finding.CHANGED


def _reason(change: Change, finding: Finding) -> str:
    match finding:
        case Finding.MISSING:
            return "declared, not in the account"
        case Finding.UNDECLARED:
            return change.reason
        case Finding.CHANGED:
            return "changed in the account"
        case Finding.UNAPPLIED:
            return "changed in the manifests since the last apply"
        case Finding.UNHEALTHY if change.live:
            update = change.live.update
            return (
                update.failure if update and update.failure else change.live.failure
            ) or "the service gives no reason"
        case _:
            return change.reason
