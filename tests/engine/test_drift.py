"""The same difference, told from the account's side."""

from __future__ import annotations

from pathlib import Path

from personalize_gitops.engine.drift import drift
from personalize_gitops.model.drift import Finding
from tests.support.edits import edit
from tests.support.texts import reason_of
from tests.support.world import World


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


def test_a_failed_update_is_unhealthy(world: World, shop: Path) -> None:
    """The reason the service gives for a failed update is part of the drift."""
    edit(shop / "shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    world.emulator.faults.fail("UpdateCampaign", "no capacity")
    world.carry_out(world.plan(shop))

    (item,) = drift(world.plan(shop))

    assert (item.finding, reason_of(item)) == (Finding.UNHEALTHY, "no capacity")


def test_work_in_flight_is_not_drift(world: World, shop: Path) -> None:
    """An update that is running is nobody's drift."""
    edit(shop / "shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    world.carry_out(world.plan(shop), wait=False)

    assert findings(world, shop) == {}


def test_what_follows_from_an_edit_is_not_drift_of_the_account(world: World, shop: Path) -> None:
    """A campaign that an edited solution will move has not been changed by anybody."""
    edit(shop / "shop.yaml", "popularity_discount_factor: 0.3", "popularity_discount_factor: 0.6")

    assert findings(world, shop) == {"Solution/home": Finding.UNAPPLIED, "Campaign/home": Finding.UNAPPLIED}
