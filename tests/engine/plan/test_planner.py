"""The planner: the loop over documents and owned objects, and the plan as a whole."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalize_gitops.engine.plan.planner import make_destroy_plan, make_plan
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import Unknown
from personalize_gitops.model.live import Live
from personalize_gitops.model.reason import ReasonCode
from tests.engine.plan.contexts import codes, context
from tests.support.builders import ACCOUNT, HEAD, REGION, document, live, owned, schema
from tests.support.world import actions, change_of

SHOP = document("DatasetGroup/shop")
SCHEMA = document("Schema/items", schema("ITEM_ID"))
ITEMS = document("Dataset/items", {"datasetGroup": "shop", "datasetType": "Items", "schema": "items"})
RANK = document("Solution/rank", {"datasetGroup": "shop", "performAutoTraining": False})
TRAINING = document("SolutionVersion/rank", {"solution": "rank"})
HOME = document("Campaign/home", {"solutionVersion": {"solution": "rank", "version": "latest"}})
DOCUMENTS = [SHOP, SCHEMA, ITEMS, RANK, TRAINING, HOME]

GROUP = owned("DatasetGroup/shop")
LIVES = [
    GROUP,
    live("Schema/items", SCHEMA.attributes),
    owned("Dataset/items", {**ITEMS.attributes, "datasetGroup": GROUP.arn, "schema": f"{HEAD}:schema/items"}),
    owned("Solution/rank", {**RANK.attributes, "datasetGroup": GROUP.arn}),
]


def test_a_first_plan_refers_to_objects_that_do_not_exist_yet() -> None:
    """Each document is decided after those it refers to, and its references resolve to values known after apply."""
    plan = make_plan(context(DOCUMENTS))

    assert set(actions(plan).values()) == {Action.CREATE, Action.RUN}
    assert change_of(plan, "Dataset/items").attributes["schema"] == Unknown(SCHEMA.address)
    assert change_of(plan, "Campaign/home").attributes["solutionVersion"] == Unknown(TRAINING.address)


@given(st.permutations(DOCUMENTS), st.permutations(LIVES))
def test_the_order_of_documents_and_objects_does_not_matter(documents: list[Any], lives: list[Live]) -> None:
    """The same manifests and the same account give the same plan, sorted by address, in any order of reading."""
    plan = make_plan(context(documents, lives))

    assert plan == make_plan(context(DOCUMENTS, LIVES))
    assert all(before.address < after.address for before, after in pairwise(plan.changes))


def test_an_account_as_declared_needs_no_change() -> None:
    """With every object as declared, the plan is empty and counts each resource as in sync."""
    plan = make_plan(context([SHOP, SCHEMA, ITEMS, RANK], LIVES))

    assert plan.is_empty
    assert plan.in_sync == len(LIVES)


def test_the_plan_names_its_target_and_account() -> None:
    """The plan holds project, target, account and region, so that apply can refuse it elsewhere."""
    plan = make_plan(context(DOCUMENTS))

    assert (plan.project, plan.target, plan.account, plan.region) == ("shop", "local", ACCOUNT, REGION)


def test_the_plan_says_what_each_resource_needs() -> None:
    """A resource needs what it refers to, and the kinds of its dataset group that its own kind comes after."""
    needs = make_plan(context(DOCUMENTS)).needs

    assert needs[ITEMS.address] == {SHOP.address, SCHEMA.address}
    assert needs[RANK.address] == {SHOP.address, ITEMS.address}
    assert needs[HOME.address] == {RANK.address, TRAINING.address}


def test_a_change_of_a_base_reaches_what_depends_on_it() -> None:
    """The successor of a solution is trained, and the campaign moves to the new version."""
    edited = document("Solution/rank", {**RANK.attributes, "performHPO": True})
    version = live("SolutionVersion/rank-x", {"solution": LIVES[3].arn}, arn=f"{LIVES[3].arn}/1")
    home = owned("Campaign/home", {"solutionVersion": version.arn})

    plan = make_plan(context([SHOP, SCHEMA, ITEMS, edited, TRAINING, HOME], [*LIVES, version, home]))

    assert actions(plan) == {
        "Solution/rank": Action.SUCCESSOR,
        "SolutionVersion/rank": Action.RUN,
        "Campaign/home": Action.UPDATE,
    }


def test_two_objects_of_one_address_are_two_changes() -> None:
    """A successor and the object it has replaced are both in the plan, sorted by their AWS names."""
    older = owned("Solution/rank", {"datasetGroup": GROUP.arn, "performHPO": True})
    newer = owned("Solution/rank", LIVES[3].attributes, name="rank-2", created=2.0)

    plan = make_plan(context([SHOP, RANK], [GROUP, older, newer]))

    found = [(change.aws_name, change.action) for change in plan.changes if change.address == RANK.address]
    assert found == [("rank", Action.DELETE), ("rank-2", Action.NONE)]


@pytest.mark.parametrize("make", [make_plan, make_destroy_plan])
def test_a_deletion_that_leaves_a_dangling_reference_is_blocked(make: Any) -> None:
    """Both plans block the deletion of an object that another object refers to afterwards."""
    theirs = live("Campaign/theirs", {"solutionVersion": f"{LIVES[3].arn}/1"})

    plan = make(context([SHOP], [GROUP, LIVES[3], theirs], prune=True))

    found = change_of(plan, "Solution/rank")
    assert (found.action, codes(found)[-1]) == (Action.BLOCKED, ReasonCode.USED_BY)


def test_destroy_ignores_what_the_documents_want() -> None:
    """A destroy plan only deletes, so documents without an object are not in it."""
    plan = make_destroy_plan(context(DOCUMENTS, [GROUP]))

    assert actions(plan) == {"DatasetGroup/shop": Action.DELETE}
    assert plan.needs[ITEMS.address] == {Address("DatasetGroup", "shop"), Address("Schema", "items")}
