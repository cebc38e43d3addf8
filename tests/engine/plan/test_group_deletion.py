"""`destroy --dataset-group`: a whole group goes, ours or unmanaged, and nothing of others."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.action import Action
from personalize_gitops.model.plan import Choices, Plan
from personalize_gitops.model.tags import ADDRESS, PROJECT
from tests.support.edits import edit
from tests.support.every import apply_every, file_of
from tests.support.texts import reason_of
from tests.support.world import World, actions

IN_SHOP = {"DatasetGroup/shop", "Dataset/events", "Filter/fresh", "EventTracker/web", "MetricAttribution/clicks"}


@pytest.fixture
def manifests(world: World, tmp_path: Path) -> Path:
    """Two dataset groups, applied."""
    return apply_every(
        world, tmp_path, "Filter/fresh", "EventTracker/web", "MetricAttribution/clicks", "Recommender/next"
    )


def plan_of(world: World, manifests: Path, group: str = "shop") -> Plan:
    return world.session(manifests).plan(Choices(destroy=True, group=group))


def abandoned(world: World, manifests: Path) -> None:
    """Nobody owns anything any more, and nothing is declared."""
    for live in world.snapshot(manifests).objects:
        if live.tags:
            world.untag_by_hand(live.arn, [*live.tags])
    for file in manifests.glob("*-*.yaml"):
        file.unlink()


@pytest.mark.parametrize("ours", [True, False])
def test_everything_in_the_group_goes_and_nothing_else(world: World, manifests: Path, ours: bool) -> None:
    """Owned or unmanaged, declared or not; the other group and the schemas stay."""
    if not ours:
        abandoned(world, manifests)

    plan = plan_of(world, manifests)
    world.carry_out(plan)

    assert actions(plan) == dict.fromkeys(IN_SHOP, Action.DELETE)
    left = {live.name for live in world.snapshot(manifests).objects if not live.kind.is_run}
    assert left == {"events", "video-events", "video", "next"}  # `events` is the schema


def test_what_another_project_owns_blocks_it(world: World, manifests: Path) -> None:
    """One object of others in the group is enough: the group itself is blocked by it."""
    filter_ = world.only(manifests, "Filter").arn
    world.tag_by_hand(filter_, {PROJECT: "other/prod", ADDRESS: "Filter/fresh"})

    plan = plan_of(world, manifests)

    assert {str(change.address): reason_of(change) for change in plan.blocked} == {
        "DatasetGroup/shop": "destroy; Filter/fresh uses it and is blocked",
        "Filter/fresh": "fresh belongs to project other/prod; only that project deletes it",
    }


def test_a_training_of_another_project_blocks_it(world: World, tmp_path: Path) -> None:
    """A solution takes its versions along, so their owners count too."""
    manifests = apply_every(world, tmp_path, "SolutionVersion/home")
    world.tag_by_hand(
        world.only(manifests, "SolutionVersion").arn, {PROJECT: "other/prod", ADDRESS: "SolutionVersion/x"}
    )

    found = {str(change.address) for change in plan_of(world, manifests).blocked}

    assert found == {"DatasetGroup/shop", "Solution/home"}


def test_protection_blocks_it(world: World, manifests: Path) -> None:
    """`lifecycle.protect` of a document holds for an object that its tags do not find."""
    edit(file_of(manifests, "Filter/fresh"), "spec:", "lifecycle: {protect: true}\nspec:")
    arn = world.only(manifests, "Filter").arn
    world.untag_by_hand(arn, [*world.only(manifests, "Filter").tags])

    assert [str(change.address) for change in plan_of(world, manifests).blocked] == [
        "DatasetGroup/shop",
        "Filter/fresh",
    ]


def test_a_group_that_does_not_exist_is_told(world: World, manifests: Path) -> None:
    """With the nearest name that does."""
    with pytest.raises(InvalidChoice, match="no such dataset group") as error:
        plan_of(world, manifests, "shopp")

    assert error.value.suggestion
    assert error.value.suggestion.params["candidate"] == "shop"
