"""Protection, retention and the rails of prune: what survives when its document is gone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import ABSENT
from personalize_gitops.model.events import Done, Event, Failed
from personalize_gitops.model.plan import Choices
from personalize_gitops.model.tags import ON_REMOVE, PROTECT
from personalize_gitops.render.reasons import text
from tests.support.edits import edit
from tests.support.shop import apply_shop
from tests.support.texts import notes_of, reason_of
from tests.support.world import World, actions, blocked, change_of

ENDPOINT = """
---
kind: Solution
name: {0}
spec: {{datasetGroup: shop, recipe: aws-similar-items, performAutoTraining: false}}
---
kind: SolutionVersion
name: {0}
spec: {{solution: {0}}}
---
kind: Campaign
name: {0}
spec: {{solutionVersion: {0}, minProvisionedTPS: 1}}
"""
FACTOR = "solutionConfig: {algorithmHyperParameters: {popularity_discount_factor: 0.5}}"
TRAINING = "spec: {solution: home}\n"
FILTER = "kind: Filter\nname: bought\n"


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Path:
    """The smallest project in two files, applied to a target that prunes; `ends.yaml` has two endpoints."""
    manifests = apply_shop(world, tmp_path)
    edit(manifests / "shop.yaml", "    local: {", "    local: {prune: true, ")
    (manifests / "ends.yaml").write_text(ENDPOINT.format("similar") + ENDPOINT.format("other"))
    world.apply(manifests)
    return manifests


def take_out(manifests: Path, text: str) -> None:
    """Remove a document of the shop: everything from its head to the next separator."""
    path = manifests / "shop.yaml"
    documents = [each for each in path.read_text().split("---\n") if not each.startswith(text)]
    path.write_text("---\n".join(documents))


def protected(manifests: Path, head: str, *, value: str = "true") -> None:
    edit(manifests / "shop.yaml", head, f"{head}lifecycle: {{protect: {value}}}\n")


def test_a_lost_file_takes_nothing_down(world: World, shop: Path) -> None:
    """A lost file under prune would delete both campaigns and solutions in it; the plan is refused instead."""
    (shop / "ends.yaml").unlink()

    plan = world.plan(shop)

    assert [str(change.address) for change in plan.changes if change.deletes] == [
        "Campaign/other",
        "Campaign/similar",
        "Solution/other",
        "Solution/similar",
    ]
    assert not plan.applyable
    assert plan.refusal
    assert text(plan.refusal) == (
        "prune would delete 4 of 9 owned resources, more than 30%; "
        "if every deletion is intended, set limits.maxDeletes of target local to 4"
    )


def test_a_limit_of_the_target_replaces_the_share(world: World, shop: Path) -> None:
    """With `limits.maxDeletes`, the number of deletions counts and the share does not."""
    (shop / "ends.yaml").unlink()
    edit(shop / "shop.yaml", "{prune: true, ", "{prune: true, limits: {maxDeletes: 4}, ")

    world.apply(shop)

    assert world.plan(shop).is_empty


def test_protection_is_written_lifted_and_seen(world: World, shop: Path) -> None:
    """Setting and lifting `protect` are updates of one tag, which the plan shows, and nothing else."""
    arn = world.only(shop, "Filter").arn
    protected(shop, FILTER)
    set_ = change_of(world.plan(shop), "Filter/bought")
    assert (set_.action, [str(field) for field in set_.fields]) == (Action.UPDATE, [f"tags.{PROTECT}"])
    world.apply(shop)
    assert world.cloud.tags(arn)[PROTECT] == "true"
    assert world.plan(shop).is_empty

    edit(shop / "shop.yaml", "protect: true", "protect: false")
    lifted = change_of(world.plan(shop), "Filter/bought")
    assert (lifted.action, lifted.fields[0].before, lifted.fields[0].after) == (Action.UPDATE, "true", ABSENT)
    world.apply(shop)
    assert PROTECT not in world.cloud.tags(arn)
    assert world.plan(shop).is_empty


def test_a_removed_document_leaves_its_protection(world: World, shop: Path) -> None:
    """Prune and destroy are blocked by the tag until the document was applied once more without protection."""
    protected(shop, FILTER)
    world.apply(shop)
    documents = (shop / "shop.yaml").read_text()
    take_out(shop, FILTER)
    remedy = (
        "protected in the account; to delete it, restore its document with `lifecycle: {protect: false}`, apply, "
        "then remove the document"
    )

    assert blocked(world.plan(shop)) == {"Filter/bought": f"no longer declared; {remedy}"}
    assert blocked(world.destroy_plan(shop))["Filter/bought"] == f"destroy; {remedy}"

    (shop / "shop.yaml").write_text(documents.replace("protect: true", "protect: false"))
    assert blocked(world.destroy_plan(shop))["Filter/bought"] == (
        "destroy; protected in the account; apply `lifecycle: {protect: false}` first, without this change"
    )
    world.apply(shop)
    take_out(shop, FILTER)
    assert actions(world.plan(shop)) == {"Filter/bought": Action.DELETE}


def test_a_document_alone_lifts_nothing(world: World, shop: Path) -> None:
    """A replacement in the same edit that says `protect: false` is blocked by the tag on the object."""
    protected(shop, FILTER)
    world.apply(shop)
    edit(shop / "shop.yaml", "protect: true", "protect: false")
    edit(shop / "shop.yaml", 'IN ("like")', 'IN ("watch")')

    assert (
        "apply `lifecycle: {protect: false}` first, without this change" in blocked(world.plan(shop))["Filter/bought"]
    )


def test_a_protected_training_outlives_its_document(world: World, shop: Path) -> None:
    """The tag on a version blocks prune, the successor and destroy of its solution."""
    edit(shop / "shop.yaml", TRAINING, f"{TRAINING}lifecycle: {{protect: true}}\n")
    world.apply(shop)
    edit(shop / "shop.yaml", "solutionVersion: home", "solutionVersion: {solution: home, version: latest}")
    take_out(shop, "kind: SolutionVersion\nname: home")
    told = "SolutionVersion/home would be deleted with it and is protected by lifecycle.protect"

    assert world.plan(shop).applyable
    assert told in blocked(world.destroy_plan(shop))["Solution/home"]
    edit(shop / "shop.yaml", "discount_factor: 0.3", "discount_factor: 0.5")
    assert told in blocked(world.plan(shop))["Solution/home"]
    take_out(shop, "kind: Campaign\nname: home")
    take_out(shop, "kind: Solution\nname: home")
    assert told in blocked(world.plan(shop))["Solution/home"]


IMPORT = "kind: DatasetImportJob\nname: events\n"


@pytest.mark.parametrize("lifecycle", ["protect: true", "manage: observe"])
def test_an_import_keeps_its_dataset(world: World, shop: Path, lifecycle: str) -> None:
    """A dataset takes its imports along, so it stays while one of them is protected or observed."""
    edit(shop / "shop.yaml", IMPORT, f"{IMPORT}lifecycle: {{{lifecycle}}}\n")
    world.apply(shop)

    assert "DatasetImportJob/events would be deleted with it" in blocked(world.destroy_plan(shop))["Dataset/events"]

    replaced = "kind: Dataset\nname: events\n"
    edit(shop / "shop.yaml", replaced, f"{replaced}lifecycle: {{replace: recreate}}\n")
    plan = world.session(shop).plan(Choices(replace=frozenset({Address.parse("Dataset/events")})))
    assert "DatasetImportJob/events would be deleted with it" in blocked(plan)["Dataset/events"]


def test_a_protected_import_outlives_its_document(world: World, shop: Path) -> None:
    """Its tag alone protects the dataset."""
    edit(shop / "shop.yaml", IMPORT, f"{IMPORT}lifecycle: {{protect: true}}\n")
    world.apply(shop)
    take_out(shop, IMPORT)

    assert "DatasetImportJob/events would be deleted with it" in blocked(world.destroy_plan(shop))["Dataset/events"]


def test_a_retained_object_stays_when_its_document_goes(world: World, shop: Path) -> None:
    """A tracking id stays by default, and the plan says so; `onRemove: delete` lets prune delete it."""
    tracker, head = shop / "tracker.yaml", "kind: EventTracker\nname: web\nspec: {datasetGroup: shop}\n"
    tracker.write_text(head)
    world.apply(shop)
    tracker.unlink()

    kept = change_of(world.plan(shop), "EventTracker/web")
    assert (kept.action, reason_of(kept)) == (Action.KEEP, "no longer declared; retained (lifecycle.onRemove)")

    tracker.write_text(f"{head}lifecycle: {{onRemove: delete}}\n")
    world.apply(shop)
    assert world.cloud.tags(world.only(shop, "EventTracker").arn)[ON_REMOVE] == "delete"
    tracker.unlink()
    assert actions(world.plan(shop)) == {"EventTracker/web": Action.DELETE}


def test_what_a_retained_object_uses_stays_with_it(world: World, shop: Path) -> None:
    """A campaign that prune retains keeps its solution too, so the plan is not blocked by it."""
    ends = shop / "ends.yaml"
    ends.write_text(
        ends.read_text().replace(
            "kind: Campaign\nname: other\n", "kind: Campaign\nname: other\nlifecycle: {onRemove: retain}\n"
        )
    )
    world.apply(shop)
    ends.unlink()

    plan = world.plan(shop)

    assert actions(plan) == {"Campaign/similar": Action.DELETE, "Solution/similar": Action.DELETE}
    assert reason_of(change_of(plan, "Solution/other")).startswith("no longer declared; retained with Campaign/other")


def train(world: World, manifests: Path) -> None:
    """Start a training of a new solution and leave it in progress."""
    (manifests / "more.yaml").write_text(ENDPOINT.format("more").split("---\nkind: Campaign")[0])
    world.carry_out(world.plan(manifests), deadline=world.clock.now() + 600)
    assert actions(world.plan(manifests)) == {"SolutionVersion/more": Action.WAIT}


def verbs(events: Sequence[Event]) -> list[str]:
    return [str(event.step.id) for event in events if isinstance(event, Done)]


def test_a_training_is_stopped_before_its_solution_goes(world: World, shop: Path) -> None:
    """The plan notes that the training is billed until it is stopped; the deletion follows within minutes."""
    train(world, shop)
    (shop / "more.yaml").unlink()
    plan, begun = world.plan(shop), world.clock.now()

    assert notes_of(change_of(plan, "Solution/more")) == (
        "SolutionVersion/more is in progress: it is stopped first, and billed until then",
    )
    assert verbs(world.carry_out(plan)) == ["cancel SolutionVersion/more", "delete Solution/more"]
    assert world.clock.now() - begun < 900
    assert world.plan(shop).is_empty


def test_destroy_stops_a_training(world: World, shop: Path) -> None:
    """Nothing is left afterwards, and the dataset does not wait for the end of the training."""
    train(world, shop)

    done = verbs(world.carry_out(world.destroy_plan(shop)))

    assert "cancel SolutionVersion/more" in done
    assert all(live.kind.is_run for live in world.snapshot(shop).objects)


def test_the_training_of_a_replaced_solution_is_stopped(world: World, shop: Path) -> None:
    """The training that the change outdates is stopped once the successor exists; the new one runs to its end."""
    train(world, shop)
    edit(shop / "more.yaml", "AutoTraining: false", f"AutoTraining: false, {FACTOR}")

    done = verbs(world.apply(shop))

    assert done == [
        "create Solution/more",
        "cancel SolutionVersion/more",
        "create SolutionVersion/more",
        "delete Solution/more",
    ]
    assert world.plan(shop).is_empty


def test_a_training_that_ended_meanwhile_is_not_stopped(world: World, shop: Path) -> None:
    """A plan made during a training works after its end too: the step finds nothing to stop."""
    train(world, shop)
    (shop / "more.yaml").unlink()
    plan = world.plan(shop)
    world.clock.sleep(3 * 3600)
    world.emulator.answered.clear()

    assert verbs(world.carry_out(plan)) == ["cancel SolutionVersion/more", "delete Solution/more"]
    assert "StopSolutionVersionCreation" not in world.emulator.answered


def test_an_earlier_run_is_lifted_with_the_current_one(world: World, shop: Path) -> None:
    """Both versions of a protected training lose their tags in one apply; then the solution can be replaced."""
    edit(shop / "shop.yaml", TRAINING, f"{TRAINING}lifecycle: {{protect: true}}\n")
    world.apply(shop)
    with (shop.parent / "data" / "interactions.csv").open("a") as file:
        file.write("p1,m1,watch,3,1800000000\n")
    world.put_data(shop.parent / "data", "shop")
    world.apply(shop)
    versions = [live for live in world.snapshot(shop).of_kind("SolutionVersion") if live.is_protected]
    assert len(versions) == 2

    edit(shop / "shop.yaml", "protect: true", "protect: false")
    assert len(world.plan(shop).pending) == 2
    world.apply(shop)

    assert world.plan(shop).is_empty
    assert not any(live.is_protected for live in world.snapshot(shop).objects)
    edit(shop / "shop.yaml", "discount_factor: 0.3", "discount_factor: 0.5")
    world.apply(shop)


def test_what_was_protected_since_the_plan_is_not_deleted(world: World, shop: Path) -> None:
    """A colleague who protects an object between plan and apply is heard: the call is not sent."""
    take_out(shop, FILTER)
    plan, arn = world.plan(shop), world.only(shop, "Filter").arn
    world.tag_by_hand(arn, {PROTECT: "true"})

    (failed,) = [event for event in world.carry_out(plan) if isinstance(event, Failed)]

    assert reason_of(failed) == "bought was protected since the plan; the call was not sent"
    assert world.only(shop, "Filter").is_protected


def test_what_goes_with_a_deletion_was_protected_since_the_plan(world: World, shop: Path) -> None:
    """The same for a version of a solution and for an import of a dataset, which are deleted with them."""
    world.apply(shop)
    plan = world.destroy_plan(shop)
    runs = [world.snapshot(shop).of_kind(kind)[0].arn for kind in ("SolutionVersion", "DatasetImportJob")]
    for arn in runs:
        world.tag_by_hand(arn, {PROTECT: "true"})

    failed = {str(event.step.id): reason_of(event) for event in world.carry_out(plan) if isinstance(event, Failed)}

    assert failed == {
        "delete Solution/home": "SolutionVersion/home was protected since the plan; the call was not sent",
        "delete Dataset/events": "DatasetImportJob/events was protected since the plan; the call was not sent",
    }
    assert runs[0] in world.snapshot(shop).by_arn


NEWCOMER = (
    'kind: Filter\nname: new\n{}spec: {{datasetGroup: shop, filterExpression: INCLUDE ItemID WHERE {} IN ("x")}}\n'
)
LIKED = "Interactions.EVENT_TYPE"


def failed_filter(world: World, manifests: Path, lifecycle: str = "") -> Path:
    """A filter whose creation has failed; the file that declares it."""
    path = manifests / "new.yaml"
    path.write_text(NEWCOMER.format(lifecycle, LIKED))
    world.emulator.faults.fail("Filter", "no capacity")
    world.carry_out(world.plan(manifests))
    return path


def test_a_failed_object_that_a_colleague_protects_is_not_deleted(world: World, shop: Path) -> None:
    """Its document does not protect it, so the protection is lifted first, in an apply that deletes nothing."""
    failed_filter(world, shop)
    arn = next(live.arn for live in world.snapshot(shop).objects if live.name == "new")
    world.tag_by_hand(arn, {PROTECT: "true"})

    first = world.plan(shop)
    assert actions(first) == {"Filter/new": Action.UPDATE}
    assert reason_of(change_of(first, "Filter/new")) == "creation failed: no capacity; no longer protected"
    world.carry_out(first)

    assert actions(world.plan(shop)) == {"Filter/new": Action.RECREATE}
    world.apply(shop)
    assert world.plan(shop).is_empty


def test_a_failed_object_that_its_document_protects_is_not_deleted(world: World, shop: Path) -> None:
    """It is blocked with the failure; `protect: false` lifts the protection, and the next apply creates it again."""
    path = failed_filter(world, shop, "lifecycle: {protect: true}\n")

    assert blocked(world.plan(shop)) == {"Filter/new": "creation failed: no capacity; protected by lifecycle.protect"}

    path.write_text(NEWCOMER.format("", LIKED))
    world.apply(shop)
    world.apply(shop)
    assert world.plan(shop).is_empty
