"""Live values that no manifest declares: told if they are not the default, with what they cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest

from personalize_gitops.engine.drift.undeclared_members import undeclared_members
from personalize_gitops.model.action import Risk
from personalize_gitops.model.diff import ABSENT, overlay
from personalize_gitops.model.drift import Drift
from personalize_gitops.model.problem import Severity
from tests.support.edits import edit
from tests.support.every import file_of, write_every
from tests.support.texts import reason_of
from tests.support.world import World

RATE = "recommenderConfig.minRecommendationRequestsPerSecond"


@pytest.fixture
def recommender(world: World, tmp_path: Path) -> Path:
    """A recommender whose manifest declares no capacity, applied."""
    manifests = write_every(tmp_path, "Recommender/next")
    edit(
        file_of(manifests, "Recommender/next"),
        "minRecommendationRequestsPerSecond: 1",
        "enableMetadataWithRecommendations: false",
    )
    edit(file_of(manifests, "Recommender/next"), "\n  state: running", "")
    world.put_data(tmp_path / "data", "every")
    world.apply(manifests)
    return manifests


def found(world: World, manifests: Path) -> list[Drift]:
    return list(undeclared_members(world.plan(manifests)))


def change_by_hand(world: World, manifests: Path, kind: str, members: dict[str, Any]) -> None:
    world.cloud.update(world.only(manifests, kind), members)
    world.clock.sleep(3600)


def test_a_raised_capacity_is_told_with_its_cost(world: World, recommender: Path) -> None:
    """The plan compares declared members only, and this one is billed by the hour from its update on."""
    assert found(world, recommender) == []
    before = world.clock.now()
    change_by_hand(world, recommender, "Recommender", {"recommenderConfig": {"minRecommendationRequestsPerSecond": 7}})

    (item,) = found(world, recommender)

    assert world.plan(recommender).is_empty
    assert [(str(field), field.before, field.after) for field in item.fields] == [(RATE, 1, 7)]
    assert (item.severity, item.risk) == (Severity.WARNING, Risk.COST)
    assert item.bills_since is not None
    assert item.bills_since >= before - 1
    assert reason_of(item) == (
        "recommenderConfig.minRecommendationRequestsPerSecond is not the default, and not declared; "
        "billed for at least that request rate while the recommender runs"
    )


def test_a_stopped_recommender_is_told(world: World, recommender: Path) -> None:
    """It serves nothing, and its manifest does not say that it is stopped."""
    world.cloud.stop(world.only(recommender, "Recommender"))
    world.clock.sleep(3600)

    (item,) = found(world, recommender)

    assert [(str(field), field.before, field.after) for field in item.fields] == [("state", "running", "stopped")]
    assert (item.severity, item.risk, item.bills_since) == (Severity.WARNING, Risk.OUTAGE, None)


def test_a_declared_value_is_compared_by_the_plan(world: World, shop: Path) -> None:
    """The same change of a declared member is a difference of the plan, and no undeclared member."""
    change_by_hand(world, shop, "Campaign", {"minProvisionedTPS": 5})

    assert found(world, shop) == []


@pytest.mark.parametrize(
    "lifecycle", ["ignore: [spec.minProvisionedTPS]", "bounds: {spec.minProvisionedTPS: {max: 9}}"]
)
def test_a_member_that_others_own_is_not_told(world: World, shop: Path, lifecycle: str) -> None:
    """`ignore` and `bounds` count for members that are not declared too."""
    edit(shop / "shop.yaml", ", minProvisionedTPS: 1}", "}")
    change_by_hand(world, shop, "Campaign", {"minProvisionedTPS": 5})
    assert len(found(world, shop)) == 1
    edit(shop / "shop.yaml", "kind: Campaign\n", f"kind: Campaign\nlifecycle: {{{lifecycle}}}\n")

    assert found(world, shop) == []


def test_a_member_without_a_cost_is_information(world: World, recommender: Path) -> None:
    """One key of a map with defaults differs, and costs nothing."""
    exploring = {"itemExplorationConfig": {"explorationWeight": "0.9"}}
    change_by_hand(world, recommender, "Recommender", {"recommenderConfig": exploring})

    (item,) = found(world, recommender)

    assert [str(field) for field in item.fields] == ["recommenderConfig.itemExplorationConfig.explorationWeight"]
    assert item.severity is Severity.INFO


def test_a_member_without_a_default_is_told(world: World, shop: Path) -> None:
    """A boost of popular items that somebody has set."""
    plan = world.plan(shop)
    boost = {"campaignConfig": {"rankingInfluence": {"POPULARITY": 0.5}}}
    changes = [
        replace(each, live=replace(each.live, attributes=overlay(each.live.attributes, boost)))
        for each in plan.changes
        if each.live and each.kind.kind_name() == "Campaign"
    ]

    (item,) = undeclared_members(replace(plan, changes=tuple(changes)))

    assert [(str(field), field.before) for field in item.fields] == [("campaignConfig.rankingInfluence", ABSENT)]


def test_a_paused_resource_is_not_compared(world: World, shop: Path) -> None:
    """`manage: paused` compares nothing, `observe` does."""
    edit(shop / "shop.yaml", ", minProvisionedTPS: 1}", "}")
    change_by_hand(world, shop, "Campaign", {"minProvisionedTPS": 5})
    edit(shop / "shop.yaml", "kind: Campaign\n", "kind: Campaign\nlifecycle: {manage: observe}\n")
    assert len(found(world, shop)) == 1
    edit(shop / "shop.yaml", "{manage: observe}", "{manage: paused}")

    assert found(world, shop) == []


def test_columns_that_the_service_excludes_are_not_told(world: World, recommender: Path) -> None:
    """A changed schema makes the service exclude its new columns from training by itself."""
    excluded = {"excludedDatasetColumns": {"INTERACTIONS": ["EVENT_VALUE"]}}
    arn = world.only(recommender, "Recommender").arn
    boto3.client("personalize", region_name="us-east-1").update_recommender(
        recommenderArn=arn, recommenderConfig={"trainingDataConfig": excluded}
    )
    world.clock.sleep(4 * 3600)

    assert found(world, recommender) == []
