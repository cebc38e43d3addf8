"""Confirming: a plan relies only on what was read from the objects themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from personalize_gitops.engine.plan.context import PlanContext, Policy
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.model.action import Action
from personalize_gitops.model.desired import Document, Lifecycle
from personalize_gitops.model.live import Snapshot
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.resource import Replace
from tests.engine.observe.account import Account, confirmed, indexed, observed
from tests.support.builders import HEAD, desired, document, live, owned
from tests.support.world import actions

GROUP = f"{HEAD}:dataset-group/shop"
SHOP, FOUND = document("DatasetGroup/shop"), owned("DatasetGroup/shop")


def maker(*documents: Document, **policy: Any) -> Callable[[Snapshot], Plan]:
    """Return the function that makes the plan for these documents from a snapshot."""
    return lambda snapshot: make_plan(PlanContext(desired(*documents), snapshot, Policy(**policy)))


def plan_of(account: Account, *documents: Document, **policy: Any) -> tuple[Plan, Snapshot]:
    """Return the confirmed plan for an account, and the snapshot it was made from."""
    return confirmed(account, maker(*documents, **policy), observed(account, *documents))


def test_a_plan_without_changes_is_not_confirmed() -> None:
    """If the plan changes nothing, no object is read again."""
    account = indexed(FOUND, owned("Filter/kept"))

    plan, snapshot = plan_of(account, SHOP)

    assert plan.is_empty
    assert snapshot.unconfirmed
    assert account.calls == {}


def test_an_index_without_our_newest_tags_blocks_nothing() -> None:
    """An object that seems to be unmanaged is read again, and its own tags show that it is ours."""
    account = Account([FOUND], index={})

    plan, snapshot = plan_of(account, SHOP)

    assert plan.is_empty
    assert snapshot.by_arn[FOUND.arn].tags == FOUND.tags
    assert account.calls == {"describe shop": 1, "tags shop": 1}


def test_an_index_with_removed_tags_deletes_nothing() -> None:
    """An object whose tags somebody removed is not deleted, although the index still shows our tags."""
    theirs, once = live("Filter/seen"), owned("Filter/seen")
    account = Account([FOUND, theirs], index={FOUND.arn: FOUND.tags, once.arn: once.tags})

    plan, _ = plan_of(account, SHOP, prune=True)

    assert actions(plan) == {}


def test_an_object_that_disappeared_is_created() -> None:
    """The plan is made again without the objects that no longer exist."""
    edited = document("Filter/seen", {"datasetGroup": GROUP, "filterExpression": "y"})
    filter_ = owned("Filter/seen", {"datasetGroup": GROUP, "filterExpression": "x"})
    account = indexed(FOUND, filter_)
    before = observed(account, SHOP, edited)
    account.gone = frozenset({filter_.arn})

    plan, snapshot = confirmed(account, maker(SHOP, edited), before)

    assert actions(plan) == {"Filter/seen": Action.CREATE}
    assert filter_.arn not in snapshot.by_arn


def test_only_what_a_change_relies_on_is_read_again() -> None:
    """The object of a change is read again; those of unchanged resources are not."""
    campaign = owned("Campaign/home", {"solutionVersion": f"{HEAD}:solution/rank/1", "minProvisionedTPS": 1})
    account = indexed(FOUND, campaign, owned("Filter/kept"))

    plan, snapshot = plan_of(account, SHOP, document("Campaign/home", {**campaign.attributes, "minProvisionedTPS": 2}))

    assert actions(plan) == {"Campaign/home": Action.UPDATE}
    assert account.calls == {"describe home": 1, "tags home": 1}
    assert campaign.arn not in snapshot.unconfirmed


def test_every_object_of_the_address_and_of_the_name_is_read() -> None:
    """A successor that the index does not show yet is found by its name, so that no second one is created."""
    edited = document("Solution/rank", {"datasetGroup": GROUP, "performHPO": True})
    old = owned("Solution/rank", {"datasetGroup": GROUP})
    new = owned("Solution/rank", edited.attributes, name="rank-2", created=1.0)
    account = Account([FOUND, old, new], index={FOUND.arn: FOUND.tags, old.arn: old.tags})

    plan, _ = plan_of(account, SHOP, edited)

    assert [(change.aws_name, change.action) for change in plan.pending] == [("rank", Action.DELETE)]


def test_confirming_goes_on_until_nothing_is_unconfirmed() -> None:
    """The tags of the group show that it must be recreated with its filter, so the filter is read in a second round."""
    recreating = Lifecycle(replace=Replace.RECREATE)
    shop = document("DatasetGroup/shop", {"domain": "ECOMMERCE"}, lifecycle=recreating)
    seen = owned("Filter/seen", {"datasetGroup": GROUP, "filterExpression": "x"})
    account = Account([FOUND, seen], index={seen.arn: seen.tags})

    plan, snapshot = plan_of(account, shop, document("Filter/seen", {**seen.attributes, "datasetGroup": "shop"}))

    assert actions(plan) == {"DatasetGroup/shop": Action.RECREATE, "Filter/seen": Action.RECREATE}
    assert snapshot.unconfirmed == frozenset()
    assert set(account.calls) == {"describe shop", "tags shop", "describe seen", "tags seen"}
