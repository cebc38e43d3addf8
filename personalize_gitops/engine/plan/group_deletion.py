"""Decide what `destroy --dataset-group` does: a whole dataset group goes, ours or unmanaged. Pure.

It is blocked if anything in the group belongs to another project. Schemas are in no dataset group, so they stay.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from personalize_gitops.engine.plan import policy
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.deletion import destruction
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.desired import Document
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Change
from personalize_gitops.model.problem import did_you_mean
from personalize_gitops.model.problem_codes import ImportCode
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.resource import GROUP


def group_changes(context: PlanContext) -> Iterator[Change]:
    """Yield the deletions of a dataset group and of everything in it. Runs go with what they belong to.

    Raises InvalidChoice if the group does not exist.
    """
    group = _group(context)
    bases, snapshot = policy.protected_bases(context.desired), context.snapshot
    for live in snapshot.objects:
        if live is group or (not live.kind.is_run and snapshot.group_of(live) == group.arn):
            yield _unless_of_others(destruction(live, _document(live, context), bases, context), context)


def _group(context: PlanContext) -> Live:
    groups = {live.name: live for live in context.snapshot.of_kind(GROUP)}
    name = context.policy.group
    if name not in groups:
        raise InvalidChoice("--dataset-group", name, Reason(ImportCode.NO_SUCH_GROUP), did_you_mean(name, groups))
    return groups[name]


def _document(live: Live, context: PlanContext) -> Document | None:
    """Return the document of an object: of its address if it is ours, else the one that declares its AWS name."""
    documents = context.desired.documents
    if live.owner == context.desired.owner:
        return documents.get(live.address) if live.address else None
    same = (one for one in documents.values() if one.kind is live.kind and one.aws_name == live.name)
    return next(same, None)


def _unless_of_others(change: Change, context: PlanContext) -> Change:
    """Return the change; blocked if the object, or a run that is deleted with it, belongs to another project."""
    if change.live is None or not change.deletes:
        return change
    for live in (change.live, *context.snapshot.contents.get(change.live.arn, ())):
        if live.owner is not None and live.owner not in context.desired.owners:
            others = because(ReasonCode.NOT_OURS_TO_DESTROY, name=Verbatim(live.aws_name), owner=Verbatim(live.owner))
            return replace(change, action=Action.BLOCKED, risk=Risk.NONE, loses=None, reasons=(others,))
    return change
