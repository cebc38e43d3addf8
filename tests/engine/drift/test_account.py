"""What no document declares: objects in our dataset groups, what they cost, and trainings that none asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.engine.drift.account import in_question, unmanaged
from personalize_gitops.model.address import Address
from personalize_gitops.model.drift import Drift, Finding
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Choices
from personalize_gitops.model.problem import Severity
from personalize_gitops.model.reason import ReasonCode
from personalize_gitops.model.tags import ADDRESS, NAME, PROJECT
from tests.lifecycle.test_not_drift import following, put_events
from tests.support.edits import edit
from tests.support.shop import apply_shop
from tests.support.texts import reason_of
from tests.support.world import World

DAY = 86400.0


def told(world: World, manifests: Path) -> list[Drift]:
    return list(world.session(manifests).check(use_cache=False)[1])


def checked(world: World, manifests: Path) -> list[Drift]:
    """The findings but for the campaigns that no test asks for recommendations."""
    return [item for item in told(world, manifests) if item.reasons[0].code is not ReasonCode.NOT_ASKED]


def findings(world: World, manifests: Path) -> list[tuple[str, str]]:
    return [(str(item.address), item.finding.value) for item in checked(world, manifests)]


def create(world: World, kind: str, name: str, tags: dict[str, str] | None = None, **members: Any) -> Live:
    """Create an object as somebody else does."""
    arn = world.cloud.create(world.kinds[kind], name, members, tags or {})
    world.clock.sleep(4 * 3600)
    found = world.cloud.describe(world.kinds[kind], arn)
    assert found
    return found


def campaign_by_hand(world: World, manifests: Path, tags: dict[str, str] | None = None) -> Live:
    version = world.only(manifests, "SolutionVersion").arn
    return create(world, "Campaign", "by-hand", tags, solutionVersion=version, minProvisionedTPS=1)


def without(manifests: Path, kind: str) -> None:
    text = (manifests / "shop.yaml").read_text()
    documents = [each for each in text.split("---\n") if f"kind: {kind}\n" not in each]
    (manifests / "shop.yaml").write_text("---\n".join(documents))


def test_an_applied_project_has_no_findings(world: World, shop: Path) -> None:
    """Nothing of a group that only the project uses."""
    assert findings(world, shop) == []


def test_an_unmanaged_endpoint_in_our_group_costs(world: World, shop: Path) -> None:
    """It is told, and that it is billed since its creation."""
    live = campaign_by_hand(world, shop)

    found = checked(world, shop)

    assert [(str(item.address), item.finding) for item in found] == [
        ("Campaign/by-hand", Finding.ORPHAN_COST),
        ("Campaign/by-hand", Finding.UNMANAGED),
    ]
    assert [item.severity for item in found] == [Severity.WARNING, Severity.INFO]
    assert {item.bills_since for item in found} == {live.created}
    assert reason_of(found[1]) == "in dataset group shop, and neither declared nor owned by a project"
    assert reason_of(found[0]).endswith("; bills by the hour while it exists")


def test_objects_of_other_groups_and_projects_are_not_told(world: World, shop: Path) -> None:
    """Another group is not ours, and a filter of another project in our group is theirs."""
    other = create(world, "DatasetGroup", "other").arn
    create(world, "EventTracker", "web", datasetGroup=other)
    theirs = {PROJECT: "other/prod", ADDRESS: "Filter/theirs", NAME: "theirs"}
    group = next(live for live in world.snapshot(shop).of_kind("DatasetGroup") if live.name == "shop")
    expression = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'
    create(world, "Filter", "theirs", theirs, datasetGroup=group.arn, filterExpression=expression)

    assert findings(world, shop) == []


def test_an_undeclared_endpoint_costs_and_an_undeclared_filter_does_not(world: World, shop: Path) -> None:
    """Both are ours and in no manifest; only the campaign is billed."""
    without(shop, "Campaign")
    without(shop, "Filter")

    assert findings(world, shop) == [
        ("Campaign/home", "orphan-cost"),
        ("Campaign/home", "undeclared"),
        ("Filter/bought", "undeclared"),
    ]


def test_a_replaced_endpoint_costs_once_its_time_is_over(world: World, shop: Path) -> None:
    """While `retireAfter` keeps it for its clients, it is wanted."""
    campaign = "kind: Campaign\nname: home\n"
    edit(shop / "shop.yaml", campaign, f"{campaign}lifecycle: {{replace: successor, retireAfter: 7d}}\n")
    session = world.session(shop)
    world.carry_out(session.plan(Choices(replace=frozenset({Address("Campaign", "home")}))))
    assert len(world.snapshot(shop).of_kind("Campaign")) == 2
    assert findings(world, shop) == []
    world.clock.sleep(8 * DAY)

    assert findings(world, shop) == [("Campaign/home", "orphan-cost")]


def test_an_automatic_training_that_no_manifest_asks_for(world: World, tmp_path: Path) -> None:
    """Somebody switched it on: the change is told, and what it has trained since."""
    manifests = following(tmp_path)
    edit(manifests / "shop.yaml", "performAutoTraining: true", "performAutoTraining: false")
    edit(manifests / "shop.yaml", "{solution: home, version: $LATEST}", "home")
    world.put_data(tmp_path / "data", "shop")
    world.apply(manifests)
    world.cloud.update(world.only(manifests, "Solution"), {"performAutoTraining": True})
    put_events(world)
    world.clock.sleep(8 * DAY)
    assert True in world.trained_by_service(manifests)

    found = checked(world, manifests)

    assert [(str(item.address), item.finding) for item in found] == [
        ("Solution/home", Finding.AUTO_TRAINING),
        ("Solution/home", Finding.CHANGED),
    ]
    assert "trained automatically" in reason_of(found[0])
    edit(manifests / "shop.yaml", "performAutoTraining: false", "performAutoTraining: true")
    assert "auto-training" not in {word for _, word in findings(world, manifests)}


def test_a_declared_automatic_training_is_not_told(world: World, tmp_path: Path) -> None:
    """The manifest asks for it, and the campaign follows."""
    manifests = following(tmp_path)
    world.put_data(tmp_path / "data", "shop")
    world.apply(manifests)
    put_events(world)
    world.clock.sleep(8 * DAY)

    assert world.trained_by_service(manifests) == [False, True]
    assert findings(world, manifests) == []


def test_a_failed_repetition(world: World, shop: Path) -> None:
    """The training that `run.every` asks for failed; the older success is stale."""
    edit(
        shop / "shop.yaml",
        "spec: {solution: home}\nrun: {when: [config, data]}",
        "spec: {solution: home}\nrun: {every: 7d}",
    )
    world.clock.sleep(8 * DAY)
    world.apply(shop)
    world.clock.sleep(8 * DAY)
    assert findings(world, shop) == [("SolutionVersion/home", "stale-model")]
    world.emulator.faults.fail("CreateSolutionVersion", "too few events")
    world.carry_out(world.plan(shop))

    assert findings(world, shop) == [("SolutionVersion/home", "failed"), ("SolutionVersion/home", "stale-model")]


@pytest.mark.parametrize("lag", [0, 600])
def test_an_object_that_the_index_does_not_show_yet_is_read_again(world: World, tmp_path: Path, lag: float) -> None:
    """An object of another project looks unmanaged as long as the index of tags lags; its own tags tell."""
    manifests = apply_shop(world, tmp_path)
    live = campaign_by_hand(world, manifests)
    if lag:
        world.emulator.faults.lag("GetResources", seconds=lag, times=9)
    world.tag_by_hand(live.arn, {PROJECT: "other/prod", ADDRESS: "Campaign/by-hand", NAME: "by-hand"})

    plan, snapshot = world.session(manifests).read(use_cache=False)
    found = list(unmanaged(plan, snapshot))

    assert {item.arn for item in found} == {each.arn for each in in_question(plan, snapshot)}
    assert world.session(manifests).check(use_cache=False)[1] == ()
