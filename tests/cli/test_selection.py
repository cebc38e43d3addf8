"""`--only` and `--exclude` on the command line, in the text and JSON of plans, and in plan files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.project import Project
from tests.support.shop import write_shop


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    """The smallest complete project, not applied yet."""
    write_shop(tmp_path)
    return Project(tmp_path)


def test_a_partial_plan_says_so(shop: Project) -> None:
    """What is included and left out is in the text and the JSON; several addresses follow one option."""
    choice = ("--only", "Dataset/events", "DatasetGroup/shop")

    text = shop.run("plan", *choice)
    found = json.loads(shop.run("plan", *choice, "--output", "json").out)

    assert text.code == 2
    assert [line for line in text.out.splitlines() if "not complete" in line or "Included" in line] == [
        "Included because the selection needs it: Schema/events.",
        (
            "The plan is not complete: it leaves out Campaign/home, DatasetImportJob/events, Filter/bought, "
            "Solution/home, SolutionVersion/home."
        ),
    ]
    assert text.err == "Next: personalize-gitops apply --only Dataset/events --only DatasetGroup/shop\n"
    assert (found["complete"], found["only"], found["included"]) == (
        False,
        ["Dataset/events", "DatasetGroup/shop"],
        ["Schema/events"],
    )
    assert [change["address"] for change in found["changes"]] == [
        "Dataset/events",
        "DatasetGroup/shop",
        "Schema/events",
    ]
    assert json.loads(shop.run("plan", "--output", "json").out)["complete"] is True


def test_nothing_to_do_in_a_part(shop: Project) -> None:
    """The wording does not claim more than the part; the code is 0."""
    assert shop.run("apply", "--only", "Solution/home", "--auto-approve").code == 0

    result = shop.run("plan", "--only", "Solution/home")

    assert result.code == 0
    assert result.out.startswith("No changes in the selected part. 5 in sync.\nThe plan is not complete: it leaves out")
    assert shop.run("plan").code == 2


def test_prune_only_what_is_selected(shop: Project) -> None:
    """A deletion that is not selected is not made."""
    assert shop.run("apply", "--auto-approve").code == 0
    text = (shop.manifests / "shop.yaml").read_text()
    kept = [part for part in text.split("---\n") if "kind: Filter" not in part and "kind: Campaign" not in part]
    shop.write("shop.yaml", "---\n".join(kept).replace("local: {", "local: {prune: true, "))

    assert shop.run("apply", "--only", "Filter/bought", "--auto-approve").code == 0

    left = json.loads(shop.run("plan", "--output", "json").out)
    assert [change["address"] for change in left["changes"]] == ["Campaign/home"]


def test_a_plan_file_keeps_the_selection(shop: Project) -> None:
    """The file makes the part that it shows; the rest is still to do."""
    assert shop.run("plan", "--exclude", "Dataset/events", "Filter/bought", "--out", "plan.json").code == 2

    assert shop.run("apply", "plan.json").code == 0
    assert "is already applied" in shop.run("apply", "plan.json").err

    left = json.loads(shop.run("plan", "--output", "json").out)
    assert [change["address"] for change in left["changes"]] == [
        "Campaign/home",
        "Dataset/events",
        "DatasetImportJob/events",
        "Filter/bought",
        "Solution/home",
        "SolutionVersion/home",
    ]


def test_a_plan_file_keeps_what_is_repeated(shop: Project) -> None:
    """A run and a replacement on purpose are made once, however often the file is applied."""
    assert shop.run("apply", "--auto-approve").code == 0
    choices = ("--rerun", "DatasetImportJob/events", "--replace", "Filter/bought")
    assert shop.run("plan", *choices, "--out", "plan.json").code == 2
    found = json.loads((shop.folder / "plan.json").read_text())
    assert (found["rerun"], found["replace"]) == (["DatasetImportJob/events"], ["Filter/bought"])

    assert shop.run("apply", "plan.json", "--no-wait").code == 9
    assert shop.run("apply", "plan.json").code == 0

    assert "is already applied" in shop.run("apply", "plan.json").err
    assert shop.run("plan").code == 0


def test_a_plan_file_of_a_part_beside_a_kept_object(shop: Project) -> None:
    """A replaced object that stays for a while is shown with the part and is not one of its changes."""
    assert shop.run("apply", "--auto-approve").code == 0
    shop.edit("shop.yaml", "popularity_discount_factor: 0.3", "popularity_discount_factor: 0.6")
    shop.edit("shop.yaml", "kind: Solution\n", "kind: Solution\nlifecycle: {retireAfter: 7d}\n")
    assert shop.run("apply", "--auto-approve").code == 0
    version = "SolutionVersion/home"
    assert "1 kept" in shop.run("plan", "--rerun", version, "--only", version, "--out", "plan.json").out

    assert shop.run("apply", "plan.json", "--no-wait").code == 9
    assert shop.run("apply", "plan.json").code == 0

    assert "is already applied" in shop.run("apply", "plan.json").err


@pytest.mark.parametrize("option", ["--rerun", "--replace", "--only", "--exclude"])
def test_a_plan_file_takes_no_other_choice(shop: Project, option: str) -> None:
    """The file records its choices: another one on the command line is an error."""
    shop.run("plan", "--out", "plan.json")

    result = shop.run("apply", "plan.json", option, "Filter/bought")

    assert result.code == 1
    assert f"plan.json records its choices; pass {option} to `plan`" in result.err


def test_a_plan_file_is_its_own_approval(shop: Project) -> None:
    """Without a terminal and without --auto-approve: a plan file is applied, a plan made now is not."""
    shop.run("plan", "--only", "DatasetGroup/shop", "--out", "plan.json")

    assert "pass --auto-approve" in shop.run("apply").err
    assert shop.run("apply", "plan.json").code == 0


def test_a_stopped_apply_repeats_its_choices(shop: Project) -> None:
    """The command that continues has the same selection, and no choice of what has begun: it would begin twice."""
    assert shop.run("apply", "--auto-approve").code == 0
    choices = ("--rerun", "SolutionVersion/home", "--exclude", "Filter/bought", "--adopt")

    stopped = shop.run("apply", *choices, "--no-wait", "--auto-approve")

    assert stopped.code == 9
    assert stopped.err.splitlines()[-1] == "Next: personalize-gitops apply --adopt --exclude Filter/bought"
    assert shop.run("apply", "--adopt", "--exclude", "Filter/bought", "--auto-approve").code == 0
    assert shop.run("plan").code == 0


def test_a_stopped_apply_repeats_what_has_not_begun(shop: Project) -> None:
    """A training that waits for the import before it is chosen again; the import is not."""
    assert shop.run("apply", "--auto-approve").code == 0
    runs = ("DatasetImportJob/events", "SolutionVersion/home")

    stopped = shop.run("apply", "--rerun", *runs, "--no-wait", "--auto-approve")

    assert stopped.code == 9
    assert stopped.err.splitlines()[-1] == "Next: personalize-gitops apply --rerun SolutionVersion/home"
