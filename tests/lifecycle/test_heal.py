"""`--heal` undoes what changed in the account since the last apply, and nothing else; it never deletes or replaces."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.hands import arns, by_hand, copied, pass_days, write_shop_project
from tests.support.project import Project


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A shop with tags and a protected campaign, applied once."""
    project = write_shop_project(tmp_path_factory.mktemp("applied"))
    project.edit(
        "shop.yaml", "kind: Project\nname: shop\nspec:\n", "kind: Project\nname: shop\nspec:\n  tags: {a: b}\n"
    )
    project.edit("shop.yaml", "minProvisionedTPS: 1}\n", "minProvisionedTPS: 1}\nlifecycle: {protect: true}\n")
    assert project.run("apply", "--auto-approve").code == 0
    return project


@pytest.fixture
def shop(applied: Project, tmp_path: Path) -> Project:
    """The shop with its account, of each test."""
    return copied(applied, tmp_path)


def planned(shop: Project, *options: str) -> dict[str, str]:
    """The action of each change that a plan makes, by address."""
    result = shop.run("plan", *options, "--output", "json")
    return {change["address"]: change["action"] for change in json.loads(result.out)["changes"] if change["actions"]}


def scale(shop: Project, tps: int) -> None:
    """Change the throughput of the campaign by hand, and wait for it."""
    (arn,) = arns(shop, "campaigns")
    with by_hand(shop) as client:
        client.update_campaign(campaignArn=arn, minProvisionedTPS=tps)
    pass_days(shop, 1)


def test_a_change_by_hand_is_undone(shop: Project) -> None:
    """A member, a tag and a protection that a colleague changed are as declared again; the second heal is empty."""
    scale(shop, 9)
    (campaign,), (solution,) = arns(shop, "campaigns"), arns(shop, "solutions")
    with by_hand(shop) as client:
        client.untag_resource(resourceArn=campaign, tagKeys=["personalize-gitops:protect"])
        client.untag_resource(resourceArn=solution, tagKeys=["a"])
    assert planned(shop, "--heal") == planned(shop) == {"Campaign/home": "update", "Solution/home": "update"}

    first, again = (shop.run("apply", "--heal", "--auto-approve") for _ in range(2))

    assert (first.code, again.code) == (0, 0)
    assert "No changes in the selected part." in again.out
    assert planned(shop) == {}


def test_an_edit_is_not_healed(shop: Project) -> None:
    """What was edited in Git since the last apply is left out, also where the account changed as well."""
    scale(shop, 9)
    shop.edit("shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    shop.edit("shop.yaml", "performAutoTraining: false", "performAutoTraining: true")
    shop.edit("shop.yaml", "kind: Filter\nname: bought", "kind: Filter\nname: sold\nrenamedFrom: Filter/bought")
    before = planned(shop)
    assert before == {"Campaign/home": "update", "Filter/sold": "update", "Solution/home": "update"}

    result = shop.run("apply", "--heal", "--auto-approve")

    assert result.code == 0
    assert planned(shop) == before
    assert "Campaign/home  update left out; the manifest changed since the last apply" in result.out


def test_nothing_is_deleted_or_replaced(shop: Project) -> None:
    """A removed document, an object that failed, and one that another took the place of are left out."""
    shop.edit("shop.yaml", "    local: {", "    local: {prune: true, ")
    text = (shop.manifests / "shop.yaml").read_text()
    shop.write("shop.yaml", text.split("---\nkind: Filter")[0])
    (solution,) = arns(shop, "solutions")
    before = planned(shop)
    assert before == {"Filter/bought": "delete"}

    result = shop.run("apply", "--heal", "--auto-approve")

    assert result.code == 0
    assert planned(shop) == before
    assert arns(shop, "solutions") == [solution]


def test_a_run_is_not_healed(shop: Project) -> None:
    """A due run, and the move of a campaign to a newer version, are not changes in the account."""
    shop.edit("shop.yaml", "solutionVersion: home, min", "solutionVersion: {solution: home, version: latest}, min")
    shop.edit("shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    assert shop.run("apply", "--auto-approve").code == 0
    (solution,) = arns(shop, "solutions")
    with by_hand(shop) as client:
        client.create_solution_version(solutionArn=solution)
    pass_days(shop, 1)
    shop.write("again.yaml", "kind: SolutionVersion\nname: again\nspec: {solution: home}\n")
    scale(shop, 9)

    assert planned(shop)["SolutionVersion/again"] == "run"
    assert planned(shop, "--heal") == {"Campaign/home": "update"}
    result = shop.run("apply", "--heal", "--auto-approve")

    assert result.code == 0
    assert planned(shop, "--heal") == {}
    assert "a newer version exists; apply moves the reference" in shop.run("plan", "--heal").out


def test_an_unknown_record_is_not_healed(shop: Project) -> None:
    """Without the record of the last apply, nobody knows what to heal; the same for an object that somebody tagged."""
    scale(shop, 9)
    (campaign,) = arns(shop, "campaigns")
    with by_hand(shop) as client:
        client.untag_resource(resourceArn=campaign, tagKeys=["personalize-gitops:applied"])

    result = shop.run("plan", "--heal")

    assert result.code == 0
    assert "Campaign/home  update left out; nothing in the account records what was last applied" in result.out


def test_a_heal_goes_on_after_a_deadline(shop: Project) -> None:
    """9 while the update is in progress; the same command waits for it and sends nothing twice."""
    scale(shop, 9)

    first = shop.run("apply", "--heal", "--auto-approve", "--no-wait")
    again = shop.run("apply", "--heal", "--auto-approve")

    assert (first.code, again.code) == (9, 0)
    assert "Campaign/home  wait" in again.out
    assert planned(shop) == {}


def delete_filter(shop: Project) -> None:
    """Delete the filter by hand, and wait for it."""
    (arn,) = arns(shop, "Filters")
    with by_hand(shop) as client:
        client.delete_filter(filterArn=arn)
    pass_days(shop, 1)


def test_what_a_destroy_has_deleted_is_not_healed(shop: Project) -> None:
    """A destroy that stopped half-way is not undone: what it was about to delete has no record any more."""
    shop.edit("shop.yaml", "\nlifecycle: {protect: true}\n", "\n")
    assert shop.run("apply", "--auto-approve").code == 0
    assert shop.run("destroy", "--auto-approve", "--no-wait").code == 9
    pass_days(shop, 1)

    assert planned(shop, "--heal") == {}
    assert "create left out; nothing in the account records what was last applied" in (shop.run("plan", "--heal").out)
    assert shop.run("destroy", "--auto-approve").code == 0


def test_an_empty_dataset_is_told(shop: Project) -> None:
    """A dataset that was deleted by hand is created again without its rows, so drift names the import that waits."""
    delete_filter(shop)
    (arn,) = arns(shop, "datasets")
    with by_hand(shop) as client:
        client.delete_dataset(datasetArn=arn)
    pass_days(shop, 1)

    result = shop.run("apply", "--heal", "--auto-approve")
    drift = shop.run("drift")

    assert result.code == 0
    assert "DatasetImportJob/events  run left out; not a change in the account" in result.out
    assert "DatasetImportJob/events  unapplied  never ran" in drift.out  # a dataset takes its import jobs along


def test_a_missing_resource_is_created_again(shop: Project) -> None:
    """The dataset group records what was last applied, so a document without an object was not just added."""
    delete_filter(shop)
    shop.write("new.yaml", "kind: Solution\nname: new\nspec: {datasetGroup: shop, recipe: aws-similar-items}\n")
    assert planned(shop) == {"Filter/bought": "create", "Solution/new": "create"}

    result = shop.run("apply", "--heal", "--auto-approve")

    assert result.code == 0
    assert planned(shop) == {"Solution/new": "create"}
    assert "Solution/new  create left out; nothing in the account records what was last applied" in result.out


def test_a_missing_resource_with_an_edit_is_not_created(shop: Project) -> None:
    """Its document is not the one that was last applied; an apply of other changes forgets neither."""
    delete_filter(shop)
    scale(shop, 9)
    assert planned(shop, "--heal") == {"Campaign/home": "update", "Filter/bought": "create"}
    shop.edit("shop.yaml", '("like")', '("watch")')
    assert planned(shop, "--heal") == {"Campaign/home": "update"}
    shop.edit("shop.yaml", '("watch")', '("like")')

    assert shop.run("apply", "--auto-approve", "--exclude", "Filter/bought").code == 0

    assert planned(shop, "--heal") == {"Filter/bought": "create"}


def test_what_was_removed_on_purpose_is_not_healed(shop: Project) -> None:
    """A resource that an apply has deleted is new when its document comes back."""
    text = (shop.manifests / "shop.yaml").read_text()
    pruning = text.replace("    local: {", "    local: {prune: true, ")
    shop.write("shop.yaml", pruning.split("---\nkind: Filter")[0])
    assert shop.run("apply", "--auto-approve").code == 0
    shop.write("shop.yaml", text)

    assert planned(shop) == {"Filter/bought": "create"}
    assert planned(shop, "--heal") == {}
