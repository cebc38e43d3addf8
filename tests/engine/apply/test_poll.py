"""Polls: what the state of an object says about the step that waits for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.engine.apply.poll import poll
from personalize_gitops.model.events import Done, Event, Failed, Waiting
from personalize_gitops.model.live import Live, LiveUpdate
from personalize_gitops.model.steps import Step, Verb
from personalize_gitops.render.reasons import text
from tests.support.builders import live
from tests.support.shop import stock_shop
from tests.support.stepping import about, creation, flight_of
from tests.support.texts import reason_of
from tests.support.world import START, World, actions

CAMPAIGN = live("Campaign/home", {"minProvisionedTPS": 1}, created=START - 900)
TRAINING = live("SolutionVersion/v1", {"solution": "arn:aws:personalize:us-east-1:123456789012:solution/home"})
UPDATE = about(CAMPAIGN, Verb.UPDATE, attributes={"minProvisionedTPS": 2})
DELETE = about(CAMPAIGN, Verb.DELETE)
NEW, NEW_TRAINING = creation("Campaign/home"), creation("SolutionVersion/v1")


def failed_update(failure: str) -> Live:
    return replace(CAMPAIGN, update=LiveUpdate("CREATE FAILED", {}, failure))


def said(event: Event) -> str:
    """What became of the step, in a word, and why."""
    match event:
        case Waiting(state=state):
            return f"waits: {text(state)}"
        case Failed():
            return f"failed: {reason_of(event)}"
        case _:
            return type(event).__name__.lower()


@pytest.mark.parametrize(
    ("step", "seen", "outcome"),
    [
        (NEW, replace(CAMPAIGN, status="CREATE PENDING"), "waits: CREATE PENDING"),
        (NEW, CAMPAIGN, "done"),
        (NEW, replace(CAMPAIGN, status="CREATE FAILED", failure="no capacity"), "failed: no capacity"),
        (NEW, replace(CAMPAIGN, status="CREATE FAILED"), "failed: CREATE FAILED"),
        (NEW_TRAINING, replace(TRAINING, status="CREATE STOPPED"), "failed: CREATE STOPPED"),
        (UPDATE, replace(CAMPAIGN, attributes={"minProvisionedTPS": 2}), "done"),
        (UPDATE, replace(CAMPAIGN, update=LiveUpdate("CREATE IN_PROGRESS", {})), "waits: CREATE IN_PROGRESS"),
        (UPDATE, failed_update("no capacity"), "failed: no capacity"),
        (UPDATE, failed_update(""), "failed: the update ended with CREATE FAILED"),
        (UPDATE, replace(CAMPAIGN, created=START), "failed: "),
        (DELETE, replace(CAMPAIGN, status="DELETE IN_PROGRESS"), "waits: DELETE IN_PROGRESS"),
        (DELETE, CAMPAIGN, "waits: ACTIVE"),
        (DELETE, replace(CAMPAIGN, status="DELETE FAILED", failure="in use"), "failed: DELETE FAILED"),
        (DELETE, replace(CAMPAIGN, created=START), "failed: "),
    ],
)
def test_what_a_state_means(world: World, step: Step, seen: Live, outcome: str) -> None:
    """The object of a step is ready, in transition, failed, or another one of its name."""
    flight = flight_of(replace(step, tags={}), arn=seen.arn)

    event, after = poll(flight, seen.arn, world.cloud, world.clock, {seen.arn: seen})

    assert isinstance(event, Event)
    assert said(event).startswith(outcome)
    assert (after is not None) is isinstance(event, Waiting)


@pytest.mark.parametrize(
    ("step", "elapsed", "outcome"),
    [
        (NEW, 60, "waits: "),
        (NEW, 600, "failed: "),
        (UPDATE, 60, "failed: "),
        (DELETE, 60, "done"),
        (about(replace(CAMPAIGN, status="DELETE IN_PROGRESS"), Verb.WAIT), 60, "done"),
        (about(TRAINING, Verb.CANCEL), 60, "done"),
    ],
)
def test_what_an_absent_object_means(world: World, step: Step, elapsed: float, outcome: str) -> None:
    """A new object may not be visible yet, a deleted one is gone, any other one has disappeared."""
    clock = SimulatedClock(START + elapsed)

    event, _ = poll(flight_of(step, arn=CAMPAIGN.arn), CAMPAIGN.arn, world.cloud, clock, {})

    assert isinstance(event, Event)
    assert said(event).startswith(outcome)


@pytest.mark.parametrize("status", ["CREATE IN_PROGRESS", "DELETE IN_PROGRESS"])
def test_a_limit_ends_the_wait(world: World, status: str) -> None:
    """A transition that takes longer than its limit has failed, and the state is told."""
    step = DELETE if status.startswith("DELETE") else NEW
    clock, seen = SimulatedClock(START + 3601), replace(CAMPAIGN, status=status)

    event, _ = poll(flight_of(step, arn=seen.arn), seen.arn, world.cloud, clock, {seen.arn: seen})

    assert isinstance(event, Failed)
    assert reason_of(event) == f"still {status} after 1h"


def test_a_deletion_that_did_not_begin_is_noticed(world: World) -> None:
    """An object that stays ACTIVE after the accepted call is not being deleted."""
    clock = SimulatedClock(START + 301)

    event, _ = poll(flight_of(DELETE, arn=CAMPAIGN.arn), CAMPAIGN.arn, world.cloud, clock, {CAMPAIGN.arn: CAMPAIGN})

    assert isinstance(event, Failed)
    assert "ACTIVE" in reason_of(event)


def test_a_listed_object_takes_no_call(world: World) -> None:
    """What the list of a kind has shown is not described again."""
    step = creation("DatasetGroup/shop")
    seen = live("DatasetGroup/shop")

    event, _ = poll(flight_of(step, arn=seen.arn), seen.arn, world.cloud, world.clock, {seen.arn: seen})

    assert isinstance(event, Done)
    assert world.cloud.calls == {}


@pytest.fixture
def stocked(world: World, tmp_path: Path) -> Path:
    return stock_shop(world, tmp_path)


def test_what_is_under_way_for_days_has_failed(world: World, stocked: Path) -> None:
    """Apply does not wait for ever, not even without a deadline."""
    world.emulator.faults.stick("SolutionVersion")

    events = world.carry_out(world.plan(stocked))

    assert [reason_of(event) for event in events if isinstance(event, Failed)] == ["still CREATE IN_PROGRESS after 2d"]


def test_a_creation_that_is_not_seen_at_once_has_not_failed(world: World, stocked: Path) -> None:
    """Reads may lag behind an accepted creation: the training is waited for, not given up and not started again."""
    world.emulator.faults.refuse("DescribeSolutionVersion", "ResourceNotFoundException", "does not exist", times=3)

    world.apply(stocked)

    assert actions(world.plan(stocked)) == {}
    assert len(world.snapshot(stocked).of_kind("SolutionVersion")) == 1
