"""protect, ignore, bounds, and what is shared with others: each sentence of theirs, shown."""

from __future__ import annotations

from pathlib import Path

from personalize_gitops.model.action import Action
from tests.support.edits import edit
from tests.support.every import apply_every, file_of, write_every
from tests.support.texts import reason_of
from tests.support.world import World, actions, blocked

ENCRYPTED = "roleArn: arn:aws:iam::123456789012:role/key, kmsKeyArn: arn:aws:kms:us-east-1:123456789012:key/1"


def say(manifests: Path, address: str, lifecycle: str) -> None:
    """A lifecycle for a document that has none."""
    path = file_of(manifests, address)
    path.write_text(f"{path.read_text()}lifecycle: {lifecycle}\n")


def test_what_is_protected_still_changes_in_place(world: World, tmp_path: Path) -> None:
    """Protection is against deletion and replacement; an update, and a tag, go on."""
    manifests = apply_every(world, tmp_path, "Recommender/next")
    say(manifests, "Recommender/next", "{protect: true}")
    edit(file_of(manifests, "Recommender/next"), "RequestsPerSecond: 1", "RequestsPerSecond: 2")
    (file := file_of(manifests, "Recommender/next")).write_text(f"{file.read_text()}tags: {{team: search}}\n")

    assert actions(world.plan(manifests)) == {"Recommender/next": Action.UPDATE}
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}


def test_what_is_protected_is_not_recreated_along(world: World, tmp_path: Path) -> None:
    """A group cannot be recreated from under something in it that is protected, whatever its own document says."""
    manifests = apply_every(world, tmp_path, "Filter/fresh")
    say(manifests, "DatasetGroup/shop", "{replace: recreate}")
    say(manifests, "Dataset/events", "{replace: recreate}")
    say(manifests, "Filter/fresh", "{protect: true}")
    edit(file_of(manifests, "DatasetGroup/shop"), "spec: {}", f"spec: {{{ENCRYPTED}}}")

    plan = world.plan(manifests)

    assert not plan.applyable
    assert "protected by lifecycle.protect" in blocked(plan)["Filter/fresh"]


RATE, WEIGHT = "minRecommendationRequestsPerSecond", "explorationWeight"


def config(world: World, manifests: Path) -> dict[str, object]:
    """What the recommender of the account is set to."""
    (live,) = world.snapshot(manifests).of_kind("Recommender")
    found = live.attributes["recommenderConfig"]
    return {RATE: found.get(RATE), WEIGHT: (found.get("itemExplorationConfig") or {}).get(WEIGHT)}


def scaled(world: World, manifests: Path, rate: int, weight: str) -> None:
    """Somebody else sets the members of the recommender."""
    (live,) = world.snapshot(manifests).of_kind("Recommender")
    world.cloud.update(live, {"recommenderConfig": {RATE: rate, "itemExplorationConfig": {WEIGHT: weight}}})
    world.clock.sleep(3600)


def test_an_ignored_member_survives_an_update_beside_it(world: World, tmp_path: Path) -> None:
    """An update sends members whole; what is ignored inside of one goes out as it is in the account."""
    manifests = write_every(tmp_path, "Recommender/next")
    edit(
        file_of(manifests, "Recommender/next"),
        "Second: 1",
        "Second: 1, itemExplorationConfig: {explorationWeight: 0.3}",
    )
    say(manifests, "Recommender/next", f"{{ignore: [spec.recommenderConfig.{RATE}]}}")
    world.put_data(tmp_path / "data", "every")
    world.apply(manifests)
    scaled(world, manifests, 7, "0.3")
    assert actions(world.plan(manifests)) == {}

    edit(file_of(manifests, "Recommender/next"), "explorationWeight: 0.3", "explorationWeight: 0.6")
    world.apply(manifests)

    assert config(world, manifests) == {RATE: 7, WEIGHT: "0.6"}
    assert actions(world.plan(manifests)) == {}


def test_everything_below_an_ignored_member_is_ignored(world: World, tmp_path: Path) -> None:
    """A path names a member with all that is in it."""
    manifests = write_every(tmp_path, "Recommender/next")
    say(manifests, "Recommender/next", "{ignore: [spec.recommenderConfig]}")
    world.put_data(tmp_path / "data", "every")
    world.apply(manifests)

    scaled(world, manifests, 7, "0.9")

    assert actions(world.plan(manifests)) == {}


def test_a_member_within_bounds_survives_an_update_beside_it(world: World, tmp_path: Path) -> None:
    """Within its bounds it stays as somebody else has set it, beyond them it is set back, with or without the other."""
    manifests = write_every(tmp_path, "Recommender/next")
    edit(
        file_of(manifests, "Recommender/next"),
        "Second: 1",
        "Second: 1, itemExplorationConfig: {explorationWeight: 0.3}",
    )
    say(manifests, "Recommender/next", f"{{bounds: {{spec.recommenderConfig.{RATE}: {{min: 1, max: 8}}}}}}")
    world.put_data(tmp_path / "data", "every")
    world.apply(manifests)
    scaled(world, manifests, 7, "0.3")
    edit(file_of(manifests, "Recommender/next"), "explorationWeight: 0.3", "explorationWeight: 0.6")

    world.apply(manifests)
    assert config(world, manifests) == {RATE: 7, WEIGHT: "0.6"}

    scaled(world, manifests, 9, "0.6")
    assert actions(world.plan(manifests)) == {"Recommender/next": Action.UPDATE}
    world.apply(manifests)
    assert config(world, manifests) == {RATE: 1, WEIGHT: "0.6"}


def test_a_schema_that_others_use_survives(world: World, tmp_path: Path) -> None:
    """Ours gets a successor and the shared one stays for the other project; so it does on destroy, which says so."""
    manifests = apply_every(world, tmp_path, "Dataset/items")
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "project.yaml").write_text(
        (manifests / "project.yaml").read_text().replace("name: every", "name: theirs")
    )
    (schema,) = world.snapshot(manifests).of_kind("Schema")
    (theirs / "items.yaml").write_text(
        "kind: DatasetGroup\nname: other\nspec: {}\n---\nkind: Dataset\nname: theirs\n"
        f'spec: {{datasetGroup: other, datasetType: Items, schema: "{schema.arn}"}}\n'
    )
    world.apply(theirs)

    leaving = world.destroy_plan(manifests)
    assert leaving.applyable
    (kept,) = [change for change in leaving.changes if change.action is Action.KEEP]
    assert (str(kept.address), reason_of(kept)) == (
        "Schema/items",
        "destroy; items stays because Dataset/theirs uses it",
    )

    edit(file_of(manifests, "Schema/items"), "{name: YEAR", '{name: RUNTIME, type: ["null", int]}, {name: YEAR')
    world.apply(manifests)
    assert [live.name for live in world.snapshot(manifests).of_kind("Schema")] == ["items", "items-2"]
    assert actions(world.plan(manifests)) == {}
    assert actions(world.plan(theirs)) == {}

    world.carry_out(world.destroy_plan(manifests))
    assert [live.name for live in world.snapshot(manifests).of_kind("Schema")] == ["items"]
