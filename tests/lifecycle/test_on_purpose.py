"""On purpose: `--rerun` runs again and `--replace` replaces, although nothing differs."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.plan import Choices, Plan, Resumed
from personalize_gitops.model.reason import ReasonCode
from tests.support.edits import edit
from tests.support.every import NEEDS, apply_every, file_of
from tests.support.shop import apply_shop
from tests.support.texts import reason_of
from tests.support.world import World, actions, blocked, change_of

RUNS = [address for address in NEEDS if KINDS[address.split("/")[0]].is_run]


def choosing(world: World, manifests: Path, *, saved: Plan | None = None, **named: str) -> Plan:
    """The plan with these choices; of a saved plan that is applied if there is one."""
    chosen: dict[str, Any] = {option: frozenset({Address.parse(address)}) for option, address in named.items()}
    return world.session(manifests).plan(Choices(**chosen), resumed=Resumed(saved.time) if saved else None)


def names(world: World, manifests: Path, kind: str) -> list[str]:
    """The AWS names of the objects of a kind, oldest first."""
    return [live.name for live in world.snapshot(manifests).of_kind(kind)]


@pytest.mark.parametrize("address", RUNS)
def test_a_run_runs_again(world: World, tmp_path: Path, address: str) -> None:
    """A second run of the same inputs starts under the next name; afterwards the plan is empty."""
    manifests = apply_every(world, tmp_path, address)
    kind = address.split("/")[0]
    (before,) = [name for name in names(world, manifests, kind) if name.startswith(f"{address.split('/')[1]}-")]

    plan = choosing(world, manifests, rerun=address)

    assert actions(plan)[address] is Action.RUN
    assert ReasonCode.RERUN_REQUESTED in [reason.code for reason in change_of(plan, address).reasons]
    world.carry_out(plan)
    assert f"{before}-2" in names(world, manifests, kind)
    assert actions(world.plan(manifests)) == {}


def test_what_uses_a_run_follows_the_new_one(world: World, tmp_path: Path) -> None:
    """The campaign moves to the version that was trained again."""
    manifests = apply_shop(world, tmp_path)

    plan = choosing(world, manifests, rerun="SolutionVersion/home")

    assert actions(plan) == {"SolutionVersion/home": Action.RUN, "Campaign/home": Action.UPDATE}


@pytest.mark.parametrize("events", range(1, 8))
def test_a_run_is_not_bought_twice_by_an_interrupted_apply(world: World, tmp_path: Path, events: int) -> None:
    """The saved plan is applied again after it was interrupted anywhere: the training ran once more, not twice."""
    manifests = apply_shop(world, tmp_path)
    saved = choosing(world, manifests, rerun="SolutionVersion/home")
    list(islice(apply(to_steps(saved), world.cloud, world.clock, world.pool), events))

    again = choosing(world, manifests, saved=saved, rerun="SolutionVersion/home")
    world.carry_out(again)

    assert len(names(world, manifests, "SolutionVersion")) == 2
    assert actions(choosing(world, manifests, saved=saved, rerun="SolutionVersion/home")) == {}
    assert actions(world.plan(manifests)) == {}


def test_a_run_in_progress_is_the_one_that_was_asked_for(world: World, tmp_path: Path) -> None:
    """The same command again, without a plan file: the run that is in progress is waited for."""
    manifests = apply_shop(world, tmp_path)
    world.carry_out(choosing(world, manifests, rerun="SolutionVersion/home"), wait=False)

    again = choosing(world, manifests, rerun="SolutionVersion/home")

    assert actions(again)["SolutionVersion/home"] is Action.WAIT


def test_a_solution_is_replaced_by_a_successor(world: World, tmp_path: Path) -> None:
    """A new solution of equal members is trained, the campaign moves to it, the old one goes; then nothing differs."""
    manifests = apply_shop(world, tmp_path)

    plan = choosing(world, manifests, replace="Solution/home")

    assert actions(plan) == {
        "Solution/home": Action.SUCCESSOR,
        "SolutionVersion/home": Action.RUN,
        "Campaign/home": Action.UPDATE,
    }
    assert reason_of(change_of(plan, "Solution/home")) == "--replace"
    world.carry_out(plan)
    assert names(world, manifests, "Solution") == ["home-2"]
    assert actions(world.plan(manifests)) == {}
    assert actions(choosing(world, manifests, saved=plan, replace="Solution/home")) == {}


@pytest.mark.parametrize("events", range(1, 12))
def test_an_interrupted_replacement_is_finished_not_repeated(world: World, tmp_path: Path, events: int) -> None:
    """With the saved plan, and with the same command again while the old solution is there: one successor."""
    manifests = apply_shop(world, tmp_path)
    saved = choosing(world, manifests, replace="Solution/home")
    list(islice(apply(to_steps(saved), world.cloud, world.clock, world.pool), events))

    world.carry_out(choosing(world, manifests, saved=saved, replace="Solution/home"))

    assert names(world, manifests, "Solution") == ["home-2"]
    assert len(names(world, manifests, "SolutionVersion")) == 1
    assert actions(world.plan(manifests)) == {}


def test_the_same_command_finishes_a_replacement(world: World, tmp_path: Path) -> None:
    """Without a plan file too: an object whose predecessor is still there is the replacement itself."""
    manifests = apply_shop(world, tmp_path)
    plan = choosing(world, manifests, replace="Solution/home")
    list(islice(apply(to_steps(plan), world.cloud, world.clock, world.pool), 4))
    assert names(world, manifests, "Solution") == ["home", "home-2"]

    again = choosing(world, manifests, replace="Solution/home")

    found = {change.action for change in again.pending if str(change.address) == "Solution/home"}
    assert Action.DELETE in found
    assert Action.SUCCESSOR not in found


def test_a_filter_is_replaced_by_its_strategy(world: World, tmp_path: Path) -> None:
    """A filter is deleted and created under its own name, once."""
    manifests = apply_shop(world, tmp_path)
    before = world.only(manifests, "Filter")

    plan = choosing(world, manifests, replace="Filter/bought")
    world.carry_out(plan)

    assert actions(plan) == {"Filter/bought": Action.RECREATE}
    after = world.only(manifests, "Filter")
    assert (after.name, after.created > before.created) == (before.name, True)
    assert actions(choosing(world, manifests, saved=plan, replace="Filter/bought")) == {}


def test_what_may_not_be_replaced_is_blocked(world: World, tmp_path: Path) -> None:
    """By its strategy, or because it is protected; the plan says which."""
    manifests = apply_every(world, tmp_path, "Filter/fresh")
    file = file_of(manifests, "Filter/fresh")
    edit(file, "spec:", "lifecycle: {protect: true}\nspec:")
    world.apply(manifests)

    assert blocked(choosing(world, manifests, replace="Filter/fresh")) == {
        "Filter/fresh": "--replace; protected by lifecycle.protect"
    }
    edit(file, "protect: true", "protect: false")
    assert (
        "--replace; protected in the account"
        in blocked(choosing(world, manifests, replace="Filter/fresh"))["Filter/fresh"]
    )
    assert blocked(choosing(world, manifests, replace="DatasetGroup/shop"))["DatasetGroup/shop"].startswith(
        "--replace; set `lifecycle: {replace: recreate}` to delete and recreate it"
    )
