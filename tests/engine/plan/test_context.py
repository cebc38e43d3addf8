"""The input of a plan: what is permitted by default."""

from __future__ import annotations

from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.model.action import Action
from tests.engine.plan.contexts import context
from tests.support.builders import document, live, owned
from tests.support.world import actions


def test_the_default_policy_permits_nothing_dangerous() -> None:
    """Without a policy, a plan deletes no undeclared object and adopts no unmanaged one."""
    shop = document("DatasetGroup/shop")

    plan = make_plan(context([shop], [live("DatasetGroup/shop"), owned("DatasetGroup/old")]))

    assert actions(plan) == {"DatasetGroup/shop": Action.BLOCKED}
    assert plan.summary["keep"] == 1
