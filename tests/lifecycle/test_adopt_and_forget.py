"""What nobody owns becomes ours when asked, what is ours can be left to itself, and nothing else happens to either."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.action import Action
from personalize_gitops.model.events import Done
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.tags import ADDRESS, PREFIX, PROJECT
from personalize_gitops.render.reasons import text
from tests.support.edits import edit
from tests.support.every import apply_every, file_of, write_every
from tests.support.texts import reason_of
from tests.support.world import World, actions

FRESH = "Filter/fresh"
PRUNING = "    local: {prune: true, "


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Path:
    """A group, a dataset and a filter in it, applied, with a tag of the project's own."""
    manifests = write_every(tmp_path, FRESH)
    edit(manifests / "project.yaml", "spec:\n", "spec:\n  tags: {team: discovery}\n")
    world.apply(manifests)
    return manifests


def reasons(plan: Plan) -> dict[str, str]:
    return {str(change.address): reason_of(change) for change in plan.pending}


def untag(world: World, manifests: Path) -> None:
    """Nobody owns anything any more."""
    for live in world.snapshot(manifests).objects:
        if live.tags:
            world.untag_by_hand(live.arn, list(live.tags))


def test_adopt_takes_over_every_declared_name(world: World, shop: Path) -> None:
    """--adopt is lifecycle.adopt on every document: tags are set, and the reason names the setting that permits it."""
    untag(world, shop)
    before = world.snapshot(shop)
    assert set(actions(world.plan(shop)).values()) == {Action.BLOCKED}
    assert "set `lifecycle: {adopt: true}` or pass --adopt to manage it" in reasons(world.plan(shop))[FRESH]

    plan = world.plan(shop, adopt=True)

    assert reasons(plan) == dict.fromkeys(
        ["DatasetGroup/shop", "Dataset/events", FRESH], "unmanaged; will be adopted (--adopt)"
    )
    assert set(actions(plan).values()) == {Action.ADOPT}
    world.carry_out(plan)
    assert actions(world.plan(shop)) == {}
    assert [live.arn for live in world.snapshot(shop).objects] == [live.arn for live in before.objects]


def test_adopt_never_takes_what_carries_another_owners_tag(world: World, shop: Path) -> None:
    """Another project's and another target's objects stay theirs, --adopt or not."""
    for owner in ("other/local", "every/prod"):
        arn = world.only(shop, "Filter").arn
        world.tag_by_hand(arn, {PROJECT: owner, ADDRESS: FRESH})

        plan = world.plan(shop, adopt=True)

        assert actions(plan) == {FRESH: Action.BLOCKED}
        assert f"belongs to project {owner}" in reason_of(plan.blocked[0])


def test_adopt_does_not_replace(world: World, shop: Path) -> None:
    """What would have to be replaced to be as declared is nobody's until it is adopted as it is, schemas included."""
    untag(world, shop)
    edit(file_of(shop, FRESH), '"like"', '"watch"')
    edit(file_of(shop, "Schema/events"), '      - {name: EVENT_VALUE, type: ["null", float]}\n', "")

    plan = world.plan(shop, adopt=True)

    assert actions(plan)[FRESH] is Action.BLOCKED
    assert "adopt it first, without this change" in reasons(plan)[FRESH]
    assert actions(plan)["Schema/events"] is Action.BLOCKED


def test_a_strangers_unused_schema_is_not_taken_over_to_be_replaced(world: World, tmp_path: Path) -> None:
    """A schema carries no tag: one of our name with other columns is neither deleted nor succeeded with adopt."""
    manifests = write_every(tmp_path, "Dataset/items")
    items = file_of(manifests, "Schema/items")
    text = items.read_text()
    items.write_text(text.replace(', {name: YEAR, type: ["null", int]}', ""))
    other = tmp_path / "other"
    other.mkdir()
    (other / "project.yaml").write_text((manifests / "project.yaml").read_text().replace("name: every", "name: other"))
    (other / "schema.yaml").write_text(items.read_text())
    world.apply(other)
    items.write_text(text)

    plan = world.plan(manifests, adopt=True)

    assert actions(plan)["Schema/items"] is Action.BLOCKED
    assert "set `lifecycle: {adopt: true}` to allow its replacement" in reasons(plan)["Schema/items"]


def test_forgetting_takes_our_tags_and_nothing_else(world: World, shop: Path) -> None:
    """The object stays as it is with the tags of others and its declared ones; the plan does not know it any more."""
    arn = world.only(shop, "Filter").arn
    world.tag_by_hand(arn, {"owner": "ada"})
    text = file_of(shop, FRESH).read_text()
    file_of(shop, FRESH).unlink()
    edit(shop / "project.yaml", "    local: {", PRUNING)
    assert actions(world.plan(shop)) == {FRESH: Action.DELETE}

    plan = world.plan(shop, forget=FRESH)

    assert actions(plan) == {FRESH: Action.FORGET}
    assert plan.deletes == 0
    assert [type(event) for event in world.carry_out(plan)] == [Done]
    assert world.cloud.tags(arn) == {"owner": "ada", "team": "discovery"}
    assert not any(key.startswith(PREFIX) for key in world.cloud.tags(arn))
    assert world.plan(shop).is_empty
    assert FRESH not in {str(change.address) for change in world.plan(shop).changes}

    file_of(shop, FRESH).write_text(text)
    assert actions(world.plan(shop)) == {FRESH: Action.BLOCKED}
    assert actions(world.plan(shop, adopt=True)) == {FRESH: Action.ADOPT}
    world.carry_out(world.plan(shop, adopt=True))
    assert actions(world.plan(shop)) == {}
    assert world.only(shop, "Filter").arn == arn


def test_what_is_forgotten_still_keeps_what_it_stands_on(world: World, shop: Path) -> None:
    """A dataset that is ours no longer is in its group all the same: the group is not pruned from under it."""
    (shop / "second.yaml").write_text("kind: DatasetGroup\nname: second\nspec: {}\n")
    with file_of(shop, "DatasetGroup/shop").open("a") as file:
        file.write("lifecycle: {onRemove: delete}\n")
    world.apply(shop)
    for address in (FRESH, "Dataset/events", "DatasetGroup/shop"):
        file_of(shop, address).unlink()
    edit(shop / "project.yaml", "    local: {", PRUNING)

    plan = world.plan(shop, forget="Dataset/events")

    assert actions(plan) == {
        "Dataset/events": Action.FORGET,
        "DatasetGroup/shop": Action.BLOCKED,
        FRESH: Action.DELETE,
    }


@pytest.mark.parametrize(
    ("address", "told"),
    {
        FRESH: "it is declared at ",
        "Schema/events": "it is declared at ",
        "Schema/gone": "Schema cannot be tagged, so there is nothing to forget",
        "Filter/frehs": 'every/local owns no object of that address; did you mean "Filter/frish"?',
        "Campaign/home": "every/local owns no object of that address; `status` lists them",
        "Fliter/fresh": 'unknown kind Fliter; did you mean "Filter"?',
    }.items(),
)
def test_what_cannot_be_forgotten_is_an_error_that_says_what_to_do(
    world: World, shop: Path, address: str, told: str
) -> None:
    """What is declared, what nothing owned goes by, and what carries no tag."""
    path = file_of(shop, FRESH)
    path.write_text(f"{path.read_text()}---\n{path.read_text().replace('name: fresh', 'name: frish')}")
    world.apply(shop)
    path.write_text(path.read_text().split("---\n")[0])

    with pytest.raises(InvalidChoice) as caught:
        world.plan(shop, forget=address)

    assert (caught.value.option, str(caught.value.value)) == ("--forget", address)
    assert told in text(caught.value.reason)


def test_a_run_can_be_forgotten(world: World, tmp_path: Path) -> None:
    """What ran stays in the account for ever; our tags do not have to."""
    manifests = apply_every(world, tmp_path, "DatasetImportJob/events")
    file_of(manifests, "DatasetImportJob/events").unlink()
    arn = world.only(manifests, "DatasetImportJob").arn

    plan = world.plan(manifests, forget="DatasetImportJob/events")

    assert actions(plan) == {"DatasetImportJob/events": Action.FORGET}
    world.carry_out(plan)
    assert world.cloud.tags(arn) == {}
