"""What is taken out of the manifests goes when the target prunes, and never everything at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from personalize_gitops.errors import InvalidChoice, ManifestError
from personalize_gitops.manifest import load
from personalize_gitops.model.action import Action
from personalize_gitops.model.plan import Plan
from tests.support.every import file_of, write_every
from tests.support.texts import reason_of
from tests.support.world import World, actions

FRESH = "Filter/fresh"
OWNED = ["Dataset/events", "DatasetGroup/shop", FRESH]


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Path:
    """A group, a dataset and a filter in it, applied to a target that prunes."""
    manifests = write_every(tmp_path, FRESH)
    project = manifests / "project.yaml"
    project.write_text(project.read_text().replace("    local: {", "    local: {prune: true, "))
    world.apply(manifests)
    return manifests


def kept(plan: Plan) -> list[str]:
    return [str(change.address) for change in plan.changes if change.action is Action.KEEP]


def test_what_is_taken_out_goes(world: World, shop: Path) -> None:
    """With prune on, one document less is one object less."""
    file_of(shop, FRESH).unlink()

    assert actions(world.plan(shop)) == {FRESH: Action.DELETE}


def test_a_project_without_documents_deletes_nothing(world: World, shop: Path) -> None:
    """Everything owned is kept, and the reason names destroy as the way to take it down."""
    for path in shop.glob("*-*.yaml"):
        path.unlink()
    assert [path.name for path in shop.iterdir()] == ["project.yaml"]

    plan = world.plan(shop)

    assert plan.is_empty
    assert kept(plan) == OWNED
    assert {reason_of(change) for change in plan.changes} == {
        "no longer declared; no owned object is declared, so nothing is pruned; `destroy` deletes everything"
    }
    assert actions(world.destroy_plan(shop)) == dict.fromkeys(OWNED, Action.DELETE)


def test_another_folder_of_the_same_project_deletes_nothing(world: World, shop: Path, tmp_path: Path) -> None:
    """With none of what is owned declared, the documents of a wrong folder are made and nothing goes for them."""
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "project.yaml").write_text((shop / "project.yaml").read_text())
    (wrong / "group.yaml").write_text("kind: DatasetGroup\nname: elsewhere\nspec: {}\n")

    plan = world.plan(wrong)

    assert actions(plan) == {"DatasetGroup/elsewhere": Action.CREATE}
    assert kept(plan) == OWNED


def test_a_variable_in_every_name_deletes_nothing(world: World, tmp_path: Path) -> None:
    """Names made of a variable are other names when it changes: the old ones stay beside the new."""
    manifests = tmp_path / "manifests"
    manifests.mkdir()
    project = manifests / "project.yaml"
    project.write_text(
        "kind: Project\nname: shop\nspec:\n  variables: {stage: one}\n  targets: {local: {prune: true, emulator: {}}}\n"
    )
    (manifests / "group.yaml").write_text("kind: DatasetGroup\nname: shop-${stage}\nspec: {}\n")
    world.apply(manifests)
    project.write_text(project.read_text().replace("one", "two"))

    plan = world.plan(manifests)

    assert actions(plan) == {"DatasetGroup/shop-two": Action.CREATE}
    assert kept(plan) == ["DatasetGroup/shop-one"]


def test_another_target_and_another_project_delete_nothing(world: World, shop: Path) -> None:
    """Without a document, a target that owns nothing and a project of another name have nothing to prune."""
    for path in shop.glob("*-*.yaml"):
        path.unlink()
    project = shop / "project.yaml"
    text = project.read_text()
    project.write_text(text.replace("  targets:\n", "  targets:\n    prod: {region: us-east-1, prune: true}\n"))
    assert world.plan(shop, "prod").changes == ()
    project.write_text(text.replace("name: every", "name: another"))
    assert world.plan(shop).changes == ()


@pytest.mark.parametrize("content", [None, "", "---\n", "# nothing\n"])
def test_a_folder_without_a_project_is_an_error(tmp_path: Path, content: str | None) -> None:
    """No files, and files without a document: nobody says whose things are meant, so nothing is planned."""
    if content is not None:
        (tmp_path / "empty.yaml").write_text(content)

    with pytest.raises(ManifestError, match="The folder has no documents"):
        load(tmp_path)


def test_no_folder_is_an_error(tmp_path: Path) -> None:
    """A folder that is not there is not an empty one."""
    with pytest.raises(InvalidChoice, match="The folder of the manifests does not exist"):
        load(tmp_path / "manifets")


def test_an_overlay_cannot_take_a_document_out(shop: Path) -> None:
    """A patch changes members; one that empties a document is an error, not a deletion."""
    patch = shop / "targets" / "local" / "fresh.yaml"
    patch.parent.mkdir(parents=True)
    for emptied in (
        "kind: Filter\nname: fresh\nspec: null\n",
        "kind: Filter\nname: fresh\nspec: {datasetGroup: null}\n",
    ):
        patch.write_text(emptied)
        with pytest.raises(ManifestError, match="A required field is missing"):
            load(shop)


def test_a_link_that_leads_nowhere_is_an_error(shop: Path) -> None:
    """Documents behind a broken link have not been taken out."""
    path = file_of(shop, FRESH)
    path.unlink()
    path.symlink_to("elsewhere/fresh.yaml")

    with pytest.raises(ManifestError, match="The file cannot be read"):
        load(shop)


def test_a_linked_folder_is_read(world: World, shop: Path, tmp_path: Path) -> None:
    """A folder of manifests may be kept elsewhere."""
    (tmp_path / "shared").mkdir()
    file_of(shop, FRESH).rename(tmp_path / "shared" / "fresh.yaml")
    (shop / "shared").symlink_to(tmp_path / "shared")

    assert world.plan(shop).is_empty


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_is_an_error(shop: Path) -> None:
    """What a permission hides has not been taken out."""
    hidden = shop / "hidden"
    hidden.mkdir()
    file_of(shop, FRESH).rename(hidden / "fresh.yaml")
    hidden.chmod(0)
    try:
        with pytest.raises(ManifestError, match="The file cannot be read"):
            load(shop)
    finally:
        hidden.chmod(0o700)
