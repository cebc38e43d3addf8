"""`renamedFrom` moves objects to another logical name or project: their tags change and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.engine.drift import drift
from personalize_gitops.engine.observe.confirm import confirm
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest import load
from personalize_gitops.model.action import Action
from personalize_gitops.model.drift import Finding
from personalize_gitops.model.live import Live
from personalize_gitops.model.tags import ADDRESS, NAME, PROJECT, TAGS
from tests.support.edits import edit
from tests.support.every import NEEDS, apply_every, file_of
from tests.support.shop import apply_shop
from tests.support.texts import reason_of
from tests.support.world import World, actions, blocked, change_of

RENAMED = sorted(address for address in NEEDS if KINDS[address.split("/")[0]].taggable)


def renamed(manifests: Path, address: str, new: str, *, told: bool = True) -> None:
    """Rename a document and the references to it in every file of a project of `every`."""
    kind, old = address.split("/")
    member = kind[0].lower() + kind[1:]
    for path in manifests.glob("*.yaml"):
        path.write_text(re.sub(rf"\b{member}: {old}\b", f"{member}: {new}", path.read_text()))
    edit(
        file_of(manifests, address),
        f"name: {old}\n",
        f"name: {new}\n{f'renamedFrom: {address}{chr(10)}' if told else ''}",
    )


def told_no_more(manifests: Path) -> None:
    """Remove every `renamedFrom`."""
    for path in manifests.glob("*.yaml"):
        path.write_text(re.sub(r"renamedFrom: .*\n", "", path.read_text()))


def account(world: World, manifests: Path) -> set[tuple[str, float, float]]:
    """The objects, and when each of them was created and updated last; a change of tags updates nothing."""
    return {(live.arn, live.created, live.updated) for live in world.snapshot(manifests).objects}


@pytest.mark.parametrize("address", RENAMED)
@pytest.mark.parametrize("indexed", [True, False])
def test_an_object_moves_to_another_name(world: World, tmp_path: Path, address: str, indexed: bool) -> None:
    """Only tags change; the plan stays empty when `renamedFrom` is gone, with and without the index of tags."""
    manifests = apply_every(world, tmp_path, address)
    kind = address.split("/")[0]
    before = account(world, manifests)
    if not indexed:
        world.emulator.faults.deny("GetResources", times=1000)
    renamed(manifests, address, "another")

    plan = world.plan(manifests)
    assert actions(plan) == {f"{kind}/another": Action.UPDATE}
    change = change_of(plan, f"{kind}/another")
    assert [field.path for field in change.fields] == [(TAGS, ADDRESS)]
    assert reason_of(change) == f"renamed from {address} of every/local; only its tags change"
    world.carry_out(plan)

    assert account(world, manifests) == before
    assert actions(world.plan(manifests)) == {}
    told_no_more(manifests)
    assert actions(world.plan(manifests)) == {}
    assert change_of(world.plan(manifests), f"{kind}/another").aws_name.startswith(address.split("/")[1])


def test_a_project_moves_to_another_name(world: World, tmp_path: Path) -> None:
    """Every declared object that can have tags gets the new owner; nothing runs again."""
    manifests = apply_shop(world, tmp_path)
    before = account(world, manifests)
    edit(manifests / "shop.yaml", "kind: Project\nname: shop\n", "kind: Project\nname: store\nrenamedFrom: shop\n")

    plan = world.plan(manifests)
    assert set(actions(plan).values()) == {Action.UPDATE}
    assert all(field.path == (TAGS, PROJECT) for change in plan.pending for field in change.fields)
    assert {found.finding for found in drift(plan)} == {Finding.UNAPPLIED}
    list(islice(apply(to_steps(plan), world.cloud, world.clock, world.pool), 3))
    assert set(actions(world.plan(manifests)).values()) == {Action.UPDATE}
    world.apply(manifests)

    assert account(world, manifests) == before
    edit(manifests / "shop.yaml", "renamedFrom: shop\n", "")
    assert actions(world.plan(manifests)) == {}
    assert set(actions(world.destroy_plan(manifests)).values()) == {Action.DELETE}


def test_a_renamed_object_keeps_its_series_of_names(world: World, tmp_path: Path) -> None:
    """Its successor is named after it, so that both are known as ours; the training of the new name follows."""
    manifests = apply_every(world, tmp_path, "SolutionVersion/home")
    renamed(manifests, "Solution/home", "front")
    world.apply(manifests)
    told_no_more(manifests)
    edit(file_of(manifests, "Solution/home"), "hidden_dimension: 100", "hidden_dimension: 120")

    assert change_of(world.plan(manifests), "Solution/front").action is Action.SUCCESSOR
    world.apply(manifests)

    solution = world.only(manifests, "Solution")
    assert (solution.name, solution.tags[NAME], solution.tags[ADDRESS]) == ("home-2", "home-2", "Solution/front")
    assert actions(world.plan(manifests)) == {}


def test_a_replaced_object_moves_too(world: World, tmp_path: Path) -> None:
    """An object that `retireAfter` keeps gets the new name with its successor, and goes when its time is over."""
    manifests = apply_every(world, tmp_path, "SolutionVersion/home")
    file = file_of(manifests, "Solution/home")
    edit(file, "spec:", "lifecycle: {retireAfter: 7d}\nspec:")
    edit(file, "hidden_dimension: 100", "hidden_dimension: 120")
    world.apply(manifests)
    renamed(manifests, "Solution/home", "front")

    world.apply(manifests)

    assert {live.tags[ADDRESS] for live in world.snapshot(manifests).of_kind("Solution")} == {"Solution/front"}
    assert actions(world.plan(manifests)) == {}
    told_no_more(manifests)
    world.clock.sleep(8 * 86400)
    assert actions(world.plan(manifests)) == {"Solution/front": Action.DELETE}


def test_objects_of_both_names_are_an_error(world: World, tmp_path: Path) -> None:
    """Nothing says which of them is meant; nothing is changed."""
    manifests = apply_every(world, tmp_path, "Filter/fresh")
    renamed(manifests, "Filter/fresh", "another", told=False)
    world.apply(manifests)
    edit(file_of(manifests, "Filter/fresh"), "name: another\n", "name: another\nrenamedFrom: Filter/fresh\n")

    assert blocked(world.plan(manifests)) == {
        "Filter/another": (
            "another has this address and fresh the earlier one; delete one of them, or remove `renamedFrom`"
        )
    }


def test_undeclared_objects_of_the_earlier_project_stay(world: World, tmp_path: Path) -> None:
    """A project that is named by mistake loses nothing: what is not declared here is not ours, even with prune."""
    manifests = apply_shop(world, tmp_path)
    path = manifests / "shop.yaml"
    text = path.read_text().replace("kind: Project\nname: shop\n", "kind: Project\nname: store\nrenamedFrom: shop\n")
    parts = [part for part in text.split("---\n") if "kind: Filter" not in part]
    path.write_text("---\n".join(parts).replace("local: {", "local: {prune: true, "))

    world.apply(manifests)

    assert world.only(manifests, "Filter").tags[PROJECT] == "shop/local"
    assert actions(world.plan(manifests)) == {}


def earlier(live: Live) -> Live:
    """The object as a lagging index shows it."""
    return replace(live, tags={**live.tags, ADDRESS: live.tags.get(ADDRESS, "").replace("/front", "/home")})


def test_a_lagging_index_does_not_hide_a_renamed_object(world: World, tmp_path: Path) -> None:
    """The index still has the earlier address: the object is read before another one is created."""
    manifests = apply_every(world, tmp_path, "SolutionVersion/home")
    renamed(manifests, "Solution/home", "front")
    renamed(manifests, "SolutionVersion/home", "front")
    world.apply(manifests)
    told_no_more(manifests)
    desired, snapshot = load(manifests).desired, world.snapshot(manifests)
    stale = replace(snapshot, objects=tuple(map(earlier, snapshot.objects)))
    assert set(actions(make_plan(PlanContext(desired, stale))).values()) == {Action.CREATE, Action.RUN}

    plan, _ = confirm(lambda seen: make_plan(PlanContext(desired, seen)), stale, world.cloud, world.pool)

    assert actions(plan) == {}
