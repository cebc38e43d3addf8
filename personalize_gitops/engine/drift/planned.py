"""The findings that a plan shows: its differences, told from the account's side. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from personalize_gitops.model.action import Action
from personalize_gitops.model.desired import Document, Manage
from personalize_gitops.model.diff import FieldChange, Unknown
from personalize_gitops.model.drift import Drift, Finding, bills_since
from personalize_gitops.model.live import Live
from personalize_gitops.model.members import mutable_members
from personalize_gitops.model.ownership import applied_digest
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.reason import Code, Reason, ReasonCode, service_message
from personalize_gitops.model.resource import Run
from personalize_gitops.model.status import Condition
from personalize_gitops.model.tags import APPLIED

_BY_REASON: Mapping[Code, Finding] = {
    ReasonCode.UNMANAGED: Finding.UNMANAGED,
    ReasonCode.PLACE_UNMANAGED: Finding.UNMANAGED,
    ReasonCode.ADOPTED: Finding.UNMANAGED,
    ReasonCode.ADOPT_BEFORE_REPLACING: Finding.UNMANAGED,
    ReasonCode.ADOPT_IN_DOCUMENT: Finding.UNMANAGED,
    ReasonCode.OWNED_BY_PROJECT: Finding.FOREIGN,
    ReasonCode.PLACE_OWNED_BY_PROJECT: Finding.FOREIGN,
    ReasonCode.OWNED_BY_ADDRESS: Finding.UNAPPLIED,
    ReasonCode.PLACE_OWNED: Finding.UNAPPLIED,
    ReasonCode.BOTH_NAMES_EXIST: Finding.UNAPPLIED,
    ReasonCode.RECORD_OUTDATED: Finding.UNAPPLIED,
    ReasonCode.ANNOUNCEMENT_LEFT: Finding.UNAPPLIED,
    ReasonCode.BEING_DELETED: Finding.MISSING,
    ReasonCode.NOT_APPLIED_YET: Finding.UNAPPLIED,
}
"""The finding that a reason alone shows."""

_ABSENT = frozenset({ReasonCode.NOT_IN_ACCOUNT, ReasonCode.DELETED_SINCE_APPLY})

_RUNS: Mapping[Code, Finding] = {
    ReasonCode.LAST_ATTEMPT_FAILED: Finding.FAILED,
    ReasonCode.STOPPED_BY_HAND: Finding.FAILED,
    ReasonCode.NEVER_RAN: Finding.UNAPPLIED,
    ReasonCode.INPUT_REPLACED: Finding.UNAPPLIED,
    ReasonCode.INPUT_FIELDS_CHANGED: Finding.UNAPPLIED,
}
"""Why a run is due, as a finding. A run that is due for other reasons is no drift: new data, or another change."""

_FOLLOWS = frozenset({ReasonCode.BASE_RECREATED, ReasonCode.REPLACED_BY, ReasonCode.NEEDS_MISSING})
"""Reasons that follow from the finding of another resource, or from a replacement that an apply made."""


def planned(plan: Plan) -> Iterator[Drift]:
    """Yield the findings that a plan shows."""
    for change in plan.changes:
        if finding := _finding(change):
            yield _drift(change, finding)


def _drift(change: Change, finding: Finding) -> Drift:
    return Drift(
        change.address,
        finding,
        _reasons(change, finding),
        change.live.arn if change.live else None,
        tuple(replace(field, before=field.after, after=field.before) for field in _shown(change, finding)),
        change.place,
        bills_since=bills_since(change.live),
    )


def _shown(change: Change, finding: Finding) -> Sequence[FieldChange]:
    return _own_fields(change) if finding is Finding.CHANGED else change.fields


def _finding(change: Change) -> Finding | None:
    codes = {reason.code for reason in change.reasons}
    if change.manage is Manage.PAUSED or codes & _FOLLOWS:
        return None
    if ReasonCode.RENAMED in codes:
        return Finding.UNAPPLIED
    if ReasonCode.TOO_OLD in codes:
        return Finding.STALE_MODEL if issubclass(change.kind, Run) and change.kind.data_from else Finding.STALE_DATA
    if change.document is None:
        return Finding.UNDECLARED
    if change.kind.is_run:
        return _finding_of_run(change, change.document)
    if change.manage is Manage.OBSERVE:
        return _finding_of_object(change, change.document)
    if ReasonCode.TAGS_LOST in codes:
        return Finding.CHANGED
    by_reason = next((_BY_REASON[reason.code] for reason in change.reasons if reason.code in _BY_REASON), None)
    return by_reason or _finding_of_object(change, change.document)


def _finding_of_run(change: Change, document: Document) -> Finding | None:
    if change.action is Action.WAIT:
        return Finding.PENDING
    if change.live and change.fields and change.action is Action.UPDATE:  # its tags
        return _finding_of_difference(change, change.live, document)
    found = next((_RUNS[reason.code] for reason in change.reasons if reason.code in _RUNS), None)
    return None if found is Finding.UNAPPLIED and _follows(change) else found


def _follows(change: Change) -> bool:
    """Return whether a run is due only because another change of the plan brings its input."""
    is_replaced = any(reason.code is ReasonCode.INPUT_REPLACED for reason in change.reasons)
    if is_replaced and any(isinstance(value, Unknown) for value in change.attributes.values()):
        return True
    return bool(change.fields) and not _own_fields(change)


def _finding_of_object(change: Change, document: Document) -> Finding | None:
    live = change.live
    if live is None:
        absent = any(reason.code in _ABSENT for reason in change.reasons)
        return Finding.MISSING if absent else Finding.PENDING if change.action is Action.WAIT else None
    if live.condition in (Condition.FAILED, Condition.UNSURE):
        return Finding.FAILED
    if live.update and live.update.condition is Condition.FAILED:
        return Finding.FAILED_UPDATE
    if change.action is Action.WAIT:
        return Finding.PENDING
    is_same = change.action is Action.NONE or (change.action is Action.KEEP and not change.fields)
    return None if is_same else _finding_of_difference(change, live, document)


def _finding_of_difference(change: Change, live: Live, document: Document) -> Finding | None:
    """Return who changed an object; None if only references differ that follow from another change of the plan.

    A kind without tags that is never updated was changed in the manifests.
    """
    applied = applied_digest(document)
    is_edited = live.tags.get(APPLIED, applied) != applied
    if is_edited or not (change.kind.taggable or mutable_members(change.kind)):
        return Finding.UNAPPLIED
    return Finding.CHANGED if _own_fields(change) or not change.fields else None


def _own_fields(change: Change) -> list[FieldChange]:
    """Return the members that differ, without those whose value another change of the plan brings."""
    return [field for field in change.fields if not isinstance(field.after, Unknown)]


def _reasons(change: Change, finding: Finding) -> tuple[Reason, ...]:
    match finding:
        case Finding.MISSING if ReasonCode.NOT_IN_ACCOUNT in {reason.code for reason in change.reasons}:
            return (Reason(ReasonCode.MISSING),)
        case Finding.CHANGED if ReasonCode.TAGS_LOST not in {reason.code for reason in change.reasons}:
            return (Reason(ReasonCode.CHANGED_IN_ACCOUNT),)
        case Finding.UNAPPLIED if change.live and not (change.kind.is_run or _has_own_reason(change)):
            return (Reason(ReasonCode.CHANGED_IN_MANIFESTS),)
        case Finding.FAILED | Finding.FAILED_UPDATE if change.live and not change.kind.is_run:
            return (service_message(_failure(change.live)),)
        case _:
            return change.reasons


def _has_own_reason(change: Change) -> bool:
    """Return whether a reason of the plan says more than that the manifests changed."""
    return any(reason.code in _BY_REASON or reason.code is ReasonCode.RENAMED for reason in change.reasons)


def _failure(live: Live) -> str:
    return (live.update.failure if live.update else "") or live.failure
