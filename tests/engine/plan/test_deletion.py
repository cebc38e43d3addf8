"""Deletion: objects that are no longer declared, objects that were replaced, and `destroy`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from personalize_gitops.engine.plan.deletion import superseded_change
from personalize_gitops.engine.plan.planner import make_destroy_plan, make_plan
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, Lifecycle
from personalize_gitops.model.diff import ABSENT, FieldChange
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.live import Live, LiveUpdate
from personalize_gitops.model.plan import Change
from personalize_gitops.model.reason import ReasonCode, because
from personalize_gitops.model.resource import Replace
from personalize_gitops.model.tags import NAME, PROTECT, TAGS
from tests.engine.plan.contexts import codes, context, planned
from tests.support.builders import HEAD, change, document, live, owned, schema

GROUP = f"{HEAD}:dataset-group/shop"
SHOP, FOUND = document("DatasetGroup/shop"), owned("DatasetGroup/shop")
DAY = 86400.0


def undeclared(*lives: Live, declared: tuple[Document, ...] = (SHOP,), **policy: Any) -> dict[str, Change]:
    """Return the changes of a plan for an account with the group `shop` and these objects, by AWS name."""
    plan = make_plan(context(declared, [FOUND, *lives], **policy))
    return {found.aws_name: found for found in plan.changes}


def test_an_undeclared_object_stays_without_prune() -> None:
    """An owned object that is no longer declared is reported; it is deleted only if the target prunes."""
    kept, pruned = undeclared(owned("Filter/old"))["old"], undeclared(owned("Filter/old"), prune=True)["old"]

    assert (kept.action, codes(kept)) == (Action.KEEP, [ReasonCode.UNDECLARED])
    assert (pruned.action, codes(pruned)) == (Action.DELETE, [ReasonCode.UNDECLARED])


def test_only_our_own_objects_are_pruned() -> None:
    """The plan does not contain unmanaged objects, those of another target, and runs."""
    theirs = owned("Filter/theirs", tags={"personalize-gitops:project": "shop/prod"})

    found = undeclared(live("Filter/unmanaged"), theirs, owned("DatasetImportJob/feed"), prune=True)

    assert found.keys() == {"shop"}


def test_nothing_is_pruned_when_everything_is_undeclared() -> None:
    """If no owned object is declared, the cause is probably another folder, so every object stays."""
    elsewhere = document("DatasetGroup/elsewhere")

    found = undeclared(owned("Filter/old"), declared=(elsewhere,), prune=True)

    assert {name: found[name].action for name in ("shop", "old")} == {"shop": Action.KEEP, "old": Action.KEEP}
    assert codes(found["old"]) == [ReasonCode.UNDECLARED, ReasonCode.ALL_UNDECLARED]


def test_forgetting_does_not_let_everything_be_pruned() -> None:
    """An object to forget is no declared one: with nothing declared, the others stay all the same."""
    elsewhere, forget = document("DatasetGroup/elsewhere"), frozenset({Address("Filter", "old")})

    found = undeclared(owned("Filter/old"), owned("Filter/other"), declared=(elsewhere,), prune=True, forget=forget)

    assert (found["old"].action, found["other"].action) == (Action.FORGET, Action.KEEP)


def test_a_kept_object_that_bills_is_reported_as_such() -> None:
    """The report of a campaign says how it bills; a failed campaign does not bill."""
    running = undeclared(owned("Campaign/old"))["old"]
    failed = undeclared(owned("Campaign/old", status="CREATE FAILED"))["old"]

    assert codes(running) == [ReasonCode.UNDECLARED, Fact.BILLS_WHILE_EXISTING]
    assert codes(failed) == [ReasonCode.UNDECLARED]


@pytest.mark.parametrize(
    ("status", "risk", "loses"),
    [("ACTIVE", Risk.DATA_LOSS, Fact.LOSES_ENDPOINT), ("CREATE FAILED", Risk.NONE, None)],
)
def test_a_deletion_says_what_is_lost(status: str, risk: Risk, loses: Fact | None) -> None:
    """A deletion names the loss, except that of an object whose creation failed, which is empty."""
    found = undeclared(owned("Campaign/old", status=status), prune=True)["old"]

    assert (found.risk, found.loses) == (risk, loses)


COPY = owned("Filter/old", name="experiment", tags={NAME: "old"})
"""An object that somebody has given the tags of another one."""


OF_ANOTHER_KIND = live("Filter/mine", tags={**owned("Solution/old").tags})


@pytest.mark.parametrize(
    "lives",
    [[COPY], [COPY, owned("Filter/old")], [OF_ANOTHER_KIND], [replace(OF_ANOTHER_KIND, name="old")]],
    ids=["alone", "beside the original", "of another kind", "of another kind and the same name"],
)
def test_an_object_with_copied_tags_is_never_deleted(lives: list[Live]) -> None:
    """Tags that record another name were copied, so neither `prune` nor `destroy` deletes the object."""
    pruned, everything = undeclared(*lives, prune=True), make_destroy_plan(context([], lives)).changes

    assert {pruned[found.name].action for found in lives} == {Action.BLOCKED}
    assert {codes(found)[-1] for found in everything} == {ReasonCode.COPIED_TAGS}
    assert {found.action for found in everything} == {Action.BLOCKED}


def retired(age: float, *, created: float = 0.0, status: str = "ACTIVE", **lifecycle: Any) -> Change:
    """Return the change of a solution whose successor was created `age` seconds ago."""
    now = 100 * DAY
    rank = document("Solution/rank", lifecycle=Lifecycle.model_validate(lifecycle))
    newer = owned("Solution/rank", name="rank-2", created=now - age)
    successor = change(rank, Action.NONE, live=newer, aws_name=newer.name)
    return superseded_change(owned("Solution/rank", created=created, status=status), successor, now)


def test_a_replaced_object_is_deleted_at_once() -> None:
    """Without `retireAfter` the old object is deleted as soon as its successor exists."""
    found = retired(1.0)

    assert (found.action, codes(found)) == (Action.DELETE, [ReasonCode.REPLACED_BY])


def test_a_replaced_object_stays_for_a_while() -> None:
    """`retireAfter` counts from the creation of the successor, and the plan reports the remaining time."""
    assert retired(8 * DAY, retireAfter="7d").action is Action.DELETE
    found = retired(6 * DAY, retireAfter="7d")
    assert (found.action, found.reasons[-1]) == (Action.KEEP, because(ReasonCode.KEPT_FOR, left=timedelta(days=1)))


def test_a_reverted_change_keeps_the_newer_object() -> None:
    """Clients may use the newer object, so it stays, unless its creation failed."""
    newer, failed = (
        retired(8 * DAY, created=99 * DAY, status=status, retireAfter="1d") for status in ("ACTIVE", "CREATE FAILED")
    )

    assert (newer.action, codes(newer)[-1]) == (Action.KEEP, ReasonCode.KEPT_OLDER_IN_USE)
    assert failed.action is Action.DELETE


def test_a_protected_object_that_was_replaced_blocks_nothing() -> None:
    """A protected document keeps its replaced object and does not block the plan."""
    found = retired(1.0, protect=True)

    assert (found.action, codes(found)[-1]) == (Action.KEEP, ReasonCode.KEPT_WHILE_PROTECTED)


def test_a_replaced_object_is_deleted_only_after_its_protection_is_lifted() -> None:
    """A replaced object that carries the tag loses it in one apply and goes in the next."""
    now, rank = 100 * DAY, document("Solution/rank")
    successor = change(rank, Action.NONE, live=owned("Solution/rank", name="rank-2"))

    found = superseded_change(owned("Solution/rank", tags={PROTECT: "true"}), successor, now)

    assert (found.action, codes(found)[-1]) == (Action.UPDATE, ReasonCode.PROTECTION_LIFTED)
    assert found.fields == (FieldChange((TAGS, PROTECT), "true", ABSENT),)


def destroyed(*lives: Live, declared: tuple[Document, ...] = ()) -> dict[str, Change]:
    plan = make_destroy_plan(context(declared, lives))
    return {str(found.address): found for found in plan.changes}


def test_destroy_deletes_every_owned_object() -> None:
    """Every object with our tags is deleted, declared or not, except runs, which cannot be deleted by themselves."""
    found = destroyed(
        FOUND, owned("Filter/old"), live("Filter/theirs"), owned("DatasetImportJob/feed"), declared=(SHOP,)
    )

    assert {address: one.action for address, one in found.items()} == {
        "DatasetGroup/shop": Action.DELETE,
        "Filter/old": Action.DELETE,
    }
    assert {code for one in found.values() for code in codes(one)} == {ReasonCode.DESTROY_REQUESTED}


def test_destroy_respects_protection() -> None:
    """A protected document blocks the plan, and so does a protected run that would go with its solution."""
    protected = Lifecycle(protect=True)
    training = document("SolutionVersion/rank", {"solution": "rank"}, lifecycle=protected)
    rank = owned("Solution/rank")
    version = live("SolutionVersion/rank", arn=f"{rank.arn}/1")

    found = destroyed(FOUND, declared=(document("DatasetGroup/shop", lifecycle=protected),))["DatasetGroup/shop"]
    solution = destroyed(rank, version, declared=(document("Solution/rank"), training))["Solution/rank"]

    assert (found.action, codes(found)[-1]) == (Action.BLOCKED, ReasonCode.PROTECTED)
    assert (solution.action, codes(solution)[-1]) == (Action.BLOCKED, ReasonCode.PROTECTED_RUN)


def test_destroy_waits_for_what_is_being_deleted() -> None:
    """Apply waits for an object that is being deleted, because its dataset group cannot be deleted before."""
    found = destroyed(owned("Filter/old", status="DELETE IN_PROGRESS"))["Filter/old"]

    assert (found.action, codes(found)) == (Action.WAIT, [ReasonCode.BEING_DELETED])


def test_destroy_deletes_an_untaggable_object_only_if_it_is_as_declared() -> None:
    """A schema has no tags, so only one with exactly the declared columns counts as ours."""
    declared = document("Schema/items", schema("A"))

    assert [*destroyed(live("Schema/items", schema("A")), declared=(declared,))] == ["Schema/items"]
    assert destroyed(live("Schema/items", schema("B")), declared=(declared,)) == {}


RANK = owned("Solution/rank", {"datasetGroup": GROUP})
EDITED = {"datasetGroup": GROUP, "performHPO": True}
"""Members that differ from those of RANK and that no update takes."""


def test_a_used_object_is_not_deleted() -> None:
    """A deletion that the service would refuse blocks the plan, and the reason names what uses the object."""
    campaign = live("Campaign/theirs", {"solutionVersion": f"{RANK.arn}/1"})

    found = undeclared(RANK, campaign, prune=True)["rank"]

    assert (found.action, found.risk, found.loses) == (Action.BLOCKED, Risk.NONE, None)
    assert found.reasons[-1] == because(ReasonCode.USED_BY, user=Address("Campaign", "theirs"))


def test_a_user_that_leaves_prevents_no_deletion() -> None:
    """A campaign does not count if the plan deletes it too, if it is being deleted, or if an update moves it away."""
    arn = f"{RANK.arn}/1"
    leaving = [
        owned("Campaign/home", {"solutionVersion": arn}),
        live("Campaign/theirs", {"solutionVersion": arn}, status="DELETE PENDING"),
        live(
            "Campaign/moving", {"solutionVersion": arn}, update=LiveUpdate("CREATE PENDING", {"solutionVersion": "arn"})
        ),
    ]

    assert undeclared(RANK, *leaving, prune=True)["rank"].action is Action.DELETE


def test_a_user_that_this_plan_moves_prevents_no_deletion() -> None:
    """The old solution can be deleted if an update of the same plan moves the campaign away."""
    other = owned("Solution/other", {"datasetGroup": GROUP})
    campaign = document("Campaign/home", {"solutionVersion": f"{other.arn}/1"})
    found = owned("Campaign/home", {"solutionVersion": f"{RANK.arn}/1"})

    plan = undeclared(RANK, other, found, declared=(SHOP, campaign), prune=True)

    assert (plan["home"].action, plan["rank"].action) == (Action.UPDATE, Action.DELETE)


def test_a_shared_schema_is_kept_instead_of_blocking() -> None:
    """A replaced schema stays if an unmanaged dataset uses it, and the plan is not blocked."""
    old, new = schema("ITEM_ID"), schema("ITEM_ID", {"name": "COLOR", "type": ["null", "string"]})
    declared = document("Schema/items", new, lifecycle=Lifecycle(adopt=True))
    items = live("Schema/items", old)
    theirs = live("Dataset/theirs", {"datasetGroup": GROUP, "datasetType": "Items", "schema": items.arn})

    found = planned("Schema/items", [declared], [items, theirs])

    assert (found.action, found.actions) == (Action.CREATE, ("create",))
    assert codes(found)[-1] is ReasonCode.KEPT_IN_USE


def test_a_shared_schema_cannot_be_recreated() -> None:
    """An unmanaged dataset on the schema blocks its recreation, which needs the deletion."""
    declared = document("Schema/items", schema("B"), lifecycle=Lifecycle(adopt=True, replace=Replace.RECREATE))
    items = live("Schema/items", schema("A"))
    theirs = live("Dataset/theirs", {"datasetGroup": GROUP, "datasetType": "Items", "schema": items.arn})

    found = planned("Schema/items", [declared], [items, theirs])

    assert (found.action, codes(found)[-1]) == (Action.BLOCKED, ReasonCode.USED_BY)


def test_a_user_whose_own_change_is_blocked_is_named_as_such() -> None:
    """If a protected campaign cannot be recreated with its solution, the reason of the solution names the campaign."""
    documents = [
        document("Solution/rank", EDITED, lifecycle=Lifecycle(replace=Replace.RECREATE)),
        document("SolutionVersion/rank", {"solution": "rank"}),
        document("Campaign/home", {"solutionVersion": "rank"}, lifecycle=Lifecycle(protect=True)),
    ]

    plan = make_plan(context(documents, [RANK, owned("Campaign/home", {"solutionVersion": f"{RANK.arn}/1"})]))

    assert {str(found.address): codes(found)[-1] for found in plan.blocked} == {
        "Campaign/home": ReasonCode.PROTECTED,
        "Solution/rank": ReasonCode.USED_BY_BLOCKED,
    }


def test_a_used_object_can_be_retired_instead() -> None:
    """A successor that would delete a used object is blocked, and the remedy is to keep the old one for a while."""
    theirs = live("Campaign/theirs", {"solutionVersion": f"{RANK.arn}/1"})
    retiring = document("Solution/rank", EDITED, lifecycle=Lifecycle(retireAfter="7d"))

    at_once = planned("Solution/rank", [document("Solution/rank", EDITED)], [RANK, theirs])
    later = planned("Solution/rank", [retiring], [RANK, theirs])

    assert (at_once.action, codes(at_once)[-1]) == (Action.BLOCKED, ReasonCode.RETIRE_LATER)
    assert later.action is Action.SUCCESSOR
