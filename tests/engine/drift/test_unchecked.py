"""What cannot be read is told with its cause, hides no other drift, and is never taken for missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.errors import CloudError
from personalize_gitops.model.drift import Drift, Finding
from tests.support.edits import edit
from tests.support.texts import reason_of
from tests.support.world import World


def checked(world: World, manifests: Path) -> dict[str, Drift]:
    _, found = world.session(manifests).check(use_cache=False)
    return {str(item.address): item for item in found}


def test_a_kind_that_cannot_be_listed(world: World, shop: Path) -> None:
    """Its resources are unchecked, not missing; the others are checked."""
    world.cloud.update(world.only(shop, "Campaign"), {"minProvisionedTPS": 9})
    world.clock.sleep(3600)
    world.emulator.faults.deny("ListFilters", times=99)

    found = checked(world, shop)

    assert {address: item.finding for address, item in found.items()} == {
        "Campaign/home": Finding.CHANGED,
        "Filter/bought": Finding.UNCHECKED,
    }
    assert reason_of(found["Filter/bought"]).startswith("not read: ListFilters: ")
    assert found["Filter/bought"].source is not None


def test_what_refers_to_it_is_unchecked_too(world: World, shop: Path) -> None:
    """A campaign cannot be compared without the version that it should serve."""
    world.emulator.faults.deny("ListSolutions", times=99)

    found = checked(world, shop)

    assert {address: reason_of(item).partition(":")[0] for address, item in found.items()} == {
        "Campaign/home": "it needs SolutionVersion/home, which could not be checked",
        "Solution/home": "not read",
        "SolutionVersion/home": "it needs Solution/home, which could not be checked",
    }


def test_a_single_object_that_cannot_be_described(world: World, shop: Path) -> None:
    """Only that one is unchecked, also if it is in no manifest."""
    world.emulator.faults.deny("DescribeCampaign", times=99)
    assert {address: item.finding for address, item in checked(world, shop).items()} == {
        "Campaign/home": Finding.UNCHECKED
    }
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").write_text(text[: text.index("---\nkind: Campaign")])

    found = checked(world, shop)

    assert found["Campaign/home"].finding is Finding.UNCHECKED
    assert found["Filter/bought"].finding is Finding.UNDECLARED


def test_data_that_cannot_be_read(world: World, shop: Path) -> None:
    """An import that runs again with new data is unchecked without them, and the training on its rows."""
    edit(shop / "shop.yaml", "s3://shop/interactions.csv", "s3://not-there/interactions.csv")

    found = checked(world, shop)

    assert {item.finding for item in found.values()} == {Finding.UNCHECKED}
    assert found.keys() == {"DatasetImportJob/events", "SolutionVersion/home", "Campaign/home"}
    assert "not-there" in reason_of(found["DatasetImportJob/events"])


def test_nothing_that_can_be_read_is_an_error(world: World, shop: Path) -> None:
    """As it is for a plan: an account that cannot be reached is not an account without drift."""
    world.emulator.faults.deny(times=999)

    with pytest.raises(CloudError):
        checked(world, shop)


def test_a_plan_is_never_partial(world: World, shop: Path) -> None:
    """Only a check tolerates what it cannot read."""
    world.emulator.faults.deny("ListFilters", times=99)

    with pytest.raises(CloudError):
        world.plan(shop)
