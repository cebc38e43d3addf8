"""Every edit in the account that a plan file relies on makes it stale, for every kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.address import Address
from personalize_gitops.model.live import Live
from personalize_gitops.model.members import mutable_members
from personalize_gitops.model.plan import Choices
from personalize_gitops.model.tags import ADDRESS, PROJECT
from tests.support.edits import edit
from tests.support.every import NEEDS, ROLE, apply_every, stock_every
from tests.support.shop import apply_shop
from tests.support.world import World, actions

MEMBERS: Mapping[str, Mapping[str, Any]] = {
    "Solution": {"performAutoTraining": True},
    "Campaign": {"minProvisionedTPS": 3},
    "Recommender": {"recommenderConfig": {"minRecommendationRequestsPerSecond": 3}},
    "MetricAttribution": {"metricsOutputConfig": {"roleArn": f"{ROLE}-theirs"}},
}
"""A declared member of each kind that has an update, and a value that a colleague sets."""

TAGGED = sorted(address for address in NEEDS if KINDS[address.split("/")[0]].taggable)
REPLACED = sorted(address for address in NEEDS if not KINDS[address.split("/")[0]].is_run and address != "Schema/items")
EDITED = [address for address in NEEDS if address.split("/")[0] in MEMBERS]


def test_there_is_an_edit_of_every_kind_that_can_be_updated() -> None:
    """A dataset is the exception: its update takes another schema, which the manifests name."""
    updatable = {name for name, kind in KINDS.items() if mutable_members(kind)}

    assert updatable - {"Dataset"} == MEMBERS.keys()


def tagging(world: World, folder: Path, address: str) -> Path:
    """Apply resources, then declare a tag on all of them: a plan that updates each in place."""
    manifests = apply_every(world, folder, address)
    edit(manifests / "project.yaml", "spec:\n", "spec:\n  tags: {team: ours}\n")
    world.clock.sleep(60)
    return manifests


def found(world: World, manifests: Path, address: str) -> Live:
    """The object of an address."""
    lives = world.snapshot(manifests).of_kind(address.split("/")[0])
    (live,) = [one for one in lives if one.tags.get(ADDRESS, one.name) in (address, address.split("/")[1])]
    return live


def state(world: World, manifests: Path) -> set[tuple[str, float, str]]:
    """The objects of the account, with their members and tags."""
    objects = world.snapshot(manifests).objects
    return {(live.arn, live.created, repr((live.attributes, sorted(live.tags.items())))) for live in objects}


def refuses(world: World, manifests: Path, saved: Mapping[str, Any], choices: Choices | None = None) -> bool:
    """Return whether a plan file does not hold any more. Looking at it changes nothing."""
    before = state(world, manifests)
    _, different = world.resume(manifests, saved, choices)
    assert state(world, manifests) == before
    return bool(different)


@pytest.mark.parametrize("address", TAGGED)
def test_a_tag(world: World, tmp_path: Path, address: str) -> None:
    """The tag that the plan sets, with another value by now."""
    manifests = tagging(world, tmp_path, address)
    saved = world.saved(manifests)
    assert not refuses(world, manifests, saved)

    world.tag_by_hand(found(world, manifests, address).arn, {"team": "theirs"})

    assert refuses(world, manifests, saved)


@pytest.mark.parametrize("address", EDITED)
def test_a_member(world: World, tmp_path: Path, address: str) -> None:
    """A declared member with another value, of a resource that the plan tags or leaves as it is."""
    manifests = tagging(world, tmp_path, address)
    saved = world.saved(manifests)

    world.cloud.update(found(world, manifests, address), MEMBERS[address.split("/")[0]])

    assert refuses(world, manifests, saved)
    world.clock.sleep(3600)
    assert refuses(world, manifests, saved)


def recreated(world: World, live: Live) -> None:
    """Delete an object and create it again with the same members and tags."""
    world.cloud.delete(live)
    while world.cloud.describe(live.kind, live.arn):
        world.clock.sleep(60)
    sent = {member: value for member, value in live.attributes.items() if member != "state"}
    arn = world.cloud.create(live.kind, live.name, sent, live.tags)
    assert arn == live.arn or live.kind.kind_name() == "EventTracker"  # its ARN has an id instead of the name
    world.clock.sleep(4 * 3600)


@pytest.mark.parametrize("address", REPLACED)
def test_another_object_with_equal_members(world: World, tmp_path: Path, address: str) -> None:
    """The same ARN, members and tags, created later: of a plan that tags it, and of one that deletes it."""
    manifests = tagging(world, tmp_path, address)
    destroy = Choices(destroy=True)
    saved, destroying = world.saved(manifests), world.saved(manifests, destroy)

    recreated(world, found(world, manifests, address))

    kind = KINDS[address.split("/")[0]]
    assert refuses(world, manifests, destroying, destroy)
    assert refuses(world, manifests, saved) or not kind.taggable  # the plan does not touch what has no tags


def test_another_schema_with_equal_members(world: World, tmp_path: Path) -> None:
    """A dataset is to be created with a schema; another one has its name by now."""
    manifests = stock_every(world, tmp_path, "Dataset/items")
    only = Choices(only=frozenset({Address("Schema", "items"), Address("DatasetGroup", "shop")}))
    world.carry_out(world.session(manifests).plan(only))
    world.clock.sleep(60)
    saved = world.saved(manifests)
    assert set(actions(world.plan(manifests))) == {"Dataset/items"}

    recreated(world, found(world, manifests, "Schema/items"))

    assert refuses(world, manifests, saved)


def children(world: World, manifests: Path) -> Iterator[None]:
    """Create what would be deleted along, or prevent a deletion: one object a time."""
    lives = {kind: world.snapshot(manifests).of_kind(kind) for kind in ("DatasetGroup", "Dataset", "Solution")}
    group, dataset, solution = (lives[kind][0].arn for kind in lives)
    version = found(world, manifests, "SolutionVersion/home").arn
    source = {"dataSource": {"dataLocation": "s3://every/interactions.csv"}, "roleArn": ROLE}
    for kind, members in (
        (
            "Filter",
            {"datasetGroup": group, "filterExpression": 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("x")'},
        ),
        ("DatasetImportJob", {"dataset": dataset, **source}),
        ("SolutionVersion", {"solution": solution}),
        ("Campaign", {"solutionVersion": version, "minProvisionedTPS": 1}),
    ):
        world.cloud.create(KINDS[kind], "theirs", members, {})
        yield


def test_what_a_deletion_takes_along(world: World, tmp_path: Path) -> None:
    """A filter in the group, an import of the dataset, a version of the solution, a campaign of a colleague."""
    manifests = apply_every(world, tmp_path, "SolutionVersion/home")
    destroy = Choices(destroy=True)
    world.clock.sleep(60)
    creating = children(world, manifests)
    for _ in range(4):
        saved = world.saved(manifests, destroy)
        assert not refuses(world, manifests, saved, destroy)
        world.clock.sleep(60)

        next(creating)

        assert refuses(world, manifests, saved, destroy)


@pytest.mark.parametrize("address", sorted(set(TAGGED) & set(REPLACED)))
def test_an_object_that_others_took_over(world: World, tmp_path: Path, address: str) -> None:
    """An object that the plan deletes and whose tags do not name us any more is not gone: it is not done."""
    manifests = apply_every(world, tmp_path, address)
    only = Choices(destroy=True, only=frozenset({Address.parse(address)}))
    world.clock.sleep(60)
    saved = [world.saved(manifests, each) for each in (Choices(destroy=True), only)]
    live = found(world, manifests, address)

    world.untag_by_hand(live.arn, [PROJECT])

    assert refuses(world, manifests, saved[0], Choices(destroy=True))
    assert refuses(world, manifests, saved[1], only)


def test_time_alone_makes_no_plan_stale(world: World, tmp_path: Path) -> None:
    """`every` and `retireAfter` are judged at the time of the file: a month later it holds; a new plan does more."""
    manifests = apply_shop(world, tmp_path)
    path = manifests / "shop.yaml"
    edit(path, "kind: Solution\n", "kind: Solution\nlifecycle: {retireAfter: 7d}\n")
    edit(path, "spec: {solution: home}\nrun: {when: [config, data]}", "spec: {solution: home}\nrun: {every: 7d}")
    edit(path, "popularity_discount_factor: 0.3", "popularity_discount_factor: 0.6")
    world.apply(manifests)
    edit(path, "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    saved = world.saved(manifests)
    world.clock.sleep(30 * 86400)

    assert not refuses(world, manifests, saved)
    plan, _ = world.resume(manifests, saved)
    assert {str(change.address) for change in plan.pending} == {"Campaign/home"}
    assert {str(change.address) for change in world.plan(manifests).pending} > {"Campaign/home"}
