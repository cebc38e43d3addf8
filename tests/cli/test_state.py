"""The state of a target on the embedded emulator: where it lies, and what happens if it cannot be used."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.project import Project

PROJECT = """\
kind: Project
name: shop
spec:
  defaultTarget: one
  targets:
    one: {emulator: {}}
    two: {emulator: {}}
---
{kind: DatasetGroup, name: shop, spec: {}}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """One dataset group for two targets, not applied yet."""
    project = Project(tmp_path / "project")
    project.write("project.yaml", PROJECT)
    return project


def test_each_target_has_its_own_state_beside_the_manifests(shop: Project) -> None:
    """The state lies in .personalize-gitops/<target>/ beside the manifests, with a .gitignore, and git sees nothing."""
    assert shop.run("apply", "--auto-approve").code == 0

    assert shop.run("plan").code == 0
    assert shop.run("plan", "--target", "two").code == 2
    states = shop.folder / ".personalize-gitops"
    assert [path.name for path in states.iterdir()] == ["one"]
    assert (states / "one" / ".gitignore").read_text() == "*\n"
    assert [path.name for path in shop.manifests.iterdir()] == ["project.yaml"]


@pytest.mark.parametrize("folder", [".", "../manifests", "deep/../."])
def test_beside_means_beside_the_folder_of_the_manifests(shop: Project, folder: str) -> None:
    """The place does not depend on how the folder is written, or where in it the project file is."""
    (shop.manifests / "conf").mkdir()
    (shop.manifests / "deep").mkdir()
    (shop.manifests / "project.yaml").rename(shop.manifests / "conf" / "project.yaml")
    inside = Project(shop.manifests)

    assert inside.run("apply", "--auto-approve", "--manifests", folder).code == 0

    assert (shop.folder / ".personalize-gitops" / "one" / "current").exists()


def test_a_chosen_state_has_a_gitignore_too(shop: Project) -> None:
    """A state in a folder of its own choice, relative to the project file, is kept out of git as well."""
    shop.edit("project.yaml", "one: {emulator: {}}", "one: {emulator: {state: ../kept/here}}")

    assert shop.run("apply", "--auto-approve").code == 0

    assert (shop.folder / "kept" / "here" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("name", ['".."', '"../../outside"', '"."', "/x", "a b"])
def test_the_name_of_a_target_is_one_folder(shop: Project, name: str) -> None:
    """A target with any name has its state in one folder of its own in .personalize-gitops."""
    shop.edit("project.yaml", "two: ", f"{name}: ")
    shop.edit("project.yaml", "defaultTarget: one", f"defaultTarget: {name}")

    assert shop.run("apply", "--auto-approve").code == 0

    (state,) = (shop.folder / ".personalize-gitops").iterdir()
    assert (state / "current").exists()
    assert [path.name for path in shop.folder.parent.iterdir()] == [shop.folder.name]


@pytest.mark.parametrize(
    ("one", "two", "place", "folder"),
    [
        ("{state: s}", "{state: ./x/../s}", "7:22", "manifests/x/../s"),
        ("{state: ../.personalize-gitops/two}", "{}", "7:11", ".personalize-gitops/two"),
        ("{}", "{state: ../.personalize-gitops/one}", "7:22", "manifests/../.personalize-gitops/one"),
        ("{state: link}", "{state: s}", "7:22", "manifests/s"),
    ],
)
def test_targets_do_not_share_a_state(shop: Project, one: str, two: str, place: str, folder: str) -> None:
    """Two targets with the same folder are a problem of the project, with its place, for every command."""
    (shop.manifests / "link").symlink_to(shop.manifests / "s")
    shop.edit("project.yaml", "one: {emulator: {}}", f"one: {{emulator: {one}}}")
    shop.edit("project.yaml", "two: {emulator: {}}", f"two: {{emulator: {two}}}")

    for command in ("validate", "plan"):
        result = shop.run(command)

        assert result.code == 3
        assert f"manifests/project.yaml:{place}" in result.out + result.err
        assert f"{folder} has the state of target one: choose another folder" in result.out + result.err


def test_manifests_are_not_read_from_a_state(shop: Project) -> None:
    """Files below a folder .personalize-gitops are no manifests, wherever it lies."""
    for folder in (".personalize-gitops", "deep/.personalize-gitops/local"):
        shop.write(f"{folder}/bad.yaml", "kind: Nothing\n")

    assert shop.run("validate").code == 0


def test_an_apply_on_a_state_that_cannot_be_written(shop: Project) -> None:
    """An apply and a destroy say so in one sentence before the first step, and do not ask for approval."""
    (shop.folder / ".personalize-gitops").write_text("a file")

    for command in ("apply", "destroy"):
        result = shop.run(command, "--auto-approve")

        assert (result.code, result.out) == (1, "")
        assert result.err.startswith("Error: .personalize-gitops/one: the state cannot be saved: ")
        assert len(result.err.splitlines()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
def test_an_apply_whose_end_cannot_be_saved(shop: Project) -> None:
    """If the disk is full at the end of an apply, it says that its changes are lost, and the former state is there."""
    import resource

    assert shop.run("apply", "--auto-approve").code == 0
    tags = ", ".join(f"t{number}: {'x' * 250}" for number in range(8))
    shop.write(
        "more.yaml",
        "".join(f"---\n{{kind: DatasetGroup, name: g{n}, spec: {{}}, tags: {{{tags}}}}}\n" for n in range(4)),
    )
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))  # more than what shows that the disk has room
    try:
        result = shop.run("apply", "--auto-approve")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert result.code == 1
    told = result.err.splitlines()[-1]
    assert told.startswith("Error: .personalize-gitops/one: the state cannot be saved: ")
    assert told.endswith("; the changes of this command are lost")
    assert "4 to create, 1 in sync" in shop.run("plan").out


@pytest.mark.parametrize("command", ["plan", "apply", "drift", "status", "destroy"])
def test_a_damaged_state(shop: Project, command: str) -> None:
    """Every command says in one sentence that the state is damaged, and what to do."""
    assert shop.run("apply", "--auto-approve").code == 0
    pointer = shop.folder / ".personalize-gitops" / "one" / "current"
    state = pointer.parent / "content" / pointer.read_text()
    state.write_bytes(state.read_bytes()[:-1])

    result = shop.run(command)

    assert (result.code, result.out) == (1, "")
    assert result.err == (
        "Error: .personalize-gitops/one: the saved state is damaged; remove the directory to start anew\n"
    )


def test_what_is_no_lock(shop: Project) -> None:
    """Folders in the place of the files of the lock are told in one sentence, or replaced by nothing."""
    assert shop.run("apply", "--auto-approve").code == 0
    state = shop.folder / ".personalize-gitops" / "one"
    (state / "holder.json").mkdir()

    assert shop.run("apply", "--auto-approve").code == 0
    (state / "owner").unlink()
    (state / "owner").mkdir()
    shown, applied = shop.run("lock", "show"), shop.run("apply", "--auto-approve")

    assert (shown.code, shown.err) == (0, "")
    assert (applied.code, applied.err) == (1, "Error: .personalize-gitops/one: owner is not a file of this state\n")
