"""The record of a dataset group: what is as declared at the end of an apply."""

from __future__ import annotations

from pathlib import Path

from personalize_gitops.engine.apply.record import record
from personalize_gitops.manifest import load
from personalize_gitops.model.ownership import is_in_record
from personalize_gitops.model.tags import MEMBERS
from tests.support.edits import edit
from tests.support.shop import apply_shop
from tests.support.world import World


def recorded(world: World, manifests: Path) -> set[str]:
    """The addresses whose documents are in the record of the shop."""
    value = world.only(manifests, "DatasetGroup").tags.get(MEMBERS, "")
    return {str(address) for address, one in load(manifests).desired.documents.items() if is_in_record(one, value)}


def test_what_an_apply_made_is_recorded(world: World, tmp_path: Path) -> None:
    """The resources of the group that have no record of their own when they are gone; runs are not among them."""
    manifests = apply_shop(world, tmp_path)
    edit(manifests / "shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    plan, desired = world.plan(manifests), load(manifests).desired

    record(plan, desired, [], world.cloud)
    before = recorded(world, manifests)
    record(plan, desired, world.carry_out(plan), world.cloud)

    assert before == {"Dataset/events", "Filter/bought", "Solution/home"}
    assert recorded(world, manifests) == {"Campaign/home", "Dataset/events", "Filter/bought", "Solution/home"}


def test_a_lost_record_is_no_failure(world: World, tmp_path: Path) -> None:
    """A role that may not set the tag keeps the earlier record, and the apply is as good."""
    manifests = apply_shop(world, tmp_path)
    (manifests / "more.yaml").write_text("kind: DatasetGroup\nname: more\nspec: {}\n")
    plan = world.plan(manifests)
    events = world.carry_out(plan)
    world.emulator.faults.deny("TagResource", times=9)

    record(plan, load(manifests).desired, events, world.cloud)

    (shop, _) = world.snapshot(manifests).of_kind("DatasetGroup")
    assert MEMBERS not in shop.tags
