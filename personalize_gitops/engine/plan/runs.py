"""Decide whether a declared run is due. Jobs and trainings happen once, and again only when their inputs have changed.

A run is due when no successful or pending run has its fingerprint, or when the newest success with its fingerprint is
older than `run.every`. Fingerprints are kept in names (`model/run_names.py`). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from personalize_gitops.engine.plan import policy
from personalize_gitops.engine.plan.adopting import adoptable
from personalize_gitops.engine.plan.candidate import Candidate
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import Decisions, newest_success
from personalize_gitops.engine.plan.diffing import tag_differences
from personalize_gitops.engine.plan.fingerprints import feeding_runs, fingerprint_of
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.comparison import comparable, with_defaults
from personalize_gitops.model.desired import RunDocument
from personalize_gitops.model.diff import FieldChange, diff
from personalize_gitops.model.live import Live, Snapshot, is_at_or_below
from personalize_gitops.model.names import next_name
from personalize_gitops.model.plan import Change, DeclaredChange
from personalize_gitops.model.reason import Path, Reason, ReasonCode, Verbatim, because, service_message
from personalize_gitops.model.run_names import PART, fingerprint_in, run_name
from personalize_gitops.model.status import Condition
from personalize_gitops.span import seconds_in

_SUCCEEDS = frozenset({Action.RUN, Action.WAIT, Action.NONE, Action.UPDATE, Action.ADOPT})
"""Actions of a run that has succeeded or is expected to succeed in this apply. An update only changes its tags."""


def decide(document: RunDocument, context: PlanContext, decisions: Decisions) -> DeclaredChange:
    """Return the change of a declared run: start it, wait for it, adopt it, update its tags, keep it or blocked.

    A run in progress counts as the one that `--rerun` asks for, so that a repeated command starts no second one.
    """
    run = Candidate(document, context, decisions)
    change = DeclaredChange(
        address=document.address,
        kind=document.kind,
        action=Action.RUN,
        aws_name=next_name(run_name(document, run.fingerprint), (live.name for live in run.attempts)),
        document=document,
        attributes=run.attributes,
        fingerprint=run.fingerprint,
    )
    success = newest_success(run.valid)
    again = document.address in context.policy.rerun and not (success and context.policy.is_done(success))
    pending = next((live for live in run.valid if live.condition is Condition.PENDING), None)
    if pending:
        return _current(change, pending, because(ReasonCode.IN_PROGRESS, status=_status(pending)))
    if success and not again and _is_fresh(success, document, context.snapshot):
        return _with_tags(_current(change, success), run, success)
    if not again and (by := policy.adopts(document, context.policy)) and (found := adoptable(run)):
        fields = tuple(tag_differences(document, found))
        return policy.adopted(replace(_current(change, found), fields=fields), by)
    if not again and not run.valid and (made := _service_run(run)):
        return _current(change, made, because(ReasonCode.SERVICE_RUN_IN_PROGRESS, status=_status(made)))
    if success:
        too_old = because(ReasonCode.TOO_OLD, every=Verbatim(document.run.every or ""))
        return _due(change.because(Reason(ReasonCode.RERUN_REQUESTED) if again else too_old), run)
    last = [*run.history, *run.valid][-1:]
    return _due(_explained(replace(change, live=last[0] if last else None), run), run)


def _explained(change: DeclaredChange, run: Candidate) -> DeclaredChange:
    """Return the change with the reason why the run is due, and the members that changed since the last run."""
    if run.valid:
        last = run.valid[-1]
        if last.condition is Condition.STOPPED:  # only a person stops a training (docs/service/2 §3.9)
            return change.because(Reason(ReasonCode.STOPPED_BY_HAND))
        failure = service_message(last.failure)
        return change.because(because(ReasonCode.LAST_ATTEMPT_FAILED, status=_status(last), failure=failure))
    if run.attempts:
        return change.because(Reason(ReasonCode.INPUT_REPLACED))
    if not run.history:
        return change.because(Reason(ReasonCode.NEVER_RAN))
    fingerprints = [run.fingerprint_of(live) for live in run.history]
    if len(run.fingerprint) > PART and any(found[:PART] == run.fingerprint[:PART] for found in fingerprints):
        return change.because(_data_changed(run))
    fields = _changed_members(run, run.history[-1])
    if not fields:
        return change.because(Reason(ReasonCode.INPUTS_CHANGED))
    paths = tuple(Path(field.path) for field in fields)
    return replace(change, fields=fields).because(because(ReasonCode.INPUT_FIELDS_CHANGED, fields=paths))


def _data_changed(run: Candidate) -> Reason:
    """Return why the data part of the fingerprint changed: the declared runs that change the data, else no details."""
    feeding = feeding_runs(run.document, run.context.desired) if run.document.kind.data_from else ()
    due = sorted(address for address in feeding if run.decisions[address].change.action is Action.RUN)
    return because(ReasonCode.FEEDING_RUN_DUE, runs=tuple(due)) if due else Reason(ReasonCode.DATA_CHANGED)


def _changed_members(run: Candidate, before: Live) -> tuple[FieldChange, ...]:
    """Return the members that `run.when` counts and that differ from an earlier run. Removed members are left out."""
    kind, document = run.document.kind, run.document
    found = diff(
        comparable(kind, with_defaults(kind, before.attributes)),
        comparable(kind, run.attributes),
    )
    return tuple(field for field in found if "config" in document.run.when or field.path[0] in document.references)


def _status(live: Live) -> Verbatim:
    return Verbatim(live.status or "")


def _current(change: DeclaredChange, live: Live, *waiting: Reason) -> DeclaredChange:
    """Return the change of a run that need not start: NONE, or WAIT for the `waiting` reasons while it is pending."""
    change = replace(change, action=Action.NONE, live=live, aws_name=live.aws_name)
    if live.condition is Condition.PENDING:
        return replace(change, action=Action.WAIT).because(*waiting)
    return change


def _with_tags(change: DeclaredChange, run: Candidate, live: Live) -> DeclaredChange:
    """Return the change as an update of the tags if they differ, else unchanged.

    Tags change in place, without another run. The tags of a run that is not known to be ours stay as they are.
    """
    if live.owner != run.context.desired.owner or live.address != run.document.address:
        return change
    fields = tuple(tag_differences(run.document, live))
    if not fields:
        return change
    # The fingerprint tag stays: it describes the run that was started.
    differ = Reason(ReasonCode.TAGS_DIFFER)
    return replace(change, action=Action.UPDATE, fields=fields, update={}, fingerprint="").because(differ)


def _due(change: DeclaredChange, run: Candidate) -> DeclaredChange:
    """Return the change that starts a run, with its risk; blocked if the input data or a prerequisite is missing."""
    document, kind = run.document, run.document.kind
    location = document.data_location
    if location is not None and not run.context.snapshot.inputs[location]:
        return policy.blocked(change, because(ReasonCode.NO_INPUT_DATA, location=Verbatim(location)))
    prerequisite, overwritten = kind.prerequisite(run.attributes), kind.overwrites(run.attributes)
    earlier = (
        [live for live in _equal_successes(run) if not run.is_outdated(live)] if prerequisite or overwritten else []
    )
    if prerequisite and not _has_prerequisite(run, earlier):
        return policy.blocked(change, because(ReasonCode.PREREQUISITE_MISSING, what=prerequisite))
    if overwritten and earlier:
        notes = tuple(_rows_overwritten(run))
        return replace(change, risk=Risk.DATA_LOSS, notes=notes).because(Reason(overwritten))
    risk = Risk.DATA_LOSS if kind.loses else Risk.COST if kind.billing else Risk.NONE
    return replace(change, risk=risk, loses=kind.loses)


def _has_prerequisite(run: Candidate, earlier: Sequence[Live]) -> bool:
    """Return whether the run that must succeed first is among `earlier`, or is declared and not blocked."""
    kind = run.document.kind
    return any(kind.prerequisite(live.attributes) is None for live in earlier) or any(
        run.decisions[other].change.action in _SUCCEEDS for other in run.context.desired.prerequisites(run.document)
    )


def _rows_overwritten(run: Candidate) -> Iterator[Reason]:
    """Yield a reason for each completed incremental import whose rows this full import overwrites."""
    context = run.context
    for other in context.desired.with_equal_references(run.document):
        name = run_name(other, fingerprint_of(other, context, run.decisions))
        success = newest_success(context.snapshot.series(other.address.kind_name, name))
        if other.has_prerequisite and success and _is_fresh(success, other, context.snapshot):
            yield because(ReasonCode.ROWS_OVERWRITTEN, address=other.address)


def _equal_successes(run: Candidate) -> Iterator[Live]:
    """Yield the successful runs with the same references.

    A list omits some references. A run that was only listed counts if its name is that of a declared run with the same
    references. Any other run counts only after `confirm` has described it.
    """
    declared = run.context.desired.with_equal_references(run.document)
    members = run.document.references.keys()
    for live in run.context.snapshot.of_kind(run.document.address.kind_name):
        if live.condition is not Condition.READY:
            continue
        shows_all = members <= live.attributes.keys()
        equal = all(_refers_to(live, member, run.attributes[member]) for member in members)
        if equal or (not shows_all and any(fingerprint_in(other, live.name) for other in declared)):
            yield live


def _refers_to(live: Live, member: str, target: Any) -> bool:
    """Return whether a run refers to `target`: by `member` or, if that was not read, by its own ARN.

    The ARN of a solution version begins with the ARN of its solution. A target that is not an ARN yet is never equal.
    """
    shown = live.attributes.get(member)
    return isinstance(target, str) and (shown == target or (shown is None and is_at_or_below(live.arn, target)))


def _is_fresh(success: Live, document: RunDocument, snapshot: Snapshot) -> bool:
    """Return whether a run was created within `run.every`. Its update time can move later (docs/service/2 §5)."""
    every = document.run.every
    return every is None or snapshot.taken_at - success.created < seconds_in(every)


def _service_run(run: Candidate) -> Live | None:
    """Return a run that the service started from the same inputs and that replaces the declared one; None if none.

    The oldest fresh success comes first, so that references to it stay while the service makes newer ones; then a
    pending run.
    """
    document, snapshot = run.document, run.context.snapshot
    since = _inputs_unchanged_since(run)
    if since is None or not document.kind.accepts_service_run(run.attributes):
        return None
    made = [
        live
        for live in snapshot.of_kind(document.address.kind_name)
        if live.service_made
        and live.created > since
        and all(is_at_or_below(live.arn, run.attributes[member]) for member in document.references)
    ]
    fresh = (live for live in made if live.condition is Condition.READY and _is_fresh(live, document, snapshot))
    pending = (live for live in made if live.condition is Condition.PENDING)
    return next(fresh, None) or next(pending, None)


def _inputs_unchanged_since(run: Candidate) -> float | None:
    """Return since when the inputs are unchanged, in epoch seconds; None if unknown or if this plan changes an input.

    Inputs are the references and, where the data counts, the newest success of each run that provides it.
    """
    sources: list[Live | None] = []
    for reference in run.document.references.values():
        match reference:
            case Address():
                sources.append(_unchanged_object(run.decisions[reference].change))
            case str():
                sources.append(run.context.snapshot.by_arn.get(reference))
            case _:
                return None
    if "data" in run.document.run.when:
        feeding = feeding_runs(run.document, run.context.desired)
        sources += [_unchanged_object(run.decisions[address].change) for address in feeding]
    known = [live.last_changed for live in sources if live and live.condition is Condition.READY]
    return max(known) if known and len(known) == len(sources) else None


def _unchanged_object(change: Change) -> Live | None:
    """Return the object of a change that changes at most its tags; None for any other change."""
    only_tags = change.action is Action.UPDATE and change.only_tags
    return change.live if change.action in (Action.NONE, Action.ADOPT, Action.KEEP) or only_tags else None
