"""A training is paid for once, also if names may repeat and lists lag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.drift import drift
from personalize_gitops.model.action import Action
from personalize_gitops.model.announcements import is_announcement
from personalize_gitops.model.drift import Finding
from personalize_gitops.model.events import Event, Waiting
from personalize_gitops.model.tags import APPLIED
from personalize_gitops.render.reasons import text
from tests.support.edits import edit
from tests.support.every import apply_every, file_of
from tests.support.killing import Killed, Moment, dying
from tests.support.shop import stock_shop
from tests.support.texts import reason_of
from tests.support.world import START, World, actions, change_of, emulated

LAST_CALL = 16
"""More changing calls than an apply of the shop makes."""


@pytest.fixture(params=[True, False], ids=["unique-names", "equal-names"])
def either(request: pytest.FixtureRequest) -> Iterator[World]:
    """An account where two trainings of one name are refused, and one where they are not."""
    clock = SimulatedClock(START)
    with Emulator(clock.now, version_names_are_unique=request.param).started() as emulator:
        yield World(emulator, clock, emulated(clock))


@pytest.fixture
def lenient() -> Iterator[World]:
    """An account where two trainings can have one name."""
    clock = SimulatedClock(START)
    with Emulator(clock.now, version_names_are_unique=False).started() as emulator:
        yield World(emulator, clock, emulated(clock))


def trainings(world: World, manifests: Path) -> int:
    """How many trainings there ever were."""
    return len(world.snapshot(manifests).of_kind("SolutionVersion"))


def states(events: list[Event], kind: str) -> list[str]:
    """What the steps of a kind said while they waited."""
    return [text(event.state) for event in events if isinstance(event, Waiting) and event.step.kind.kind_name() == kind]


def announcement(world: World, manifests: Path) -> str:
    """The announcements on the solution; empty if there is none."""
    tags = world.cloud.tags(world.only(manifests, "Solution").arn)
    return " ".join(value for key, value in tags.items() if is_announcement(key))


def apply_and_die(world: World, manifests: Path, moment: Moment, *, at: int = 0, operation: str = "") -> str:
    """Plan and apply with a process that dies at a changing call. Returns which one; empty if it came to its end."""
    with dying(world.clock, moment, at=at, operation=operation) as cloud:
        mortal = replace(world, cloud=cloud)
        try:
            mortal.carry_out(mortal.plan(manifests))
        except Killed as death:
            return str(death)
    return ""


def check_next_apply(world: World, manifests: Path, lag: int) -> None:
    """Apply again, with lists that lack the newest trainings: it ends as the undisturbed apply would have ended."""
    if lag:
        world.emulator.faults.lag("SolutionVersion", lag, times=3)

    world.apply(manifests)

    assert trainings(world, manifests) == 1
    assert announcement(world, manifests) == ""
    assert actions(world.plan(manifests)) == {}


@pytest.mark.parametrize("lag", [0, 250])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("operation", ["TagResource", "CreateSolutionVersion", "UntagResource", "CreateCampaign"])
def test_a_kill_around_a_purchase(either: World, tmp_path: Path, operation: str, moment: Moment, lag: int) -> None:
    """Killed while a training is announced, bought or seen, the next apply buys nothing twice."""
    manifests = stock_shop(either, tmp_path)

    assert apply_and_die(either, manifests, moment, operation=operation) == f"{moment} {operation}"

    check_next_apply(either, manifests, lag)


@pytest.mark.slow
@pytest.mark.parametrize("lag", [0, 250])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("at", range(LAST_CALL))
def test_a_kill_anywhere(either: World, tmp_path: Path, at: int, moment: Moment, lag: int) -> None:
    """Killed at any call, the next apply buys nothing twice."""
    manifests = stock_shop(either, tmp_path)

    apply_and_die(either, manifests, moment, at=at)

    check_next_apply(either, manifests, lag)


@pytest.mark.slow
def test_the_table_of_kills_has_every_call(either: World, tmp_path: Path) -> None:
    """An apply makes fewer changing calls than the table has rows."""
    manifests = stock_shop(either, tmp_path)

    assert apply_and_die(either, manifests, "before", at=LAST_CALL) == ""


@pytest.mark.parametrize("lag", [0, 250])
@pytest.mark.parametrize("losses", [1, 3])
def test_a_lost_answer_buys_nothing_twice(either: World, tmp_path: Path, losses: int, lag: int) -> None:
    """A training whose answer was lost is found when the list shows it, and not bought again before."""
    manifests = stock_shop(either, tmp_path)
    either.emulator.faults.lose_response("CreateSolutionVersion", times=losses)
    if lag:
        either.emulator.faults.lag("SolutionVersion", lag, times=5)

    either.apply(manifests)

    assert trainings(either, manifests) == 1
    assert announcement(either, manifests) == ""
    assert actions(either.plan(manifests)) == {}


def test_an_announcement_names_the_run_and_the_time(lenient: World, tmp_path: Path) -> None:
    """While nobody has seen the training, its solution says which one was bought, and when."""
    manifests = stock_shop(lenient, tmp_path)
    apply_and_die(lenient, manifests, "after", operation="CreateSolutionVersion")

    (version,) = lenient.snapshot(manifests).of_kind("SolutionVersion")

    name, _, moment = announcement(lenient, manifests).rpartition("@")
    assert name == version.name
    assert abs(float(moment) - version.created) < 2


def test_a_purchase_that_did_not_take_place_is_made(lenient: World, tmp_path: Path) -> None:
    """Killed between announcement and purchase, the next apply waits, says that nothing was bought, and buys."""
    manifests = stock_shop(lenient, tmp_path)
    apply_and_die(lenient, manifests, "before", operation="CreateSolutionVersion")

    events = lenient.apply(manifests)

    said = states(events, "SolutionVersion")
    assert any("an earlier apply may have started it" in state for state in said)
    assert any("never started" in state for state in said)
    assert trainings(lenient, manifests) == 1


def test_on_a_solution_of_others_the_list_is_read_twice(lenient: World, tmp_path: Path) -> None:
    """Where nothing can be announced, a training is bought only after the list had the time to show an earlier one."""
    manifests = stock_shop(lenient, tmp_path)
    lenient.apply(manifests)
    solution = lenient.only(manifests, "Solution")
    lenient.tag_by_hand(solution.arn, {f"k{number}": "v" for number in range(50 - len(solution.tags))})
    edit(manifests / "shop.yaml", "spec: {solution: home}", "spec: {solution: home, trainingMode: FULL}")
    edit(
        manifests / "shop.yaml",
        "run: {when: [config, data]}\n---\nkind: Campaign",
        "run: {every: 1d}\n---\nkind: Campaign",
    )
    lenient.clock.sleep(2 * 86400)
    began = lenient.clock.now()

    events = lenient.apply(manifests)

    newest = lenient.snapshot(manifests).of_kind("SolutionVersion")[-1]
    assert newest.created >= began + 300
    assert any("checking again" in state for state in states(events, "SolutionVersion"))


def test_the_record_of_what_was_applied_is_mended(world: World, shop: Path) -> None:
    """Killed between an update and its tags, the next apply corrects the record: a later edit is one of the account."""
    edit(shop / "shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    assert apply_and_die(world, shop, "after", operation="UpdateCampaign") == "after UpdateCampaign"
    world.clock.sleep(3600)

    plan = world.plan(shop)
    world.carry_out(plan)

    assert actions(plan) == {"Campaign/home": Action.UPDATE}
    assert reason_of(change_of(plan, "Campaign/home")) == "an interrupted apply did not record its update"
    assert [field.path for field in change_of(plan, "Campaign/home").fields] == [("tags", APPLIED)]
    assert actions(world.plan(shop)) == {}
    boto3.client("personalize", region_name="us-east-1").update_campaign(
        campaignArn=world.only(shop, "Campaign").arn, minProvisionedTPS=5
    )
    world.clock.sleep(3600)
    (found,) = drift(world.plan(shop))
    assert found.finding is Finding.CHANGED


@pytest.mark.parametrize("operation", ["UpdateRecommender", "StopRecommender"])
def test_the_record_of_a_switch_is_mended(world: World, tmp_path: Path, operation: str) -> None:
    """Killed after a recommender was stopped, with an update or without: the next plan corrects the record."""
    manifests = apply_every(world, tmp_path, "Recommender/next")
    document = file_of(manifests, "Recommender/next")
    edit(document, "state: running", "state: stopped")
    if operation == "UpdateRecommender":
        edit(document, "PerSecond: 1", "PerSecond: 2")
    assert apply_and_die(world, manifests, "after", operation=operation) == f"after {operation}"
    world.clock.sleep(3600)

    assert [found.finding for found in drift(world.plan(manifests))] == [Finding.UNAPPLIED]
    world.apply(manifests)

    assert (actions(world.plan(manifests)), drift(world.plan(manifests))) == ({}, ())
    recommender = world.only(manifests, "Recommender")
    boto3.client("personalize", region_name="us-east-1").start_recommender(recommenderArn=recommender.arn)
    world.clock.sleep(3600)
    (found,) = drift(world.plan(manifests))
    assert found.finding is Finding.CHANGED


def test_between_an_update_and_a_stop_nothing_is_drift(world: World, tmp_path: Path) -> None:
    """Killed after the tags of an update and before the stop that follows: our own rest is not an edit of others."""
    manifests = apply_every(world, tmp_path, "Recommender/next")
    document = file_of(manifests, "Recommender/next")
    edit(document, "state: running", "state: stopped")
    edit(document, "PerSecond: 1", "PerSecond: 2")
    apply_and_die(world, manifests, "before", operation="StopRecommender")
    world.clock.sleep(3600)

    assert [found.finding for found in drift(world.plan(manifests))] == [Finding.UNAPPLIED]
