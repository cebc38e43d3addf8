"""Policy: what the settings of a document, a target or the command line forbid or permit.

Every rule about ownership, `adopt`, `protect`, `ignore`, `bounds`, `manage` and `limits` is
here. The modules that decide call these functions with a decided change; they contain no such rule themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from personalize_gitops.engine.plan.context import PlanContext, Policy
from personalize_gitops.engine.plan.matching import Match
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import AdoptBy, Desired, Document, Manage
from personalize_gitops.model.diff import ABSENT, FieldChange
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Change, DeclaredChange, Plan, UndeclaredChange
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.tags import PROTECT, TAGS

C = TypeVar("C", bound=Change)


def blocked(change: DeclaredChange, *reasons: Reason) -> DeclaredChange:
    """Return the change as one that prevents the apply, with more reasons."""
    return replace(change, action=Action.BLOCKED, risk=Risk.NONE, loses=None).because(*reasons)


# ignore, bounds


def is_ignored(change: FieldChange, document: Document) -> bool:
    """Return whether a plan ignores the change: its path is ignored, or its live value is within its bounds."""
    bounds = document.lifecycle.bounds.get(f"spec.{change}")
    return document.lifecycle.ignores(change.path) or (bounds is not None and bounds.contain(change.before))


# ownership


def owned(change: DeclaredChange, match: Match, policy: Policy) -> DeclaredChange:
    """Return the change if we own the object; else the change that adopts it, or blocked."""
    if match.claim:
        return _refused(change, match.claim)
    if match.owned:
        return change
    by = adopts(change.document, policy)
    if by is None:
        return _refused(change, because(ReasonCode.UNMANAGED, name=Verbatim(change.document.aws_name)))
    return adopted(change, by)


def _refused(change: DeclaredChange, reason: Reason) -> DeclaredChange:
    """Return the change blocked for one reason, without the details of the refused change."""
    return blocked(replace(change, reasons=(), fields=(), notes=(), update=None), reason)


def adopts(document: Document, policy: Policy) -> AdoptBy | None:
    """Return the setting that permits adoption of an unmanaged object; None if none does."""
    if document.lifecycle.adopt:
        return AdoptBy.DOCUMENT
    return AdoptBy.OPTION if policy.adopt else None


def adopted(change: DeclaredChange, by: AdoptBy) -> DeclaredChange:
    """Return the change with the adoption of its object; blocked for a replacement: adopt first, then replace."""
    adopted = because(ReasonCode.ADOPTED, by=by)
    match change.action:
        case Action.NONE | Action.WAIT if change.kind.taggable:
            return replace(change, action=Action.ADOPT, reasons=(adopted,))
        case Action.UPDATE if change.only_tags:
            return replace(change, action=Action.ADOPT, reasons=(adopted,))
        case Action.UPDATE:
            return replace(change, reasons=(adopted, *change.reasons))
        case Action.SUCCESSOR | Action.RECREATE:
            code = ReasonCode.ADOPT_BEFORE_REPLACING if change.kind.taggable else ReasonCode.ADOPT_IN_DOCUMENT
            return blocked(change, Reason(code))
        case _:
            return change


# protect


def protects(document: Document | None) -> bool:
    """Return whether a document forbids deleting or replacing its object."""
    return document is not None and document.lifecycle.protect


def protection(document: Document | None, live: Live | None) -> Reason | None:
    """Return why an object must not be deleted or replaced; None if it may.

    The tag on the object counts until an apply has removed it: a removed document, or one that now says
    `protect: false`, does not lift the protection by itself.
    """
    if protects(document):
        return Reason(ReasonCode.PROTECTED)
    if live is None or not live.is_protected:
        return None
    return Reason(ReasonCode.PROTECTED_BY_TAG if document else ReasonCode.PROTECTED_UNDECLARED)


def lifted(document: Document, live: Live, *reasons: Reason) -> DeclaredChange:
    """Return the change that removes the protection of an object that is not the current one of its document."""
    return DeclaredChange(
        address=document.address,
        kind=document.kind,
        action=Action.UPDATE,
        aws_name=live.aws_name,
        live=live,
        document=document,
        fields=(FieldChange((TAGS, PROTECT), live.tags[PROTECT], ABSENT),),
        reasons=(*reasons, Reason(ReasonCode.PROTECTION_LIFTED)),
    )


def unless_protected(change: DeclaredChange, live: Live, *why: Reason) -> DeclaredChange:
    """Return the change that creates a failed object again; while the object is protected, one that deletes nothing.

    The document lifts a protection that it does not ask for; nothing else can, as a failed object has no other update.
    """
    if protects(change.document):
        return blocked(change, Reason(ReasonCode.PROTECTED))
    return lifted(change.document, live, *why) if live.is_protected else change


def lifted_runs(change: DeclaredChange, context: PlanContext) -> Iterator[DeclaredChange]:
    """Yield the changes that remove the protection of the earlier runs of a document, which no longer protects them."""
    document = change.document
    if not change.kind.is_run or protects(document) or change.manage is not Manage.FULL:
        return
    for live in context.snapshot.owned(context.desired.owner, document.address):
        is_current = live is change.live and change.action is not Action.RUN
        if live.is_protected and not is_current:
            yield lifted(document, live)


def protected_runs(changes: Iterable[Change], snapshot: Snapshot) -> Mapping[str, Reason]:
    """Return why runs must not be deleted, by the ARNs of the objects whose deletion deletes them too."""
    found = {
        arn: because(ReasonCode.PROTECTED_RUN, address=live.known_as)
        for live in snapshot.objects
        if live.kind.is_run and live.is_protected
        for arn in live.deleted_with
    }
    for change in changes:
        if change.live and change.kind.is_run and (reason := _why_kept(change.document, change.manage)):
            found.update(dict.fromkeys(change.live.deleted_with, reason))
    return found


def _why_kept(run: Document | None, manage: Manage) -> Reason | None:
    """Return why a declared run must not be deleted with another object; None if it may."""
    if run is None:
        return None
    if protects(run):
        return because(ReasonCode.PROTECTED_RUN, address=run.address)
    if manage is not Manage.FULL:
        return because(ReasonCode.RUN_LEFT_ALONE, address=run.address, manage=manage)
    return None


Bases = Mapping[Address, Mapping[str, Reason]]
"""Why runs must stay, by the resources they refer to, such as a solution, and by the kind of the run."""


def protected_bases(desired: Desired) -> Bases:
    """Return why declared runs must stay."""
    found: dict[Address, dict[str, Reason]] = {}
    for run in desired.runs:
        if reason := _why_kept(run, desired.manage_of(run)):
            for base in run.referenced:
                found.setdefault(base, {})[run.address.kind_name] = reason
    return found


def protected_contents(live: Live, bases: Bases, snapshot: Snapshot) -> Mapping[str, Reason]:
    """Return why a run that is deleted with an object must stay, by the object's ARN; empty if there is none."""
    reasons = bases.get(live.address, {}) if live.address else {}
    contained = {other.kind.kind_name() for other in snapshot.contents.get(live.arn, ())} & reasons.keys()
    return {live.arn: reasons[min(contained)]} if contained else {}


def unless_protected_run(change: Change, protected: Mapping[str, Reason]) -> Change:
    """Return the change; blocked if it deletes an object together with a run that must stay."""
    replaces = change.action in (Action.DELETE, Action.RECREATE, Action.SUCCESSOR)
    reason = protected.get(change.live.arn) if change.live and replaces else None
    return replace(change, action=Action.BLOCKED, risk=Risk.NONE, loses=None).because(reason) if reason else change


# manage


_LEFT_ALONE = {Manage.OBSERVE: Reason(ReasonCode.OBSERVED), Manage.PAUSED: Reason(ReasonCode.PAUSED)}


def left_alone(change: C, manage: Manage, *reasons: Reason) -> C:
    """Return the change as one that keeps an observed or paused object, with more reasons."""
    kept = replace(change, action=Action.KEEP, manage=manage)
    return kept.because(_LEFT_ALONE[manage], *reasons)


# limits


_FEW_PRUNED, _MOST_PRUNED = 2, 30  # deletions that prune always makes; percent of the owned objects beyond them


def over_limit(plan: Plan, policy: Policy) -> Reason | None:
    """Return why a plan is refused for the number of its deletions; None if it is not."""
    if policy.max_deletes is None or plan.deletes <= policy.max_deletes:
        return None
    return because(
        ReasonCode.TOO_MANY_DELETES,
        deletes=plan.deletes,
        allowed=policy.max_deletes,
        target=Verbatim(plan.target),
    )


def over_share(plan: Plan, policy: Policy, owned: int) -> Reason | None:
    """Return why a plan is refused for the share of the owned objects that it prunes; None if it is not.

    A lost file or folder looks like many removed documents. If the target sets `limits.maxDeletes`, only that counts.
    """
    pruned = sum(isinstance(change, UndeclaredChange) and change.deletes for change in plan.changes)
    if policy.max_deletes is not None or pruned <= _FEW_PRUNED or pruned * 100 <= owned * _MOST_PRUNED:
        return None
    return because(
        ReasonCode.TOO_MANY_PRUNED,
        deletes=pruned,
        owned=owned,
        percent=_MOST_PRUNED,
        needed=plan.deletes,
        target=Verbatim(plan.target),
    )
