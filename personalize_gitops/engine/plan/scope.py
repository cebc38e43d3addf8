"""What `--due` and `--heal` leave of a decided change. The others are left out and keep what the account has. Pure.

A later decision finds a resource that was left out as it is in the account. So a training that is due runs on the
solution that exists, although the manifest of the solution was edited.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from personalize_gitops.engine.plan import resources
from personalize_gitops.engine.plan.candidate import Candidate
from personalize_gitops.engine.plan.context import PlanContext, Policy
from personalize_gitops.engine.plan.decisions import Decisions, newest_success
from personalize_gitops.model.action import QUIET, Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, RunDocument, addresses_in
from personalize_gitops.model.diff import FieldChange, Unknown
from personalize_gitops.model.live import Live, is_at_or_below
from personalize_gitops.model.ownership import applied_digest, is_in_record, last_applied
from personalize_gitops.model.plan import Change, DeclaredChange, Plan, Scope, Selection
from personalize_gitops.model.reason import Code, Path, Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.reference import Newest
from personalize_gitops.model.tags import APPLIED, TAGS

C = TypeVar("C", bound=Change)


def within(change: DeclaredChange, context: PlanContext, decisions: Decisions) -> DeclaredChange:
    """Return the change of a document as far as the scope of the plan makes it, else as one that is left out."""
    scope = context.policy.scope
    if scope is Scope.ALL or change.action in QUIET:
        return change
    if isinstance(change.document, RunDocument):
        return _run(change, change.document, context, decisions)
    return _due(change, context, decisions) if scope is Scope.DUE else _healed(change, context, decisions)


def outside(change: C, context: PlanContext) -> C:
    """Return a change that only a complete plan makes, such as a deletion: as it is, or left out."""
    return change if context.policy.scope is Scope.ALL or change.action in QUIET else _left_out(change, change.live)


def selected(plan: Plan, policy: Policy) -> Plan:
    """Return the plan with what its scope leaves out named in its selection."""
    if policy.scope is Scope.ALL:
        return plan
    before = plan.selection or Selection((), ())
    left = {change.address for change in plan.changes if change.left_out}
    return replace(plan, selection=replace(before, left_out=tuple(sorted({*before.left_out, *left}))))


def _left_out(change: C, live: Live | None, *why: Reason) -> C:
    """Return the change as one that keeps what the account has, with why it is left out; else why it is pending."""
    return replace(
        change,
        action=Action.KEEP,
        left_out=True,
        live=live,
        aws_name=live.aws_name if live else change.aws_name,
        reasons=(because(ReasonCode.LEFT_OUT, action=change.action), *(why or _why(change))),
        fields=(),
        risk=Risk.NONE,
        loses=None,
        notes=(),
        stops=(),
        update=None,
        fingerprint="",
    )


def _why(change: Change) -> Iterator[Reason]:
    """Yield the reasons of a change, without what it costs or loses."""
    return (reason for reason in change.reasons if isinstance(reason.code, ReasonCode))


# Runs


def _run(change: DeclaredChange, document: RunDocument, context: PlanContext, decisions: Decisions) -> DeclaredChange:
    """Return the change of a run that is due again or in progress, else the newest success in its place."""
    is_due = context.policy.scope is Scope.DUE
    if is_due and change.action is Action.WAIT:
        return change
    why = _why_not_started(change, document, context, decisions) if is_due else Reason(ReasonCode.NOT_DRIFT)
    if why is None:
        inputs = tuple(sorted(address for address in document.referenced if decisions[address].change.left_out))
        return change.because(because(ReasonCode.WITHOUT_CHANGES_OF, inputs=inputs)) if inputs else change
    last = newest_success(Candidate(document, context, decisions).history)
    return _left_out(change, last, why)


def _why_not_started(
    change: DeclaredChange, document: RunDocument, context: PlanContext, decisions: Decisions
) -> Reason | None:
    """Return why a scope leaves a run out; None if it is due again, even if something blocks it."""
    if needed := next(_missing(document, decisions), None):
        return because(ReasonCode.NEEDS_LEFT_OUT, address=needed)
    codes = {reason.code for reason in change.reasons}
    if ReasonCode.NEVER_RAN in codes:
        return Reason(ReasonCode.FIRST_RUN)
    if document.kind.loses:
        return because(ReasonCode.RUN_LOSES, loses=document.kind.loses)
    if any(not _is_move(field, change, context, decisions) for field in change.fields):
        return Reason(ReasonCode.CHANGED_IN_MANIFEST)
    if change.action not in (Action.RUN, Action.BLOCKED) or ReasonCode.NEEDS_MISSING in codes:
        return change.reasons[0]
    return None


def _missing(document: Document, decisions: Decisions) -> Iterator[Address]:
    """Yield the resources that a document refers to, that do not exist, and whose creation is left out."""
    for reference in document.references.values():
        yield from (address for address in addresses_in(reference) if decisions.lacks(address))


# --due


def _due(change: DeclaredChange, context: PlanContext, decisions: Decisions) -> DeclaredChange:
    """Return the change that moves references to new runs, or waits for an update in progress; else left out."""
    live = change.live
    if live is None or not _is_ours(change, context):
        return _left_out(change, live)
    moves = tuple(field for field in change.fields if _is_move(field, change, context, decisions))
    if change.action is Action.WAIT or (change.action is Action.UPDATE and moves == change.fields):
        return change
    if change.action is Action.UPDATE and moves:
        rest = tuple(Path(field.path) for field in change.fields if field not in moves)
        stays = because(ReasonCode.REST_LEFT_OUT, fields=rest)
        return replace(_part(change, live, moves, context), partial=True).because(stays)
    if change.action is Action.UPDATE and live.after_update is not live and live.update:
        status = because(ReasonCode.IN_PROGRESS, status=Verbatim(live.update.status or ""))
        return replace(change, action=Action.WAIT, fields=(), notes=(), update=None, partial=True, reasons=(status,))
    return _left_out(change, live)


def _is_ours(change: DeclaredChange, context: PlanContext) -> bool:
    return change.live is not None and change.live.owner == context.desired.owner


def _part(change: DeclaredChange, live: Live, fields: Sequence[FieldChange], context: PlanContext) -> DeclaredChange:
    """Return the part of an update that changes some members and tags."""
    part = replace(change, fields=tuple(fields), reasons=(), notes=())
    return resources.updated(part, live, [field for field in fields if field.path[0] != TAGS], (), context)


def _is_move(field: FieldChange, change: DeclaredChange, context: PlanContext, decisions: Decisions) -> bool:
    """Return whether a member moves from one run to another of the same document, or of the same resource."""
    reference = change.document.references.get(field.path[0])
    before = context.snapshot.by_arn.get(field.before) if isinstance(field.before, str) else None
    if reference is None or before is None or len(field.path) > 1:
        return False
    if isinstance(field.after, Unknown) and decisions.lacks(field.after.address):
        return False
    match reference:
        case Newest(of=Address() as owner):
            arn = decisions[owner].arn
            return arn is not None and is_at_or_below(before.arn, arn)
        case Newest(of=str() as arn):
            return is_at_or_below(before.arn, arn)
        case Address():
            return _is_run_of(before, decisions[reference].change, context, decisions)
        case _:
            return False


def _is_run_of(live: Live, change: DeclaredChange, context: PlanContext, decisions: Decisions) -> bool:
    """Return whether a run is one of a document, or one of the service that took its place."""
    document = change.document
    if not isinstance(document, RunDocument) or live.kind is not document.kind:
        return False
    run = Candidate(document, context, decisions)
    if live.service_made:
        members = document.references.keys()
        return any(is_at_or_below(live.arn, arn) for arn in map(run.attributes.get, members) if isinstance(arn, str))
    return bool(run.fingerprint_of(live))


# --heal


def _healed(change: DeclaredChange, context: PlanContext, decisions: Decisions) -> DeclaredChange:
    """Return the change that undoes a change in the account since the last apply, else left out with the reason."""
    live = change.live
    if live is None:
        why = _why_not_created(change, context, decisions)
        return _left_out(change, None, why) if why else change
    if change.action is Action.WAIT and _is_ours(change, context):
        return change
    if code := _why_not_healed(change, live, context):
        return _left_out(change, live, Reason(code))
    match change.action:
        case Action.SUCCESSOR | Action.RECREATE:
            return _left_out(change, live, Reason(ReasonCode.NEEDS_REPLACEMENT), *_why(change))
        case Action.UPDATE:
            return _without_newer_versions(change, live, context, decisions)
        case _:
            return _left_out(change, live)


def _why_not_created(change: DeclaredChange, context: PlanContext, decisions: Decisions) -> Reason | None:
    """Return why a missing object is not created again; None if its document is the one that was last applied."""
    document = change.document
    if needed := next(_missing(document, decisions), None):
        return because(ReasonCode.NEEDS_LEFT_OUT, address=needed)
    if change.action is not Action.CREATE:
        return change.reasons[0]
    if any(is_in_record(document, record) for record in context.member_records(document)):
        return None
    return Reason(ReasonCode.NOT_RECORDED)


def _why_not_healed(change: DeclaredChange, live: Live, context: PlanContext) -> Code | None:
    """Return why a change may do something else than to undo a change in the account; None if it does not."""
    record = live.tags.get(APPLIED, "")
    if not _is_ours(change, context) or not record:
        return ReasonCode.NOT_RECORDED
    if any(reason.code is ReasonCode.RENAMED for reason in change.reasons):
        return ReasonCode.CHANGED_IN_MANIFEST
    applied = last_applied(record)
    if applied is None:
        return ReasonCode.UPDATE_UNFINISHED
    return None if applied == applied_digest(change.document) else ReasonCode.CHANGED_IN_MANIFEST


def _without_newer_versions(
    change: DeclaredChange, live: Live, context: PlanContext, decisions: Decisions
) -> DeclaredChange:
    """Return an update without moves to the newest version: a newer one is not a change of the object."""
    newer = [
        field
        for field in change.fields
        if isinstance(change.document.references.get(field.path[0]), Newest)
        and _is_move(field, change, context, decisions)
    ]
    if not newer:
        return change
    rest = [field for field in change.fields if field not in newer]
    stays = because(ReasonCode.REST_LEFT_OUT, fields=tuple(Path(field.path) for field in newer))
    return (
        _part(change, live, rest, context).because(stays)
        if rest
        else _left_out(change, live, Reason(ReasonCode.NEWER_VERSION))
    )
