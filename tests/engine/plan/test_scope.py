"""Scope: which changes `--due` and `--heal` leave of a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, Lifecycle
from personalize_gitops.model.live import Live
from personalize_gitops.model.ownership import applied_digest
from personalize_gitops.model.plan import Change, Scope
from personalize_gitops.model.reason import Code, ReasonCode
from personalize_gitops.model.tags import APPLIED
from tests.engine.plan.contexts import codes, context, planned
from tests.support.builders import document, owned

GROUP = document("DatasetGroup/shop")
IN_GROUP = {"datasetGroup": "shop"}
FILTER = document("Filter/seen", {**IN_GROUP, "filterExpression": "INCLUDE ItemID WHERE Items.A IN (1)"})
THE_GROUP = owned("DatasetGroup/shop")


def found(of: Document, record: str = "", **fields: Any) -> Live:
    """The object of a document as it was applied; `record` is the tag that says so."""
    attributes = {**of.attributes, "datasetGroup": THE_GROUP.arn}
    live = owned(str(of.address), attributes, tags={APPLIED: record or applied_digest(of)}, described=True)
    return replace(live, **fields)


def healed(of: Document, live: Live) -> Change:
    """The change that `--heal` has for a document."""
    return planned(str(of.address), [GROUP, of], [THE_GROUP, live], scope=Scope.HEAL)


def test_a_complete_plan_leaves_nothing_out() -> None:
    """Without a scope every change is made, and the plan is complete."""
    plan = make_plan(context([GROUP, FILTER]))

    assert [change.action for change in plan.changes] == [Action.CREATE, Action.CREATE]
    assert plan.selection is None


@pytest.mark.parametrize("scope", [Scope.DUE, Scope.HEAL])
def test_what_is_left_out_keeps_what_is_there(scope: Scope) -> None:
    """The change keeps the object under its name, costs nothing, and the plan says that it is not complete."""
    plan = make_plan(context([GROUP], [THE_GROUP, found(FILTER)], scope=scope, prune=True))

    (kept,) = [change for change in plan.changes if change.left_out]
    assert (kept.action, kept.aws_name, kept.actions, plan.is_empty) == (Action.KEEP, "seen", (), True)
    assert plan.selection
    assert plan.selection.left_out == (Address("Filter", "seen"),)


@pytest.mark.parametrize("scope", [Scope.DUE, Scope.HEAL])
def test_a_blocked_edit_blocks_no_scope(scope: Scope) -> None:
    """An edit that no apply could make is left out, so that due runs and heals go on."""
    edited = document("Filter/seen", {**IN_GROUP, "filterExpression": "x"}, lifecycle=Lifecycle(protect=True))
    documents, lives = [GROUP, edited], [THE_GROUP, found(FILTER)]
    assert not make_plan(context(documents, lives)).applyable

    plan = make_plan(context(documents, lives, scope=scope))

    assert plan.applyable
    assert plan.is_empty


@pytest.mark.parametrize(
    ("live", "why"),
    [
        pytest.param(found(FILTER, status="CREATE FAILED"), ReasonCode.NEEDS_REPLACEMENT, id="failed"),
        pytest.param(found(FILTER, "other", status="CREATE FAILED"), ReasonCode.CHANGED_IN_MANIFEST, id="edited"),
        pytest.param(found(FILTER, "a+b", status="CREATE FAILED"), ReasonCode.UPDATE_UNFINISHED, id="interrupted"),
        pytest.param(found(FILTER, tags={}), ReasonCode.NOT_RECORDED, id="unmanaged"),
    ],
)
def test_what_is_not_healed(live: Live, why: Code) -> None:
    """Each object that is left out has the reason."""
    change = healed(FILTER, live)

    assert change.left_out
    assert codes(change)[:2] == [ReasonCode.LEFT_OUT, why]
