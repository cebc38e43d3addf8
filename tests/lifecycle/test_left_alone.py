"""`manage: observe` and `manage: paused`: what is compared without a change, and what is not even compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.engine.drift import drift
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.action import Action
from personalize_gitops.model.drift import Finding
from personalize_gitops.model.plan import Plan
from tests.support.edits import edit
from tests.support.shop import apply_shop
from tests.support.texts import reason_of
from tests.support.world import World, actions, blocked, change_of

CAMPAIGN = "spec: {solutionVersion: home, minProvisionedTPS: 1}\n"


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Path:
    """The smallest project, applied."""
    return apply_shop(world, tmp_path)


def left(manifests: Path, spec: str, manage: str) -> None:
    edit(manifests / "shop.yaml", spec, f"{spec}lifecycle: {{manage: {manage}}}\n")


def findings(plan: Plan) -> dict[str, Finding]:
    return {str(found.address): found.finding for found in drift(plan)}


def scale_by_hand(world: World, manifests: Path) -> None:
    world.cloud.update(world.only(manifests, "Campaign"), {"minProvisionedTPS": 5})
    world.clock.sleep(3600)


def test_an_observed_resource_is_compared_and_not_changed(world: World, shop: Path) -> None:
    """The plan shows the difference and has nothing to do; drift tells it."""
    left(shop, CAMPAIGN, "observe")
    scale_by_hand(world, shop)

    plan = world.plan(shop)

    assert plan.is_empty
    seen = change_of(plan, "Campaign/home")
    assert (seen.action, reason_of(seen)) == (Action.KEEP, "observed, not changed; minProvisionedTPS differs")
    assert [(str(field), field.before, field.after) for field in seen.fields] == [("minProvisionedTPS", 5, 1)]
    assert findings(plan) == {"Campaign/home": Finding.CHANGED}


def test_a_paused_resource_is_not_compared(world: World, shop: Path) -> None:
    """Neither the plan nor drift shows a difference."""
    left(shop, CAMPAIGN, "paused")
    scale_by_hand(world, shop)

    plan = world.plan(shop)

    assert (plan.is_empty, findings(plan)) == (True, {})
    assert reason_of(change_of(plan, "Campaign/home")) == "paused, not compared"


def test_nothing_of_an_observed_target_changes(world: World, shop: Path) -> None:
    """New, changed, removed and unfinished resources stay as they are, on prune and destroy too."""
    edit(shop / "shop.yaml", "    local: {", "    local: {prune: true, manage: observe, ")
    edit(shop / "shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").write_text(text[: text.index("---\nkind: Filter")] + "---\nkind: EventTracker\nname: web\n")
    with (shop / "shop.yaml").open("a") as file:
        file.write("spec: {datasetGroup: shop}\n")

    plan = world.plan(shop)

    assert plan.is_empty
    assert world.destroy_plan(shop).is_empty
    assert findings(plan) == {
        "Campaign/home": Finding.UNAPPLIED,
        "EventTracker/web": Finding.MISSING,
        "Filter/bought": Finding.UNDECLARED,
    }
    with pytest.raises(InvalidChoice, match="forbids every change"):
        world.plan(shop, forget="Filter/bought")


def test_a_document_decides_before_its_target(world: World, shop: Path) -> None:
    """In an observed target, a document with `manage: full` is changed like in any other."""
    edit(shop / "shop.yaml", "    local: {", "    local: {manage: observe, ")
    left(shop, CAMPAIGN, "full")
    edit(shop / "shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")

    assert actions(world.plan(shop)) == {"Campaign/home": Action.UPDATE}
    world.apply(shop)
    assert actions(world.plan(shop)) == {}


@pytest.mark.parametrize("manage", ["observe", "paused"])
@pytest.mark.parametrize("of", ["spec: {solution: home}\n", "performAutoTraining: false\n"])
def test_no_run_starts(world: World, shop: Path, manage: str, of: str) -> None:
    """New data starts no training if the training or its solution is left alone; the campaign keeps its version."""
    if of.startswith("spec"):
        left(shop, of, manage)
    else:
        edit(
            shop / "shop.yaml",
            "kind: Solution\nname: home\n",
            f"kind: Solution\nname: home\nlifecycle: {{manage: {manage}}}\n",
        )
    with (shop.parent / "data" / "interactions.csv").open("a") as file:
        file.write("p1,m1,watch,3,1800000000\n")
    world.put_data(shop.parent / "data", "shop")

    plan = world.plan(shop)

    assert actions(plan) == {"DatasetImportJob/events": Action.RUN}
    assert change_of(plan, "SolutionVersion/home").action is Action.KEEP


def test_others_refer_to_what_is_left_alone(world: World, shop: Path) -> None:
    """A new campaign is created on the version of a paused training."""
    left(shop, "spec: {solution: home}\n", "paused")
    (shop / "more.yaml").write_text("kind: Campaign\nname: more\nspec: {solutionVersion: home}\n")

    world.apply(shop)

    assert len(world.snapshot(shop).of_kind("Campaign")) == 2
    assert world.plan(shop).is_empty


def test_what_needs_a_missing_resource_is_blocked(world: World, shop: Path) -> None:
    """An observed group that does not exist is not created, and the tracker in it says why it cannot be."""
    (shop / "more.yaml").write_text(
        "kind: DatasetGroup\nname: other\nspec: {}\nlifecycle: {manage: observe}\n---\n"
        "kind: EventTracker\nname: web\nspec: {datasetGroup: other}\n"
    )

    plan = world.plan(shop)

    assert reason_of(change_of(plan, "DatasetGroup/other")) == "observed, not changed; not in the account"
    assert blocked(plan) == {
        "EventTracker/web": (
            "DatasetGroup/other does not exist or has not succeeded yet, "
            "and `manage: observe` keeps apply from creating it"
        )
    }


def test_an_object_of_nobody_can_be_observed(world: World, shop: Path) -> None:
    """Observing needs no ownership, adopts nothing and resolves references."""
    world.cloud.create(world.kinds["DatasetGroup"], "other", {}, {})
    world.clock.sleep(600)
    (shop / "more.yaml").write_text(
        "kind: DatasetGroup\nname: other\nspec: {}\nlifecycle: {manage: observe, adopt: true}\n---\n"
        "kind: EventTracker\nname: web\nspec: {datasetGroup: other}\n"
    )

    plan = world.plan(shop)

    assert actions(plan) == {"EventTracker/web": Action.CREATE}
    assert change_of(plan, "DatasetGroup/other").live is not None


def test_destroy_and_replacements_leave_it(world: World, shop: Path) -> None:
    """What an observed campaign uses cannot be deleted or replaced either, and the plan names the campaign."""
    left(shop, CAMPAIGN, "observe")
    told = "Campaign/home uses it and stays; delete Campaign/home first"

    leaving = world.destroy_plan(shop)
    assert change_of(leaving, "Campaign/home").action is Action.KEEP
    assert told in blocked(leaving)["Solution/home"]
    edit(shop / "shop.yaml", "discount_factor: 0.3", "discount_factor: 0.5")
    assert told in blocked(world.plan(shop))["Solution/home"]


def test_an_observed_training_keeps_its_solution(world: World, shop: Path) -> None:
    """A version goes with its solution, so the solution stays while the version is observed."""
    left(shop, "spec: {solution: home}\n", "observe")
    told = "SolutionVersion/home would be deleted with it and has `manage: observe`"

    assert told in blocked(world.destroy_plan(shop))["Solution/home"]
    edit(shop / "shop.yaml", "discount_factor: 0.3", "discount_factor: 0.5")
    assert told in blocked(world.plan(shop))["Solution/home"]
