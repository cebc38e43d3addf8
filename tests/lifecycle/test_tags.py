"""Tags are as declared: set, changed and removed in place, and nobody else's are touched."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from personalize_gitops.engine.drift import drift
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest import load
from personalize_gitops.model.action import Action
from personalize_gitops.model.diff import ABSENT
from personalize_gitops.model.drift import Finding
from personalize_gitops.model.events import Failed
from personalize_gitops.model.reports import PlanReport
from personalize_gitops.model.tags import KEYS, OURS, PROJECT, key_record
from personalize_gitops.render import json as as_json
from personalize_gitops.render import text as as_text
from tests.support.every import NEEDS, file_of, write_every
from tests.support.world import World, actions

TAGGABLE = [address for address in NEEDS if KINDS[address.split("/")[0]].taggable]
TAGS = "tags: {team: discovery, cost: '42'}\n"
FILTER = "Filter/fresh"


def life(world: World, folder: Path, address: str, more: str = "") -> Path:
    """The resource and what it needs, applied; `more` ends its document."""
    manifests = write_every(folder, address)
    rewrite(manifests, address, "", more)
    world.put_data(folder / "data", "every")
    world.apply(manifests)
    return manifests


def rewrite(manifests: Path, address: str, before: str, after: str) -> None:
    """Another end for a document."""
    path = file_of(manifests, address)
    path.write_text(path.read_text().removesuffix(before) + after)


def arn_of(world: World, manifests: Path, address: str) -> str:
    (live,) = [change.live for change in world.plan(manifests).changes if str(change.address) == address]
    assert live is not None
    return live.arn


def others_and_declared(world: World, arn: str) -> dict[str, str]:
    return {key: value for key, value in world.cloud.tags(arn).items() if key not in OURS}


@pytest.mark.parametrize("address", TAGGABLE)
def test_every_kind_that_takes_tags_changes_them_in_place(world: World, tmp_path: Path, address: str) -> None:
    """A tag comes, changes and goes on the very object, runs included; what others set there stays."""
    manifests = life(world, tmp_path, address)
    arn = arn_of(world, manifests, address)
    world.tag_by_hand(arn, {"owner": "ada"})

    for before, after, expected in (
        ("", TAGS, {"team": "discovery", "cost": "42"}),
        (TAGS, "tags: {team: search}\n", {"team": "search"}),
        ("tags: {team: search}\n", "", {}),
    ):
        rewrite(manifests, address, before, after)
        assert actions(world.plan(manifests)) == {address: Action.UPDATE}
        world.apply(manifests)

        assert actions(world.plan(manifests)) == {}
        assert arn_of(world, manifests, address) == arn
        assert others_and_declared(world, arn) == {"owner": "ada", **expected}
    assert KEYS not in world.cloud.tags(arn)


def test_a_tag_taken_from_the_project_goes_everywhere(world: World, tmp_path: Path) -> None:
    """The project's own tags are removed like a document's, from everything that takes tags."""
    manifests = write_every(tmp_path, FILTER)
    path, text = manifests / "project.yaml", (manifests / "project.yaml").read_text()
    path.write_text(text.replace("spec:\n", "spec:\n  tags: {team: discovery}\n", 1))
    world.apply(manifests)
    path.write_text(text)

    world.apply(manifests)

    tags = [live.tags for live in world.snapshot(manifests).objects if live.kind.taggable]
    assert len(tags) == 3
    assert not any("team" in found for found in tags)


def test_a_removed_tag_is_shown(world: World, tmp_path: Path) -> None:
    """The text says what goes and that it will be absent, JSON says null."""
    manifests = life(world, tmp_path, FILTER, TAGS)
    rewrite(manifests, FILTER, TAGS, "tags: {cost: '42'}\n")

    plan = world.plan(manifests)

    assert '      tags.team  "discovery" → (absent)\n' in as_text.plan(plan)
    (change,) = json.loads(as_json.plan(PlanReport(plan)))["changes"]
    assert change["fields"] == [{"path": "tags.team", "before": "discovery", "after": None}]


def test_an_interruption_between_removing_and_setting_is_harmless(world: World, tmp_path: Path) -> None:
    """What was removed stays removed, the next apply goes on, and what others set since under that key is theirs."""
    manifests = life(world, tmp_path, FILTER, TAGS)
    arn = arn_of(world, manifests, FILTER)
    rewrite(manifests, FILTER, TAGS, "tags: {cost: '42'}\n")
    world.emulator.faults.refuse("TagResource", "InvalidInputException", "not now")
    events = world.carry_out(world.plan(manifests))
    assert any(isinstance(event, Failed) for event in events)
    assert others_and_declared(world, arn) == {"cost": "42"}

    assert actions(world.plan(manifests)) == {FILTER: Action.UPDATE}
    world.apply(manifests)
    world.tag_by_hand(arn, {"team": "theirs"})

    assert actions(world.plan(manifests)) == {}
    assert others_and_declared(world, arn) == {"cost": "42", "team": "theirs"}


def test_a_tag_that_goes_and_one_that_somebody_changed(world: World, tmp_path: Path) -> None:
    """An edit of the manifest is not applied yet; an edit in the account is a change of the account."""
    manifests = life(world, tmp_path, FILTER, TAGS)
    world.tag_by_hand(arn_of(world, manifests, FILTER), {"cost": "1000"})

    (found,) = drift(world.plan(manifests))
    assert (found.finding, str(found.fields[0])) == (Finding.CHANGED, "tags.cost")
    world.apply(manifests)
    rewrite(manifests, FILTER, TAGS, "tags: {cost: '42'}\n")

    (found,) = drift(world.plan(manifests))
    assert (found.finding, found.fields[0].before, found.fields[0].after) == (Finding.UNAPPLIED, ABSENT, "discovery")
    world.apply(manifests)
    assert drift(world.plan(manifests)) == ()


def test_an_ignored_tag_is_somebody_elses(world: World, tmp_path: Path) -> None:
    """lifecycle.ignore of a tag: set when the object is made, then neither compared, changed nor removed."""
    ignoring = f"{TAGS}lifecycle: {{ignore: [tags.team]}}\n"
    manifests = life(world, tmp_path, FILTER, ignoring)
    arn = arn_of(world, manifests, FILTER)
    assert others_and_declared(world, arn) == {"team": "discovery", "cost": "42"}
    world.tag_by_hand(arn, {"team": "theirs"})
    assert actions(world.plan(manifests)) == {}

    rewrite(manifests, FILTER, ignoring, ignoring.replace("'42'", "'43'"))
    world.apply(manifests)
    assert others_and_declared(world, arn) == {"team": "theirs", "cost": "43"}

    rewrite(manifests, FILTER, ignoring.replace("'42'", "'43'"), "lifecycle: {ignore: [tags]}\n")
    assert "tags.cost" not in as_text.plan(world.plan(manifests))
    if not world.plan(manifests).is_empty:
        world.apply(manifests)
    assert others_and_declared(world, arn) == {"team": "theirs", "cost": "43"}
    assert actions(world.plan(manifests)) == {}


def test_tags_of_aws_are_ignored(world: World, tmp_path: Path) -> None:
    """What begins with aws: is read-only (docs/service/3 §8): no plan mentions it, whatever our record says."""
    manifests = life(world, tmp_path, FILTER, TAGS)
    snapshot = world.snapshot(manifests)
    theirs = {"aws:cloudformation:stack-name": "shop"}
    misled = {**theirs, KEYS: key_record(["team", "cost", *theirs])}

    def changed(more: dict[str, str]) -> set[str]:
        lives = tuple(replace(live, tags={**live.tags, **more}) if live.tags else live for live in snapshot.objects)
        plan = make_plan(PlanContext(load(manifests).desired, replace(snapshot, objects=lives)))
        return {str(field) for change in plan.changes for field in change.fields}

    assert changed(theirs) == set()
    assert changed(misled) == {f"tags.{KEYS}"}


def test_tags_and_a_switch_change_in_one_apply(world: World, tmp_path: Path) -> None:
    """A recommender that is stopped takes its new tags in the same apply."""
    manifests = life(world, tmp_path, "Recommender/next")
    path = file_of(manifests, "Recommender/next")
    path.write_text(path.read_text().replace("state: running", "state: stopped") + TAGS)

    world.apply(manifests)

    assert actions(world.plan(manifests)) == {}


def test_a_run_that_is_not_known_to_be_ours_keeps_its_tags(world: World, tmp_path: Path) -> None:
    """Where the tags of a run were not read, or are another's, its document's tags start nothing and set nothing."""
    manifests = life(world, tmp_path, "DatasetImportJob/events")
    rewrite(manifests, "DatasetImportJob/events", "", TAGS)
    snapshot, desired = world.snapshot(manifests), load(manifests).desired

    for tags in ({}, {PROJECT: "other/local"}):
        lives = tuple(replace(live, tags=tags) if live.kind.is_run else live for live in snapshot.objects)

        assert make_plan(PlanContext(desired, replace(snapshot, objects=lives))).is_empty


def test_the_record_has_room_for_every_declared_key() -> None:
    """50 tags of a resource less ours, with 256 characters to a value (docs/service/3 §8)."""
    keys = [f"key-{number}" for number in range(50 - len(OURS))]

    assert len(key_record(keys)) <= 256
