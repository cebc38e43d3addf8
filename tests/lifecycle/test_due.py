"""`--due` starts the runs that are due again and makes the moves they cause, and nothing that was edited in Git."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.hands import arns, by_hand, copied, pass_days, write_shop_project
from tests.support.project import Project

WEEKLY = "spec: {solution: home}\nrun: {when: [config, data], every: 7d}"


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop with a weekly training, applied once."""
    project = write_shop_project(tmp_path_factory.mktemp("applied"))
    project.edit("shop.yaml", "spec: {solution: home}\nrun: {when: [config, data]}", WEEKLY)
    assert project.run("apply", "--auto-approve").code == 0
    return project


@pytest.fixture
def shop(applied: Project, tmp_path: Path) -> Project:
    """The shop with its account, of each test."""
    return copied(applied, tmp_path)


def add_rows(shop: Project) -> None:
    """Give the import new data."""
    with (shop.folder / "data" / "interactions.csv").open("a") as file:
        file.write("p1,m1,watch,3,1700099999\n")


def planned(shop: Project, *options: str) -> dict[str, str]:
    """The action of each change that a plan makes, by address."""
    result = shop.run("plan", *options, "--output", "json")
    return {change["address"]: change["action"] for change in json.loads(result.out)["changes"] if change["actions"]}


def campaign(shop: Project) -> dict[str, object]:
    """The campaign, as the service describes it."""
    (arn,) = arns(shop, "campaigns")
    with by_hand(shop) as client:
        found: dict[str, object] = client.describe_campaign(campaignArn=arn)["campaign"]
    return found


def edit_everything(shop: Project) -> None:
    """Edit, add and remove documents: changes that only an apply without --due makes."""
    shop.edit("shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    shop.edit("shop.yaml", "popularity_discount_factor: 0.3", "popularity_discount_factor: 0.5")
    shop.edit("shop.yaml", "    local: {", "    local: {prune: true, ")
    text = (shop.manifests / "shop.yaml").read_text()
    shop.write("shop.yaml", text.split("---\nkind: Filter")[0])
    shop.write("more.yaml", "kind: Solution\nname: more\nspec: {datasetGroup: shop, recipe: aws-similar-items}\n")
    shop.write("runs.yaml", "kind: SolutionVersion\nname: more\nspec: {solution: more}\n")
    shop.write("again.yaml", "kind: SolutionVersion\nname: again\nspec: {solution: home}\n")


def test_nothing_is_due(shop: Project) -> None:
    """Before its time nothing runs: not for an edit, not for a removed or a new document."""
    edit_everything(shop)
    before = planned(shop)
    assert before == {
        "Campaign/home": "update",
        "Filter/bought": "delete",
        "Solution/home": "replace",
        "Solution/more": "create",
        "SolutionVersion/again": "run",
        "SolutionVersion/home": "run",
        "SolutionVersion/more": "run",
    }

    result = shop.run("apply", "--due", "--auto-approve")

    assert result.code == 0
    assert planned(shop, "--due") == {}
    assert planned(shop) == before
    assert "SolutionVersion/more   run left out; it needs Solution/more, which is not in the account" in result.out
    assert "SolutionVersion/again  run left out; it never ran; an apply without --due starts it" in result.out


def test_what_is_due_runs_beside_edits(shop: Project) -> None:
    """After its time the training runs on the solution of the account, and the campaign moves; its edit is left."""
    edit_everything(shop)
    pass_days(shop, 8)
    assert planned(shop, "--due") == {"Campaign/home": "update", "SolutionVersion/home": "run"}
    (solution,) = arns(shop, "solutions")

    result = shop.run("apply", "--due", "--auto-approve")

    assert result.code == 0
    assert "Plan: 1 to update, 1 to run, 5 left out, 4 in sync." in result.out
    assert "uses Solution/home as in the account, without the changes of the manifests" in result.out
    assert "minProvisionedTPS left out" in result.out
    _, newest = arns(shop, "solutionVersions")
    assert newest.startswith(solution)
    moved = campaign(shop)
    assert (moved["solutionVersionArn"], moved["minProvisionedTPS"]) == (newest, 1)
    assert arns(shop, "solutions") == [solution]
    assert len(arns(shop, "Filters")) == 1
    assert planned(shop, "--due") == {}
    drift = json.loads(shop.run("drift", "--output", "json").out)["drift"]
    assert ("Campaign/home", "unapplied") in {(item["address"], item["finding"]) for item in drift}


def test_new_data_is_imported_and_trained_on(shop: Project) -> None:
    """`when: [data]`: the import, the training that its rows feed, and the move of the campaign."""
    add_rows(shop)

    result = shop.run("apply", "--due", "--auto-approve")

    assert result.code == 0
    assert "Applied: 2 run, 1 updated." in result.out
    assert planned(shop) == {}


def test_a_campaign_follows_the_newest_version(shop: Project) -> None:
    """`{solution, version: latest}` moves to the version that the due run makes."""
    shop.edit("shop.yaml", "solutionVersion: home", "solutionVersion: {solution: home, version: latest}")
    assert shop.run("apply", "--auto-approve").code == 0
    pass_days(shop, 8)

    assert shop.run("apply", "--due", "--auto-approve").code == 0

    assert campaign(shop)["solutionVersionArn"] == arns(shop, "solutionVersions")[1]
    assert planned(shop) == {}


def test_an_edited_reference_is_not_a_move(shop: Project) -> None:
    """A campaign that Git moved to the runs of another document stays, also when those are due."""
    shop.write("again.yaml", f"kind: SolutionVersion\nname: again\n{WEEKLY}\n")
    assert shop.run("apply", "--auto-approve").code == 0
    shop.edit("shop.yaml", "solutionVersion: home", "solutionVersion: again")
    pass_days(shop, 8)

    assert planned(shop, "--due") == {"SolutionVersion/again": "run", "SolutionVersion/home": "run"}


def test_a_deadline_is_continued(shop: Project) -> None:
    """9 at the deadline; the same command goes on waiting, starts nothing twice, and makes the move at the end."""
    pass_days(shop, 8)
    shop.edit("shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")

    codes = [shop.run("apply", "--due", "--auto-approve", "--deadline", "15m").code for _ in range(8)]

    assert codes[:3] == [9, 9, 9]
    assert codes[-1] == 0
    assert len(arns(shop, "solutionVersions")) == 2
    moved = campaign(shop)
    assert (moved["solutionVersionArn"], moved["minProvisionedTPS"]) == (arns(shop, "solutionVersions")[1], 1)
    assert planned(shop) == {"Campaign/home": "update"}


def test_a_failed_run_is_due(shop: Project) -> None:
    """A run that failed is started again; the command that continues a broken one keeps the choice."""
    pass_days(shop, 8)
    first = shop.run("apply", "--due", "--auto-approve", "--no-wait")
    (_, failing) = arns(shop, "solutionVersions")
    with by_hand(shop) as client:
        client.stop_solution_version_creation(solutionVersionArn=failing)

    result = shop.run("apply", "--due", "--auto-approve")

    assert first.err.endswith("Next: personalize-gitops apply --due\n")
    assert result.code == 0
    assert len(arns(shop, "solutionVersions")) == 3


def test_a_new_import_does_not_make_a_training_due(shop: Project) -> None:
    """A document that never ran is left out, and its data is not counted as trained on."""
    shop.write(
        "import.yaml",
        "kind: DatasetImportJob\nname: more\nspec:\n  dataset: events\n  importMode: INCREMENTAL\n"
        "  dataSource: {dataLocation: s3://shop/interactions.csv}\n"
        "  roleArn: arn:aws:iam::123456789012:role/data\n",
    )

    assert planned(shop, "--due") == {}
    assert planned(shop)["SolutionVersion/home"] == "run"


def test_an_edited_run_is_not_due(shop: Project) -> None:
    """An import from another place would overwrite the rows: it waits for an apply that was approved, and is told."""
    (shop.folder / "data" / "other.csv").write_bytes((shop.folder / "data" / "interactions.csv").read_bytes())
    shop.edit("shop.yaml", "s3://shop/interactions.csv", "s3://shop/other.csv")

    assert planned(shop, "--due") == {}
    assert "DatasetImportJob/events  run left out; the manifest changed since the last apply" in (
        shop.run("plan", "--due").out
    )
    assert planned(shop)["DatasetImportJob/events"] == "run"


def test_a_run_that_deletes_data_is_never_due(shop: Project) -> None:
    """A data deletion job is left out, although its edit would start it."""
    deletion = (
        "kind: DataDeletionJob\nname: gone\nspec:\n  datasetGroup: shop\n"
        "  dataSource: {dataLocation: s3://shop/gone.csv}\n  roleArn: arn:aws:iam::123456789012:role/data\n"
    )
    shop.write("deletion.yaml", deletion)
    (shop.folder / "data" / "gone.csv").write_text("USER_ID\np1\n")
    assert shop.run("apply", "--auto-approve").code == 0
    shop.edit("deletion.yaml", "role/data", "role/other")

    assert planned(shop, "--due") == {}
    assert "DataDeletionJob/gone  run left out; it deletes every row of the users" in shop.run("plan", "--due").out
    assert planned(shop)["DataDeletionJob/gone"] == "run"


def test_a_saved_plan_keeps_the_scope(shop: Project) -> None:
    """A plan file records `--due`: apply makes only that, and what is left after a deadline."""
    pass_days(shop, 8)
    edit_everything(shop)
    assert shop.run("plan", "--due", "--out", "plan.json").code == 2

    assert shop.run("apply", "plan.json", "--no-wait").code == 9
    assert shop.run("plan", "--check", "plan.json").code == 0
    assert shop.run("apply", "plan.json").code == 0

    assert planned(shop, "--due") == {}
    assert "Solution/home" in planned(shop)
    assert "plan.json records its choices; pass --due to `plan`" in shop.run("apply", "plan.json", "--due").err


def test_a_part_of_what_is_due(shop: Project) -> None:
    """`--exclude` leaves out a due run, and the move that needs it."""
    pass_days(shop, 8)

    assert planned(shop, "--due", "--exclude", "SolutionVersion/home") == {}
    assert planned(shop, "--due", "--only", "SolutionVersion/home") == {"SolutionVersion/home": "run"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--adopt"], "--due makes no other changes: it excludes --adopt"),
        (["--replace", "Filter/bought"], "--due makes no other changes: it excludes --replace"),
        (["--rerun", "SolutionVersion/home"], "--due makes no other changes: it excludes --rerun"),
        (["--heal"], "argument --heal: not allowed with argument --due"),
    ],
)
def test_due_takes_no_other_choice(shop: Project, options: list[str], message: str) -> None:
    """What would change more is an error."""
    result = shop.run("apply", "--due", *options)

    assert result.code == 1
    assert message in result.err
