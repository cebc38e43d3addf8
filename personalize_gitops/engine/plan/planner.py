"""The planner: the loop that decides about every document and owned object, and returns the plan. Pure.

Documents are decided after those they refer to. So each decision finds its references resolved: to the ARN of an object
that stays, or to a value that is known after apply.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from graphlib import TopologicalSorter

from personalize_gitops.engine.plan import policy, resources, runs, scope
from personalize_gitops.engine.plan.choices import check_choices
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import Decision, Decisions
from personalize_gitops.engine.plan.deletion import (
    destroy_changes,
    superseded_change,
    undeclared_changes,
    with_deletions_checked,
)
from personalize_gitops.engine.plan.fingerprints import token_of
from personalize_gitops.engine.plan.forget import forgotten
from personalize_gitops.engine.plan.group_deletion import group_changes
from personalize_gitops.engine.plan.history import creation_times
from personalize_gitops.engine.plan.left_alone import decide_left_alone
from personalize_gitops.engine.plan.quotas import with_quotas_checked
from personalize_gitops.engine.plan.relied_on import relying
from personalize_gitops.engine.plan.renaming import as_found, as_renamed, retagged
from personalize_gitops.engine.plan.resources import Decided
from personalize_gitops.engine.plan.selection import selected
from personalize_gitops.model.address import reading_order
from personalize_gitops.model.desired import Document, RunDocument
from personalize_gitops.model.plan import Change, Plan, PlanTime
from personalize_gitops.model.secrets import without
from personalize_gitops.model.status import Condition


def make_plan(context: PlanContext) -> Plan:
    """Return the changes that bring the account to the desired state.

    Raises InvalidChoice for an address that cannot be forgotten, run again, replaced, selected or excluded.
    """
    check_choices(context)
    context = as_renamed(context)
    undeclared = (scope.outside(change, context) for change in undeclared_changes(context))
    plan = _plan(context, [*_declared(context), *forgotten(context), *undeclared])
    over = policy.over_limit(plan, context.policy) or policy.over_share(plan, context.policy, len(context.staying))
    return replace(plan, refusal=over)


def make_destroy_plan(context: PlanContext) -> Plan:
    """Return the changes that delete everything the project owns, or one dataset group with everything in it.

    Raises InvalidChoice for a dataset group that does not exist.
    """
    context = as_renamed(context)
    plan = _plan(context, group_changes(context) if context.policy.group else destroy_changes(context))
    return replace(plan, refusal=policy.over_limit(plan, context.policy))


def _without_secrets(change: Change) -> Change:
    """Return a change whose reasons repeat no value that its document has from the environment."""
    if not (change.document and change.document.secrets):
        return change
    mask = change.document.secrets.masked
    reasons, notes = (tuple(without(reason, mask) for reason in each) for each in (change.reasons, change.notes))
    return replace(change, reasons=reasons, notes=notes)


def _plan(context: PlanContext, changes: Iterable[Change]) -> Plan:
    desired, snapshot = context.desired, context.snapshot
    within = with_quotas_checked(with_deletions_checked(changes, snapshot), context)
    checked = [_without_secrets(change) for change in within]
    plan = Plan(
        project=desired.project,
        target=desired.target,
        account=snapshot.account,
        region=snapshot.region,
        changes=tuple(sorted(checked, key=lambda change: (*reading_order(change.address), change.aws_name))),
        needs=desired.needs,
        time=PlanTime(snapshot.taken_at, snapshot.account_time),
        measured=creation_times(checked, snapshot),
        staying=_staying(context),
    )
    plan = scope.selected(selected(plan, context.policy), context.policy)
    return replace(plan, changes=tuple(as_found(change, context) for change in relying(plan.changes, snapshot)))


def _staying(context: PlanContext) -> frozenset[tuple[str, float]]:
    """Return the objects that are not being deleted, for a saved plan that is applied; whoever owns them."""
    objects = context.snapshot.objects if context.policy.resumed else ()
    return frozenset((live.arn, live.created) for live in objects if live.condition is not Condition.DELETING)


def _declared(context: PlanContext) -> Iterator[Change]:
    """Yield the changes of all documents, and of the objects that their objects have replaced."""
    desired = context.desired
    decisions = Decisions()
    needs = desired.needs
    order = TopologicalSorter(
        {each: sorted(needs[each], key=reading_order) for each in sorted(needs, key=reading_order)}
    )
    for address in order.static_order():
        document = desired.documents[address]
        decided = _decide(document, context, decisions)
        change = scope.within(retagged(decided.change, context), context, decisions)
        decisions = decisions.extended(Decision(change, token_of(document, change.aws_name, decisions)))
        yield change
        others: list[Change] = [*policy.lifted_runs(change, context)]
        others += [superseded_change(live, change, context.snapshot.taken_at) for live in decided.superseded]
        for other in others:
            yield scope.outside(retagged(other, context), context)


def _decide(document: Document, context: PlanContext, decisions: Decisions) -> Decided:
    if left_alone := decide_left_alone(document, context, decisions):
        return Decided(left_alone)
    if isinstance(document, RunDocument):
        return Decided(runs.decide(document, context, decisions))
    return resources.decide(document, context, decisions)
