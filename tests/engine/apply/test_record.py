"""The records of an apply: what is as declared at its end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from personalize_gitops.aws.retry import ATTEMPTS
from personalize_gitops.engine.apply.record import record
from personalize_gitops.manifest import load
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.live import Live
from personalize_gitops.model.ownership import applied_digest, is_in_record
from personalize_gitops.model.tags import APPLIED, MEMBERS
from tests.support.edits import edit
from tests.support.shop import apply_shop
from tests.support.world import World


def recorded(world: World, manifests: Path) -> set[str]:
    """The addresses whose documents are in the record of the shop."""
    value = world.only(manifests, "DatasetGroup").tags.get(MEMBERS, "")
    return {str(address) for address, one in load(manifests).desired.documents.items() if is_in_record(one, value)}


def digest_of(desired: Desired, live: Live) -> str:
    """The digest of the document of an object."""
    assert live.address
    return applied_digest(desired.documents[live.address])


def test_what_an_apply_made_is_recorded(world: World, tmp_path: Path) -> None:
    """The resources of the group that have no record of their own when they are gone; runs are not among them."""
    manifests = apply_shop(world, tmp_path)
    edit(manifests / "shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    plan, desired = world.plan(manifests), load(manifests).desired

    record(plan, desired, [], world.cloud)
    before = recorded(world, manifests)
    record(plan, desired, world.carry_out(plan), world.cloud)

    assert before == {"Dataset/events", "Filter/bought", "Schema/events", "Solution/home"}
    assert recorded(world, manifests) == before | {"Campaign/home"}


def test_an_accepted_change_is_recorded(world: World, tmp_path: Path) -> None:
    """A document that came to say what the account has is what was applied; an object that is not is left."""
    manifests = apply_shop(world, tmp_path)
    world.cloud.update(world.only(manifests, "Campaign"), {"minProvisionedTPS": 2})
    world.clock.sleep(3600)
    edit(manifests / "shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    edit(manifests / "shop.yaml", "EXCLUDE ItemID", "INCLUDE ItemID")
    loaded = load(manifests).desired

    record(world.plan(manifests), loaded, [], world.cloud)

    campaign, bought = (world.only(manifests, kind) for kind in ("Campaign", "Filter"))
    assert campaign.tags[APPLIED] == digest_of(loaded, campaign)
    assert bought.tags[APPLIED] != digest_of(loaded, bought)


def test_an_object_of_somebody_else_gets_no_record(world: World, tmp_path: Path) -> None:
    """A filter that took the name of ours since the plan was made keeps its tags."""
    manifests = apply_shop(world, tmp_path)
    ours = world.only(manifests, "Filter")
    plan, desired = world.plan(manifests), load(manifests).desired
    (change,) = (each for each in plan.changes if each.live and each.live.arn == ours.arn)
    outdated = replace(change, live=replace(ours, tags={**ours.tags, APPLIED: "other"}))
    plan = replace(plan, changes=tuple(outdated if each is change else each for each in plan.changes))
    world.cloud.delete(ours)
    world.clock.sleep(3600)
    group = world.only(manifests, "DatasetGroup")
    made = world.cloud.create(ours.kind, ours.name, {**ours.attributes, "datasetGroup": group.arn}, {})
    world.clock.sleep(3600)

    record(plan, desired, [], world.cloud)

    assert made == ours.arn
    assert world.cloud.tags(made) == {}


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


def test_a_dead_endpoint_delays_the_end_of_an_apply_once(world: World, tmp_path: Path) -> None:
    """The first record that gets no answer is the last that is tried."""
    manifests, kinds = apply_shop(world, tmp_path), ("Campaign", "Filter", "Solution")
    for kind in kinds:
        world.untag_by_hand(world.only(manifests, kind).arn, [APPLIED])
    plan, desired = world.plan(manifests), load(manifests).desired
    for kind in kinds:
        world.emulator.faults.refuse(f"Describe{kind}", "InternalFailure", "out of reach", times=1000)
    begun = sum(world.cloud.calls.values())

    record(plan, desired, [], world.cloud)

    assert sum(world.cloud.calls.values()) - begun == ATTEMPTS
