"""Whose things are: taken over, left to themselves, taken down only so many at once, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import fits
from tests.support.project import Project

PROJECT = """
kind: Project
name: shop
spec:
  targets:
    local: {emulator: {state: state}}
"""
GROUP = "---\nkind: DatasetGroup\nname: {}\nspec: {{}}\nlifecycle: {{onRemove: delete}}\n"
GROUPS = "".join(map(GROUP.format, ("one", "two", "three")))
TWO = GROUP.format("two")


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """Three dataset groups, applied."""
    project = Project(tmp_path)
    project.write("project.yaml", PROJECT)
    project.write("groups.yaml", GROUPS)
    assert project.run("apply", "--auto-approve").code == 0
    return project


def test_forgetting_and_taking_back(shop: Project) -> None:
    """A plan file remembers what it forgets and what it adopts; afterwards nothing is left to do."""
    shop.edit("groups.yaml", TWO, "")

    planned = shop.run("plan", "--forget", "DatasetGroup/two", "--out", "plan.json")
    assert planned.code == 2
    assert planned.out.startswith(
        ".   DatasetGroup/two  forget  requested by --forget; the object stays in the account\n"
    )
    assert "Plan: 1 to forget, 2 in sync." in planned.out
    document = fits("plan", (shop.folder / "plan.json").read_text())
    assert (document["adopt"], document["forget"]) == (False, ["DatasetGroup/two"])
    assert document["changes"][0]["actions"] == ["forget"]
    applied = shop.run("apply", "plan.json", "--auto-approve", "--output", "text", "--output", "json=end.json")
    assert applied.code == 0
    assert "Applied: 1 forgotten." in applied.out
    assert fits("apply", (shop.folder / "end.json").read_text())["steps"][0]["verb"] == "forget"
    assert shop.run("plan").out == "No changes. 2 in sync.\n"

    shop.write("two.yaml", TWO)
    assert shop.run("apply", "--auto-approve").code == 5
    assert shop.run("plan", "--adopt", "--out", "plan.json").err == "Next: personalize-gitops apply plan.json\n"
    assert json.loads((shop.folder / "plan.json").read_text())["adopt"] is True
    assert shop.run("apply", "plan.json", "--auto-approve").code == 0
    assert shop.run("plan").out == "No changes. 3 in sync.\n"


def test_what_to_type_next_repeats_what_was_asked(shop: Project) -> None:
    """Without a plan file, apply is told the same as plan was."""
    shop.edit("groups.yaml", TWO, "")

    result = shop.run("plan", "--adopt", "--forget", "DatasetGroup/two")

    assert result.err == "Next: personalize-gitops apply --adopt --forget DatasetGroup/two\n"
    assert shop.run("apply", "--forget", "DatasetGroup/two", "--auto-approve").code == 0
    assert shop.run("plan").code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("plan", "--forget", "DatasetGroup/one"),
            "--forget DatasetGroup/one: it is declared at manifests/groups.yaml:2",
        ),
        (("apply", "--forget", "one"), 'invalid address "one": expected Kind/name'),
        (("plan", "--rerun", "DatasetGroup/one"), "--rerun DatasetGroup/one: DatasetGroup is not a run"),
        (("apply", "--replace", "DatasetGroup/on"), 'no document declares it; did you mean "DatasetGroup/one"?'),
        (("plan", "--only", "DatasetGroup/x", "y"), 'invalid address "y": expected Kind/name'),
        (("plan", "--destroy", "--adopt"), "it excludes --adopt"),
        (("apply", "plan.json", "--adopt"), "plan.json records its choices; pass --adopt to `plan`"),
    ],
)
def test_what_makes_no_sense_is_an_error(shop: Project, arguments: tuple[str, ...], told: str) -> None:
    """Exit code 1 and a sentence that says what to do."""
    shop.run("plan", "--out", "plan.json")

    result = shop.run(*arguments)

    assert result.code == 1
    assert told in result.err


def test_deletions_are_capped_whatever_asks_for_them(shop: Project) -> None:
    """Prune, replacement and destroy alike, from a plan file or not: 5, the number, the cap, and what to do."""
    shop.edit("project.yaml", "local: {", "local: {prune: true, limits: {maxDeletes: 1}, ")
    shop.write("groups.yaml", GROUP.format("one"))
    told = (
        "deletions, replacements included, and limits.maxDeletes of target local allows 1; "
        "if every deletion is intended, raise the limit in the project file"
    )

    planned = shop.run("plan", "--out", "plan.json")
    assert (planned.code, planned.err) == (2, "")
    assert f"Refused: 2 {told}.\n" in planned.out
    document = fits("plan", (shop.folder / "plan.json").read_text())
    assert (document["applyable"], document["refusal"]["text"]) == (False, f"2 {told}")
    destroying = shop.run("plan", "--destroy", "--out", "end.json")
    assert f"Refused: 3 {told}.\n" in destroying.out
    for command in ("apply",), ("apply", "plan.json"), ("destroy",), ("apply", "end.json"):
        result = shop.run(*command, "--auto-approve")
        number = 2 if command in (("apply",), ("apply", "plan.json")) else 3
        assert (result.code, result.err) == (5, f"Error: {number} {told}. Nothing was changed\n")
    assert "3 of 3 ready." in shop.run("status").out

    replaced = (
        "kind: DatasetGroup\nname: @\nspec: {domain: ECOMMERCE}\nlifecycle: {onRemove: delete, replace: recreate}\n"
    )
    both = "---\n".join(replaced.replace("@", name) for name in ("one", "two"))
    shop.write("groups.yaml", both + GROUP.format("three"))
    assert shop.run("apply", "--auto-approve").err == f"Error: 2 {told}. Nothing was changed\n"

    shop.edit("project.yaml", "maxDeletes: 1", "maxDeletes: 3")
    assert shop.run("destroy", "--auto-approve").code == 0


def test_prune_refuses_a_large_share(shop: Project) -> None:
    """A lost file: 5 with the numbers and the remedy, shown by plan in text and JSON; the remedy works."""
    shop.write("four.yaml", GROUP.format("four"))
    shop.edit("project.yaml", "local: {", "local: {prune: true, ")
    assert shop.run("apply", "--auto-approve").code == 0
    (shop.manifests / "groups.yaml").unlink()
    told = (
        "prune would delete 3 of 4 owned resources, more than 30%; "
        "if every deletion is intended, set limits.maxDeletes of target local to 3"
    )

    planned = shop.run("plan", "--out", "plan.json")
    assert f"Refused: {told}.\n" in planned.out
    document = fits("plan", (shop.folder / "plan.json").read_text())
    assert (document["applyable"], document["refusal"]["code"]) == (False, "too_many_pruned")
    for command in ("apply",), ("apply", "plan.json"):
        result = shop.run(*command, "--auto-approve")
        assert (result.code, result.err) == (5, f"Error: {told}. Nothing was changed\n")

    shop.edit("project.yaml", "prune: true, ", "prune: true, limits: {maxDeletes: 3}, ")
    assert "Applied: 3 deleted." in shop.run("apply", "--auto-approve").out


def test_a_part_of_the_deletions_is_counted_by_itself(shop: Project) -> None:
    """The share is that of what the selected part prunes; a part that is too large is refused as the whole is."""
    shop.write("four.yaml", GROUP.format("four"))
    shop.edit("project.yaml", "local: {", "local: {prune: true, ")
    assert shop.run("apply", "--auto-approve").code == 0
    (shop.manifests / "groups.yaml").unlink()
    addresses = ("DatasetGroup/one", "DatasetGroup/two", "DatasetGroup/three")

    refused = shop.run("apply", "--only", *addresses, "--auto-approve")
    assert (refused.code, "prune would delete 3 of 4 owned resources" in refused.err) == (5, True)

    applied = shop.run("apply", "--only", *addresses[:2], "--auto-approve")
    assert applied.code == 0
    assert "The plan is not complete: it leaves out DatasetGroup/three.\n" in applied.out
    assert "Applied: 2 deleted." in applied.out


def test_an_empty_folder_takes_nothing_down(shop: Project) -> None:
    """With prune on and no document left, apply has nothing to do."""
    shop.edit("project.yaml", "local: {", "local: {prune: true, ")
    shop.write("groups.yaml", "")

    result = shop.run("apply", "--auto-approve")

    assert result.code == 0
    assert "`destroy` deletes everything" in result.out
    assert "3 of 3 ready." in shop.run("status").out
