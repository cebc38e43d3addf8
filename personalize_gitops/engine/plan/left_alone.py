"""Decide about resources that the manifests declare and do not manage (`manage: observe` or `paused`). Pure.

They are kept in any state. Other resources can refer to them, provided that they exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from personalize_gitops.engine.plan import policy, runs
from personalize_gitops.engine.plan.candidate import Candidate
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import Decisions, newest_success, resolve
from personalize_gitops.engine.plan.diffing import declared_tag_differences, differences
from personalize_gitops.engine.plan.matching import match_document
from personalize_gitops.model.action import Action
from personalize_gitops.model.desired import Document, Manage, RunDocument, addresses_in
from personalize_gitops.model.diff import Unknown
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import DeclaredChange
from personalize_gitops.model.reason import Path, Reason, ReasonCode, because


def decide_left_alone(document: Document, context: PlanContext, decisions: Decisions) -> DeclaredChange | None:
    """Return the change of a document that is observed or paused, or that refers to a missing one; None for others."""
    manage = context.desired.manage_of(document)
    if manage is not Manage.FULL and isinstance(document, RunDocument):
        return _run(document, manage, context, decisions)
    if manage is not Manage.FULL:
        return _resource(document, manage, context, decisions)
    for reference in document.references.values():
        for address in addresses_in(reference):
            if decisions.is_missing(address):
                needed = because(ReasonCode.NEEDS_MISSING, address=address, manage=decisions[address].change.manage)
                return policy.blocked(_kept(document, None), needed)
    return None


def _kept(document: Document, live: Live | None) -> DeclaredChange:
    return DeclaredChange(
        address=document.address,
        kind=document.kind,
        action=Action.KEEP,
        aws_name=live.aws_name if live else document.aws_name,
        live=live,
        document=document,
    )


def _resource(document: Document, manage: Manage, context: PlanContext, decisions: Decisions) -> DeclaredChange:
    """Return the change of a resource that is not a run; with what differs if it is observed."""
    wanted = _wanted(document, context, decisions)
    live = match_document(document, context, lambda live: not differences(document, live, wanted)).live
    kept = _kept(document, live)
    if live is None:
        return policy.left_alone(kept, manage, Reason(ReasonCode.NOT_IN_ACCOUNT))
    if manage is Manage.PAUSED:
        return policy.left_alone(kept, manage)
    fields = (*differences(document, live, wanted), *declared_tag_differences(document, live))
    differ = [because(ReasonCode.FIELDS_DIFFER, fields=tuple(Path(field.path) for field in fields))] if fields else []
    return policy.left_alone(replace(kept, fields=fields), manage, *differ)


def _wanted(document: Document, context: PlanContext, decisions: Decisions) -> Mapping[str, Any]:
    """Return the wanted members with references resolved, without those that lead to nothing."""
    wanted: dict[str, Any] = dict(document.attributes)
    for member, reference in document.references.items():
        target = resolve(reference, decisions, context.snapshot)
        if target is None or (isinstance(target, Unknown) and decisions.is_missing(target.address)):
            del wanted[member]
        else:
            wanted[member] = target
    return wanted


def _run(document: RunDocument, manage: Manage, context: PlanContext, decisions: Decisions) -> DeclaredChange:
    """Return the change of a run, which never starts; with why it is due if it is observed."""
    history = Candidate(document, context, decisions).history
    last = newest_success(history) or next(reversed(history), None)
    if manage is Manage.PAUSED:
        return policy.left_alone(_kept(document, last), manage)
    due = runs.decide(document, context, decisions)
    live = due.live if due.action in (Action.NONE, Action.UPDATE) else last or due.live
    why = [reason for reason in due.reasons if isinstance(reason.code, ReasonCode)]  # not what it would cost or lose
    return policy.left_alone(replace(_kept(document, live), fields=due.fields), manage, *why)
