"""The findings of a plan: each class is found, and its neighbour is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.engine.drift import drift
from personalize_gitops.model.drift import Finding
from personalize_gitops.model.live import Live
from personalize_gitops.model.tags import ADDRESS, ANNOUNCED, NAME, PROJECT
from tests.support.edits import edit
from tests.support.texts import reason_of
from tests.support.world import World

DAY = 86400.0


def findings(world: World, shop: Path) -> dict[str, Finding]:
    return {str(item.address): item.finding for item in drift(world.plan(shop))}


def test_there_is_none_after_an_apply(world: World, shop: Path) -> None:
    """What apply has made is as declared."""
    assert findings(world, shop) == {}


def test_a_change_in_the_account_is_told_from_one_in_the_manifest(world: World, shop: Path) -> None:
    """Only what the account has become since the last apply counts as changed there."""
    (campaign,) = world.snapshot(shop).of_kind("Campaign")
    world.cloud.update(campaign, {"minProvisionedTPS": 9})
    world.clock.sleep(3600)
    edit(shop / "shop.yaml", 'IN ("like")', 'IN ("watch")')

    found = findings(world, shop)

    assert found == {"Campaign/home": Finding.CHANGED, "Filter/bought": Finding.UNAPPLIED}


def test_declared_stands_before_found(world: World, shop: Path) -> None:
    """Drift reads from the manifest to the account, the other way round than a plan."""
    (campaign,) = world.snapshot(shop).of_kind("Campaign")
    world.cloud.update(campaign, {"minProvisionedTPS": 9})
    world.clock.sleep(3600)

    (item,) = drift(world.plan(shop))

    assert [(str(field), field.before, field.after) for field in item.fields] == [("minProvisionedTPS", 1, 9)]


def test_what_was_deleted_behind_our_back_is_missing(world: World, shop: Path) -> None:
    """A declared filter that somebody deleted is missing from the account."""
    (filter_,) = world.snapshot(shop).of_kind("Filter")
    world.cloud.delete(filter_)
    world.clock.sleep(3600)

    assert findings(world, shop) == {"Filter/bought": Finding.MISSING}


def test_what_is_ours_and_undeclared_is_drift(world: World, shop: Path) -> None:
    """What left the manifests and stayed in the account is told."""
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").write_text(text[: text.index("---\nkind: Filter")])

    assert findings(world, shop) == {"Filter/bought": Finding.UNDECLARED}


def test_a_failed_update(world: World, shop: Path) -> None:
    """The reason the service gives for a failed update is part of the drift."""
    edit(shop / "shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    world.emulator.faults.fail("UpdateCampaign", "no capacity")
    world.carry_out(world.plan(shop))

    (item,) = drift(world.plan(shop))

    assert (item.finding, reason_of(item)) == (Finding.FAILED_UPDATE, "no capacity")


def test_work_in_progress_is_pending(world: World, shop: Path) -> None:
    """An update in progress is told, and nobody has changed anything."""
    edit(shop / "shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    world.carry_out(world.plan(shop), wait=False)

    assert findings(world, shop) == {"Campaign/home": Finding.PENDING}


def test_what_follows_from_an_edit_is_not_told(world: World, shop: Path) -> None:
    """Only the edited solution is told, not the training and the campaign that its successor moves."""
    edit(shop / "shop.yaml", "popularity_discount_factor: 0.3", "popularity_discount_factor: 0.6")

    assert findings(world, shop) == {"Solution/home": Finding.UNAPPLIED}


def test_a_change_in_the_account_beside_a_move_is_told(world: World, shop: Path) -> None:
    """A campaign that an edited solution will move was scaled by hand: only that is told of it."""
    world.cloud.update(world.only(shop, "Campaign"), {"minProvisionedTPS": 9})
    world.clock.sleep(3600)
    edit(shop / "shop.yaml", "popularity_discount_factor: 0.3", "popularity_discount_factor: 0.6")

    found = {str(item.address): (item.finding, [*map(str, item.fields)]) for item in drift(world.plan(shop))}

    assert found["Campaign/home"] == (Finding.CHANGED, ["minProvisionedTPS"])
    assert found["Solution/home"][0] is Finding.UNAPPLIED


def add(manifests: Path, document: str) -> None:
    """Declare one resource more."""
    with (manifests / "shop.yaml").open("a") as file:
        file.write(f"---\n{document}\n")


def create(world: World, kind: str, name: str, owner: str = "", **members: Any) -> Live:
    """Create an object as a colleague or another project does."""
    tags = {PROJECT: owner, ADDRESS: f"{kind}/{name}", NAME: name} if owner else {}
    arn = world.cloud.create(world.kinds[kind], name, members, tags)
    world.clock.sleep(4 * 3600)
    found = world.cloud.describe(world.kinds[kind], arn)
    assert found
    return found


BY_EVENTS = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'
FILTER = f"kind: Filter\nname: seen\nspec:\n  datasetGroup: shop\n  filterExpression: {BY_EVENTS}"


@pytest.mark.parametrize(("owner", "finding"), [("", Finding.UNMANAGED), ("other/prod", Finding.FOREIGN)])
@pytest.mark.parametrize("adopt", ["", "\nlifecycle: {adopt: true}"])
def test_an_object_of_another_owner_with_a_declared_name(
    world: World, shop: Path, owner: str, finding: Finding, adopt: str
) -> None:
    """Without our tags it is unmanaged, with those of another project foreign, also if it shall be adopted."""
    group = world.only(shop, "DatasetGroup").arn
    create(world, "Filter", "seen", owner, datasetGroup=group, filterExpression=BY_EVENTS)
    assert findings(world, shop) == {}
    add(shop, f"{FILTER}{adopt}")

    assert findings(world, shop) == {"Filter/seen": finding}


def test_the_only_place_of_a_group_is_taken(world: World, shop: Path) -> None:
    """An event tracker of another name keeps the declared one from being created."""
    create(world, "EventTracker", "by-hand", datasetGroup=world.only(shop, "DatasetGroup").arn)
    add(shop, "kind: EventTracker\nname: web\nspec: {datasetGroup: shop}")

    assert findings(world, shop) == {"EventTracker/web": Finding.UNMANAGED}


def test_a_failed_creation(world: World, shop: Path) -> None:
    """An object that was never usable has failed; the reason is the service's own."""
    add(shop, FILTER)
    world.emulator.faults.fail("Filter/seen", "no luck")
    world.carry_out(world.plan(shop))

    (item,) = drift(world.plan(shop))

    assert (item.finding, reason_of(item)) == (Finding.FAILED, "no luck")


def test_a_failed_run(world: World, shop: Path) -> None:
    """A training whose attempt failed is told with the reason of the service."""
    add(shop, "kind: SolutionVersion\nname: again\nspec: {solution: home}")
    world.emulator.faults.fail("CreateSolutionVersion", "too few events")
    world.carry_out(world.plan(shop))

    (item,) = drift(world.plan(shop))

    assert (item.finding, "too few events" in reason_of(item)) == (Finding.FAILED, True)


VERSION_EVERY_WEEK = "spec: {solution: home}\nrun: {every: 7d}"


def test_a_stale_model(world: World, shop: Path) -> None:
    """A training older than `run.every` is stale, and a younger one is not."""
    edit(shop / "shop.yaml", "spec: {solution: home}\nrun: {when: [config, data]}", VERSION_EVERY_WEEK)

    world.clock.sleep(6 * DAY)
    assert findings(world, shop) == {}
    world.clock.sleep(2 * DAY)
    assert findings(world, shop) == {"SolutionVersion/home": Finding.STALE_MODEL}


def test_stale_data(world: World, shop: Path) -> None:
    """An import older than `run.every` is stale; the training that would follow it is not drift."""
    roles = "  roleArn: arn:aws:iam::123456789012:role/data\nrun: {when: [config, data]}"
    edit(shop / "shop.yaml", roles, roles.replace("}", ", every: 1d}"))

    assert findings(world, shop) == {}
    world.clock.sleep(2 * DAY)
    assert findings(world, shop) == {"DatasetImportJob/events": Finding.STALE_DATA}


def test_new_data_is_not_drift(world: World, shop: Path) -> None:
    """The import and the training are due; nobody has changed anything in the account."""
    with (shop.parent / "data" / "interactions.csv").open("a") as file:
        file.write("p1,m1,watch,3,1800000000\n")
    world.put_data(shop.parent / "data", "shop")

    assert findings(world, shop) == {}


def test_an_edited_schema_is_not_applied(world: World, shop: Path) -> None:
    """A schema has no tags and never changes, so only its manifest can have changed."""
    edit(
        shop / "shop.yaml",
        "{name: TIMESTAMP, type: long}",
        '{name: TIMESTAMP, type: long}\n      - {name: A, type: ["null", string]}',
    )

    assert set(findings(world, shop).values()) == {Finding.UNAPPLIED}


def test_a_training_that_never_ran_is_not_applied(world: World, shop: Path) -> None:
    """A new run document is an edit."""
    add(shop, "kind: SolutionVersion\nname: again\nspec: {solution: home}")

    assert findings(world, shop) == {"SolutionVersion/again": Finding.UNAPPLIED}


def test_a_replaced_object_that_stays_is_not_drift(world: World, shop: Path) -> None:
    """An apply has made the successor and keeps the old one for its clients."""
    edit(
        shop / "shop.yaml", "kind: Solution\nname: home\n", "kind: Solution\nname: home\nlifecycle: {retireAfter: 7d}\n"
    )
    edit(shop / "shop.yaml", "discount_factor: 0.3", "discount_factor: 0.5")
    world.apply(shop)

    assert findings(world, shop) == {}


def test_since_when_it_is_billed(world: World, shop: Path) -> None:
    """A campaign bills from its creation, a filter does not bill."""
    before = world.only(shop, "Campaign").created
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").write_text(text[: text.index("---\nkind: Campaign")])

    found = {str(item.address): item.bills_since for item in drift(world.plan(shop))}

    assert found == {"Campaign/home": before, "Filter/bought": None}


def test_what_an_interrupted_apply_left_is_not_a_change_in_the_account(world: World, shop: Path) -> None:
    """An announcement of a training that is decided: the next apply removes it."""
    world.tag_by_hand(world.only(shop, "Solution").arn, {ANNOUNCED: ""})

    (item,) = drift(world.plan(shop))

    assert (str(item.address), item.finding) == ("Solution/home", Finding.UNAPPLIED)
    assert reason_of(item) == "an interrupted apply left the announcement of a training"
