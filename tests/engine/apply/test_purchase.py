"""When a run is bought, and when it waits: the announcement on its parent, and the lists that may lag."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from personalize_gitops.engine.apply.purchase import Bought, Postponed, Purchase, concluded, prepared, purchase_of
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.address import Address
from personalize_gitops.model.announcements import VISIBLE_LIMIT, announced, announcement
from personalize_gitops.model.reason import ReasonCode
from personalize_gitops.model.steps import Step, StepId, Verb
from personalize_gitops.model.tags import ADDRESS, ANNOUNCED, PROJECT
from tests.support.world import World

VERSION = KINDS["SolutionVersion"]
NAME = "home-0123abcd"
TAGS = {PROJECT: "shop/local", ADDRESS: "SolutionVersion/home"}
STEP = Step(StepId(Address("SolutionVersion", "home"), Verb.CREATE, NAME), VERSION, tags=TAGS)


@pytest.fixture
def purchase(world: World, shop: Path) -> Purchase:
    """A second training of the solution of the shop."""
    found = purchase_of(STEP, {"solution": world.only(shop, "Solution").arn}, world.cloud)
    assert found
    return found


def again(purchase: Purchase, world: World) -> Purchase:
    """The same purchase, as the next attempt sees it."""
    return replace(purchase, parent=replace(purchase.parent, tags=world.cloud.tags(purchase.parent.arn)))


def code(found: Bought | Postponed | None) -> ReasonCode:
    """Why a purchase is postponed."""
    assert isinstance(found, Postponed)
    assert isinstance(found.reason.code, ReasonCode)
    return found.reason.code


def test_only_runs_whose_names_may_repeat_are_announced(world: World) -> None:
    """The names of imports are unique in the account, so an import needs no announcement."""
    step = Step(StepId(Address("DatasetImportJob", "events"), Verb.CREATE, "events"), KINDS["DatasetImportJob"])

    assert purchase_of(step, {"dataset": "arn"}, world.cloud) is None


def test_a_first_attempt_announces(world: World, purchase: Purchase) -> None:
    """It is bought at once, with its name and the time on the solution."""
    assert prepared(purchase, None, world.cloud) is None

    assert announced(world.cloud.tags(purchase.parent.arn), NAME, world.cloud.now) == {purchase.key: world.cloud.now}


def test_a_young_announcement_is_waited_for_and_an_old_one_means_nothing(world: World, purchase: Purchase) -> None:
    """Without a run, nothing was bought when the run must be visible: that is told, and the purchase goes on."""
    prepared(purchase, None, world.cloud)

    assert code(prepared(again(purchase, world), None, world.cloud)) is ReasonCode.ANNOUNCED_NOT_SEEN
    world.clock.sleep(VISIBLE_LIMIT + 1)
    told = prepared(again(purchase, world), None, world.cloud)
    assert code(told) is ReasonCode.NOTHING_WAS_BOUGHT
    assert isinstance(told, Postponed)
    assert prepared(again(purchase, world), None, world.cloud, refused=told.nothing_bought) is None


def test_an_announced_run_is_found(world: World, purchase: Purchase) -> None:
    """The run of an attempt that was not answered is taken, not bought again."""
    prepared(purchase, None, world.cloud)
    arn = world.cloud.create(VERSION, NAME, {"solution": purchase.parent.arn}, TAGS)

    assert prepared(again(purchase, world), None, world.cloud) == Bought(arn)


def test_without_an_announcement_the_list_is_read_twice(world: World, purchase: Purchase) -> None:
    """The solution is somebody else's: the run is bought when the list had the time to show an earlier one."""
    theirs = replace(purchase, parent=replace(purchase.parent, tags={PROJECT: "other/prod"}))
    now = world.cloud.now

    assert code(prepared(theirs, None, world.cloud)) is ReasonCode.LOOKING_AGAIN
    assert code(prepared(theirs, now, world.cloud)) is ReasonCode.LOOKING_AGAIN
    assert prepared(theirs, now - VISIBLE_LIMIT, world.cloud) is None
    assert purchase.key not in world.cloud.tags(purchase.parent.arn)


@pytest.mark.parametrize(("age", "ended", "done"), [(5, False, False), (5, True, True), (VISIBLE_LIMIT, False, True)])
def test_when_an_announcement_is_removed(world: World, purchase: Purchase, age: float, ended: bool, done: bool) -> None:
    """It is removed when the run has ended and is listed, or when every list must show it."""
    prepared(purchase, None, world.cloud)
    arn = world.cloud.create(VERSION, NAME, {"solution": purchase.parent.arn}, TAGS)

    assert concluded(again(purchase, world), arn, age, ended, world.cloud) is done

    assert (purchase.key in world.cloud.tags(purchase.parent.arn)) is not done


def test_an_ended_run_that_no_list_shows_is_not_concluded(world: World, purchase: Purchase) -> None:
    """Whoever reads that list next could buy the run again."""
    prepared(purchase, None, world.cloud)
    arn = world.cloud.create(VERSION, NAME, {"solution": purchase.parent.arn}, TAGS)
    world.emulator.faults.lag("SolutionVersion", 60)

    assert not concluded(again(purchase, world), arn, 5, True, world.cloud)


@pytest.mark.parametrize("ended", [False, True])
def test_an_announcement_that_cannot_be_removed(world: World, purchase: Purchase, ended: bool) -> None:
    """While the run goes on, the next poll tries again; a run that has ended leaves it to the next plan."""
    prepared(purchase, None, world.cloud)
    world.emulator.faults.deny("UntagResource")

    assert concluded(again(purchase, world), "arn", VISIBLE_LIMIT, ended, world.cloud) is ended

    assert purchase.key in world.cloud.tags(purchase.parent.arn)


OTHERS = {True: f"{ANNOUNCED}-", False: f"{ANNOUNCED}-z"}
"""A key that comes before every other one, and one that comes after them."""


@pytest.mark.parametrize("is_first", OTHERS)
def test_two_applies_that_announce_at_once_do_not_both_buy(world: World, purchase: Purchase, is_first: bool) -> None:
    """Another apply has announced the run since ours looked: ours does not buy, and withdraws if its key is later."""
    arn, key = purchase.parent.arn, OTHERS[is_first]
    world.tag_by_hand(arn, {key: announcement(NAME, world.cloud.now)})

    assert code(prepared(purchase, None, world.cloud)) is ReasonCode.ANNOUNCED_NOT_SEEN
    assert set(announced(world.cloud.tags(arn), NAME, world.cloud.now)) == ({key} if is_first else {key, purchase.key})

    assert code(prepared(again(purchase, world), None, world.cloud, refused=True)) is ReasonCode.ANNOUNCED_NOT_SEEN
    world.untag_by_hand(arn, [key])
    assert prepared(again(purchase, world), None, world.cloud, refused=True) is None
    assert set(announced(world.cloud.tags(arn), NAME, world.cloud.now)) == {purchase.key}


def test_an_abandoned_announcement_of_another_apply_is_cleared(world: World, purchase: Purchase) -> None:
    """The other apply was killed: its announcement goes when our purchase is seen, not before."""
    arn, theirs = purchase.parent.arn, OTHERS[False]
    world.tag_by_hand(arn, {theirs: announcement(NAME, world.cloud.now)})
    world.clock.sleep(VISIBLE_LIMIT + 1)
    world.cloud.list(VERSION)

    assert code(prepared(again(purchase, world), None, world.cloud)) is ReasonCode.NOTHING_WAS_BOUGHT
    assert prepared(again(purchase, world), None, world.cloud, refused=True) is None
    assert world.cloud.tags(arn).keys() > {theirs, purchase.key}
    assert concluded(again(purchase, world), "arn", VISIBLE_LIMIT, True, world.cloud)
    assert world.cloud.tags(arn).keys().isdisjoint({theirs, purchase.key})


def test_an_apply_that_renews_its_announcement_is_not_overtaken(world: World, purchase: Purchase) -> None:
    """Refused for minutes, it renews its announcement and buys, while another apply takes the old one for abandoned."""
    other = replace(purchase, key=OTHERS[False])
    assert prepared(again(other, world), None, world.cloud) is None
    world.clock.sleep(VISIBLE_LIMIT + 1)
    seen_by_both = world.cloud.tags(purchase.parent.arn)

    def as_seen(one: Purchase) -> Purchase:
        return replace(one, parent=replace(one.parent, tags=seen_by_both))

    assert prepared(as_seen(other), None, world.cloud, refused=True) is None
    assert code(prepared(as_seen(purchase), None, world.cloud)) is ReasonCode.NOTHING_WAS_BOUGHT
    assert code(prepared(as_seen(purchase), None, world.cloud, refused=True)) is ReasonCode.ANNOUNCED_NOT_SEEN
    assert code(prepared(again(purchase, world), None, world.cloud, refused=True)) is ReasonCode.ANNOUNCED_NOT_SEEN


@pytest.mark.parametrize("at", ["99999999999", "99999999999999999999"])
def test_an_announcement_of_the_future_is_none(world: World, purchase: Purchase, at: str) -> None:
    """Nobody writes one; it neither holds up a purchase nor ends in an error of arithmetic."""
    world.tag_by_hand(purchase.parent.arn, {OTHERS[True]: f"{NAME}@{at}"})

    assert prepared(again(purchase, world), None, world.cloud) is None


def test_a_run_that_another_apply_has_bought_since_the_plan_is_taken(world: World, purchase: Purchase) -> None:
    """Its announcement is gone already, and the name alone may not stop a second purchase."""
    arn = world.cloud.create(VERSION, NAME, {"solution": purchase.parent.arn}, TAGS)

    assert prepared(purchase, None, world.cloud) == Bought(arn)


def test_an_announcement_of_the_owner_of_the_solution_stays(world: World, purchase: Purchase) -> None:
    """We train on the solution of another project, which has announced a run of the same name: that is theirs."""
    theirs = replace(purchase, step=replace(STEP, tags={PROJECT: "other/prod", ADDRESS: "SolutionVersion/home"}))
    world.tag_by_hand(purchase.parent.arn, {OTHERS[True]: announcement(NAME, world.cloud.now - 2 * VISIBLE_LIMIT)})

    assert code(prepared(again(theirs, world), None, world.cloud)) is ReasonCode.LOOKING_AGAIN
    assert concluded(again(theirs, world), "arn", VISIBLE_LIMIT, True, world.cloud)
    assert OTHERS[True] in world.cloud.tags(purchase.parent.arn)
