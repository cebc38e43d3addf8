"""Beginning a step: which calls are sent, and which are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.engine.apply.begin import begin
from personalize_gitops.engine.apply.flight import SHORTEST, Flight
from personalize_gitops.errors import InvalidRequest
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.address import Address
from personalize_gitops.model.announcements import is_announcement
from personalize_gitops.model.diff import Unknown
from personalize_gitops.model.events import Begun, Done, Waiting
from personalize_gitops.model.ownership import is_unfinished
from personalize_gitops.model.steps import Step, Verb
from personalize_gitops.model.tags import APPLIED, PROTECT
from tests.support.stepping import about, creation, flight_of, trainings
from tests.support.world import World

CHANGES = ("Create", "Update", "Delete", "Start", "Stop", "Tag", "Untag")


def begun(step: Step, world: World, **known: str) -> tuple[object, Flight | None]:
    """Begin a step, and count only the calls of that; `known` are ARNs by the name of a solution."""
    world.emulator.answered.clear()
    arns = {Address("Solution", name): arn for name, arn in known.items()}
    return begin(flight_of(step), world.cloud, world.clock, arns)


def changes(world: World) -> list[str]:
    """The operations that were called and change something."""
    return sorted(operation for operation in world.emulator.answered if operation.startswith(CHANGES))


def test_a_reference_is_resolved(world: World, shop: Path) -> None:
    """What another step has created meanwhile is sent as its ARN."""
    solution = world.only(shop, "Solution")
    step = creation("SolutionVersion/second", {"solution": Unknown(Address("Solution", "home"))})

    event, flight = begun(step, world, home=solution.arn)

    assert isinstance(event, Begun)
    assert event.request_id
    assert flight is not None
    assert flight.arn is not None
    assert flight.arn.startswith(f"{solution.arn}/")
    assert flight.due == world.clock.now() + SHORTEST


def test_what_takes_no_time_is_looked_at_at_once(world: World, shop: Path) -> None:
    """A schema has no transition."""
    schema = world.snapshot(shop).of_kind("Schema")[0]

    _, flight = begun(creation("Schema/second", schema.attributes), world)

    assert flight is not None
    assert flight.due == world.clock.now()


def test_a_wait_sends_nothing(world: World, shop: Path) -> None:
    """Somebody else has begun the transition."""
    event, flight = begun(about(world.only(shop, "Campaign"), Verb.WAIT), world)

    assert isinstance(event, Begun)
    assert event.request_id == ""
    assert flight is not None
    assert changes(world) == []


def test_an_ended_training_is_not_stopped(world: World, shop: Path) -> None:
    """The service refuses to stop a training that has ended while other steps were done: the step has nothing to do."""
    event, _ = begun(about(world.only(shop, "SolutionVersion"), Verb.CANCEL), world)

    assert isinstance(event, Done)
    assert changes(world) == []


def test_a_training_in_progress_is_stopped(world: World, shop: Path) -> None:
    """The step waits until the training has stopped."""
    arn = world.cloud.create(KINDS["SolutionVersion"], "second", {"solution": world.only(shop, "Solution").arn}, {})
    live = world.cloud.describe(KINDS["SolutionVersion"], arn)
    assert live

    event, flight = begun(about(live, Verb.CANCEL), world)

    assert isinstance(event, Begun)
    assert flight is not None
    assert changes(world) == ["StopSolutionVersionCreation"]


def test_an_update_is_announced_in_the_record(world: World, shop: Path) -> None:
    """Before the update is sent, the record of what was applied says that one is in progress."""
    campaign = world.only(shop, "Campaign")
    step = about(campaign, Verb.UPDATE, attributes={"minProvisionedTPS": 2}, tags={APPLIED: "0123abcd"})

    begun(step, world)

    assert is_unfinished(world.cloud.tags(campaign.arn)[APPLIED])
    assert changes(world) == ["TagResource", "UpdateCampaign"]


@pytest.mark.parametrize("verb", [Verb.TAG, Verb.UNPROTECT, Verb.FORGET])
def test_tags_are_set_and_removed_at_once(world: World, shop: Path, verb: Verb) -> None:
    """A step that changes tags only is done with its calls."""
    campaign = world.only(shop, "Campaign")
    step = about(campaign, verb, tags={"team": "web"}, untags=frozenset({PROTECT}))

    event, flight = begun(step, world)

    assert isinstance(event, Done)
    assert flight is None
    assert world.cloud.tags(campaign.arn)["team"] == "web"
    assert changes(world) == ["TagResource", "UntagResource"]


def test_a_purchase_that_fails_for_good_is_not_announced_any_more(world: World, shop: Path) -> None:
    """Nothing was bought, so the next apply has nothing to wait for."""
    solution = world.only(shop, "Solution").arn
    world.emulator.faults.refuse("CreateSolutionVersion", "InvalidInputException", "no")

    with pytest.raises(InvalidRequest):
        begun(trainings(solution, 1)[0], world)

    assert not any(map(is_announcement, world.cloud.tags(solution)))


def test_an_announced_run_is_not_bought_again(world: World, shop: Path) -> None:
    """The run that an earlier attempt has bought is waited for."""
    (step,) = trainings(world.only(shop, "Solution").arn, 1)
    _, first = begun(step, world)
    assert first is not None

    event, second = begun(step, world)

    assert isinstance(event, Begun)
    assert second is not None
    assert second.arn == first.arn
    assert changes(world) == []


def test_an_announcement_without_a_run_postpones_the_purchase(world: World, shop: Path) -> None:
    """The list may lag behind a purchase whose answer was lost."""
    (step,) = trainings(world.only(shop, "Solution").arn, 1)
    begun(step, world)
    world.emulator.faults.lag("SolutionVersion", 60)

    event, flight = begun(step, world)

    assert isinstance(event, Waiting)
    assert flight is not None
    assert flight.arn is None
    assert changes(world) == []
