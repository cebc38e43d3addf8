"""`import`: what is written, what is left out and why, and what stays as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import jsonschema  # type: ignore[import-untyped]  # it comes with moto, without types
import pytest
from ruamel.yaml import YAML

from personalize_gitops.catalog.quotas import QUOTAS
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.errors import InvalidChoice, UsageError
from personalize_gitops.importing import import_into
from personalize_gitops.model.action import Action
from personalize_gitops.model.tags import ADDRESS, PROJECT
from personalize_gitops.render.importing import text
from personalize_gitops.session import open_session
from tests.render.test_json import SCHEMAS
from tests.support.large import apply_large
from tests.support.project import Project
from tests.support.world import START, World, actions, emulated

HEAD = "kind: Project\nname: mine\nspec:\n  targets: {local: {emulator: {state: state}"
AVRO = {
    "type": "record",
    "name": "Interactions",
    "namespace": "com.amazonaws.personalize.schema",
    "version": "1.0",
    "fields": [
        {"name": "USER_ID", "type": "string"},
        {"name": "ITEM_ID", "type": "string"},
        {"name": "EVENT_TYPE", "type": "string"},
        {"name": "TIMESTAMP", "type": "long"},
    ],
}
LIKED = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")'


class Account:
    """An account without trained models, as people made it by hand."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.client: Any = boto3.client("personalize", region_name="us-east-1")
        self.groups = {name: self.group(name) for name in ("shop", "films")}

    def group(self, name: str) -> str:
        schema = self.client.create_schema(name=f"{name}-schema", schema=json.dumps(AVRO))["schemaArn"]
        group: str = self.client.create_dataset_group(name=name)["datasetGroupArn"]
        self.world.clock.sleep(3600)
        named = {"name": f"{name}-events", "datasetType": "Interactions"}
        self.client.create_dataset(**named, datasetGroupArn=group, schemaArn=schema)
        self.world.clock.sleep(3600)
        for filter_ in ("liked", "seen"):
            name_ = f"{name}-{filter_}"
            self.client.create_filter(name=name_, datasetGroupArn=group, filterExpression=LIKED)
        self.world.clock.sleep(3600)
        return group

    def project(self, settings: str = "") -> Path:
        """Write a project without documents."""
        (self.folder / "manifests").mkdir(exist_ok=True)
        (self.folder / "manifests" / "project.yaml").write_text(f"{HEAD}{settings}}}}}\n")
        return self.folder / "manifests"

    def imported(self, *groups: str, explicit: bool = False) -> str:
        """Import into the project, and return the report."""
        manifests = self.folder / "manifests"
        return text(import_into(self.world.session(manifests), manifests, frozenset(groups), explicit=explicit))

    def adopts(self) -> set[str]:
        """Return the addresses that a plan adopts; it does nothing else."""
        found = actions(self.world.plan(self.folder / "manifests", adopt=True))
        assert {*found.values()} <= {Action.ADOPT}
        return {*found}


@pytest.fixture
def account(world: World, tmp_path: Path) -> Account:
    return Account(world, tmp_path)


def test_files_look_as_people_write_them(account: Account) -> None:
    """Each dataset group has a file, schemas are files of their own, and references are names."""
    manifests = account.project()

    account.imported()

    files = sorted(path.relative_to(manifests).as_posix() for path in manifests.rglob("*.*"))
    schemas = ["schemas/films-schema.avsc", "schemas/shop-schema.avsc"]
    assert files == ["films.yaml", "project.yaml", *schemas, "shop.yaml"]
    assert json.loads((manifests / schemas[0]).read_text()) == AVRO
    assert (
        (manifests / "shop.yaml").read_text()
        == f"""\
kind: DatasetGroup
name: shop
spec: {{}}
---
kind: Schema
name: shop-schema
spec:
  schema: {{file: schemas/shop-schema.avsc}}
---
kind: Dataset
name: shop-events
spec:
  datasetGroup: shop
  datasetType: Interactions
  schema: shop-schema
---
kind: Filter
name: shop-liked
spec:
  datasetGroup: shop
  filterExpression: {LIKED}
---
kind: Filter
name: shop-seen
spec:
  datasetGroup: shop
  filterExpression: {LIKED}
"""
    )


def test_a_second_import_adds_new_documents_in_new_files(account: Account) -> None:
    """Files that exist stay as they are, with their comments; what is declared already is not written again."""
    manifests = account.project()
    account.imported()
    (manifests / "shop.yaml").write_text(f"# by hand\n{(manifests / 'shop.yaml').read_text()}")
    before = {path: path.read_bytes() for path in manifests.rglob("*.*")}
    account.client.create_filter(name="shop-new", datasetGroupArn=account.groups["shop"], filterExpression=LIKED)
    account.world.clock.sleep(3600)

    told = account.imported()

    assert {path: path.read_bytes() for path in before} == before
    assert {*manifests.rglob("*.*")} - {*before} == {manifests / "shop-2.yaml"}
    assert "1 resource imported (1 exact, 0 defaulted), 0 left out, 10 declared already." in told
    assert "Filter/shop-new" in account.adopts()


def test_what_is_ours_comes_back_after_its_file_is_lost(account: Account) -> None:
    """Objects that the project owns and no document declares any more get documents again, and the plan is empty."""
    manifests = account.project()
    account.imported()
    account.world.carry_out(account.world.plan(manifests, adopt=True))
    (manifests / "shop.yaml").unlink()

    told = account.imported()

    assert "5 resources imported (5 exact, 0 defaulted), 0 left out, 5 declared already." in told
    assert account.adopts() == set()


def test_nothing_is_written_when_everything_is_declared(account: Account) -> None:
    """A third import finds nothing new, and writes no file."""
    manifests = account.project()
    account.imported()
    before = {*manifests.rglob("*.*")}

    told = account.imported()

    assert {*manifests.rglob("*.*")} == before
    assert "Wrote" not in told
    assert "0 resources imported (0 exact, 0 defaulted), 0 left out, 10 declared already." in told


def test_what_cannot_be_adopted_is_left_out_with_what_refers_to_it(account: Account) -> None:
    """Objects of others, failed ones and those that are being deleted have no document, nor has what is in them."""
    account.project()
    theirs = {PROJECT: "other/prod", ADDRESS: "DatasetGroup/films"}
    account.world.tag_by_hand(account.groups["films"], theirs)
    account.world.emulator.faults.fail("Filter", reason="no such column")
    account.client.create_filter(name="broken", datasetGroupArn=account.groups["shop"], filterExpression=LIKED)
    account.world.clock.sleep(3600)
    account.client.delete_filter(filterArn=account.world.cloud.find(account.world.kinds["Filter"], "shop-seen", {}))

    told = account.imported()

    assert "  DatasetGroup films: belongs to project other/prod\n" in told
    assert "  Dataset films-events: refers to DatasetGroup/films, which is left out\n" in told
    assert "  Filter films-liked, films-seen: refers to DatasetGroup/films, which is left out\n" in told
    assert "  Filter broken: its creation failed: no such column\n" in told
    assert "  Filter shop-seen: is being deleted\n" in told
    assert account.adopts() == {"DatasetGroup/shop", "Dataset/shop-events", "Filter/shop-liked"}


def test_names_lose_the_prefix_and_suffix_of_the_target(account: Account) -> None:
    """An object whose name they cannot make is left out."""
    manifests = account.project(", naming: {prefix: shop-, suffix: ed}")

    told = account.imported("shop")

    assert "DatasetGroup shop: the target's prefix and suffix cannot make the name shop\n" in told
    assert "Filter shop-liked, shop-seen: refers to DatasetGroup/shop, which is left out\n" in told
    account.client.create_dataset_group(name="shop-renamed")
    account.world.clock.sleep(3600)
    account.imported("shop-renamed")
    assert "name: renam\n" in (manifests / "shop-renamed.yaml").read_text()
    assert account.adopts() == {"DatasetGroup/renam"}


def test_a_dataset_group_comes_alone(account: Account) -> None:
    """Only what is in it is imported, with the schemas of its datasets; a misspelt name is told."""
    manifests = account.project()

    told = account.imported("films")

    assert "5 resources imported" in told
    assert not (manifests / "shop.yaml").exists()
    with pytest.raises(InvalidChoice, match="no such dataset group") as error:
        account.imported("film")
    assert error.value.suggestion
    assert error.value.suggestion.params["candidate"] == "films"


def test_explicit_writes_the_defaults(account: Account) -> None:
    """Without --explicit they are left out, and the report names them."""
    manifests = account.project()
    recipe = "arn:aws:personalize:::recipe/aws-similar-items"
    account.client.create_solution(name="home", datasetGroupArn=account.groups["shop"], recipeArn=recipe)
    account.world.clock.sleep(60)
    told = account.imported("shop")
    short = (manifests / "shop.yaml").read_text()
    (manifests / "shop.yaml").unlink()

    account.imported("shop", explicit=True)

    explicit = (manifests / "shop.yaml").read_text()
    assert "  Solution/home: performHPO, performAutoML, performAutoTraining" in told
    assert "name: home\nspec:\n  datasetGroup: shop\n  recipe: aws-similar-items\n" in short
    assert "performAutoTraining" not in short
    assert "performAutoTraining: true\n" in explicit
    assert "popularity_discount_factor: " in explicit
    assert account.adopts() >= {"Solution/home"}


def test_what_manifests_cannot_declare_is_left_out(account: Account) -> None:
    """An object whose tags leave no room for ours has no document, and the report says why."""
    account.project()
    account.world.tag_by_hand(account.groups["films"], {f"key-{number}": "x" for number in range(45)})

    told = account.imported()

    assert "  DatasetGroup films: 45 tags and " in told
    assert "  Dataset films-events: refers to DatasetGroup/films, which is left out\n" in told
    assert "DatasetGroup/shop" in account.adopts()


def test_text_of_others_stays_text(account: Account) -> None:
    """Tags, expressions and failures with invisible characters and YAML's own are valid manifests, and told escaped."""
    manifests = account.project()
    tags = {"a: b": "one\u2028two\u00a0x", "yes": "= @no", "1": "- :\u2029", "empty": ""}
    odd = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("${env:HOME}", "\x1b[31m", "\x07\u202e: #")\n'
    account.world.tag_by_hand(account.groups["shop"], tags)
    account.client.create_filter(name="odd", datasetGroupArn=account.groups["shop"], filterExpression=odd)
    account.world.emulator.faults.fail("Filter", reason="\x1b]0;title\x07 ::error::no\u202e")
    account.client.create_filter(name="broken", datasetGroupArn=account.groups["shop"], filterExpression=LIKED)
    account.world.clock.sleep(3600)

    told = account.imported()

    assert all(line.isprintable() for line in told.split("\n"))
    files = [path.read_text() for path in manifests.rglob("*.yaml")]
    assert all(line.isprintable() for text in files for line in text.split("\n"))
    documents = {document["name"]: document for text in files for document in YAML(typ="safe").load_all(text)}
    assert documents["shop"]["tags"] == tags
    assert documents["odd"]["spec"]["filterExpression"] == odd.replace("${", "$${")
    assert "Filter/odd" in account.adopts()


def test_names_that_differ_in_case_have_files_of_their_own(account: Account) -> None:
    """A file system without upper and lower case keeps both."""
    manifests = account.project()
    account.client.create_dataset_group(name="Shop")
    account.world.clock.sleep(3600)

    account.imported()

    assert {path.name for path in manifests.glob("*hop*")} == {"Shop.yaml", "shop-2.yaml"}
    assert {"DatasetGroup/Shop", "DatasetGroup/shop"} <= account.adopts()


def test_files_are_written_together_or_not_at_all(account: Account) -> None:
    """If one cannot be written, there is none afterwards, and the error names it."""
    manifests = account.project()
    (manifests / "schemas").write_text("a file, not a folder")

    with pytest.raises(UsageError, match="cannot be written"):
        account.imported()

    assert sorted(path.name for path in manifests.iterdir()) == ["project.yaml", "schemas"]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A served account of 205 objects that nobody manages, and its URL."""
    folder, clock = tmp_path_factory.mktemp("large"), SimulatedClock(START)
    quotas = {name: 1000 for name, quota in QUOTAS.items() if quota.kind}
    emulator = Emulator(clock.now, quotas=quotas)
    with emulator.started():
        world = World(emulator, clock, emulated(clock))
        manifests = apply_large(world, folder)
        for live in world.snapshot(manifests).objects:
            if live.tags:
                world.untag_by_hand(live.arn, [*live.tags])
    with emulator.serve(port=0) as server:
        yield server.url


@pytest.fixture
def shell(large: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty folder, and an environment that names the account."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", large)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    return Project(tmp_path)


def test_a_region_is_asked_for(shell: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no project file yet, so the message names the variable of the environment, too."""
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    found = shell.run("import")

    assert found.code == 1
    assert found.err.endswith("add `region` to the target in the project file, or set AWS_DEFAULT_REGION\n")
    assert not shell.manifests.exists()


def test_an_account_becomes_a_project(shell: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without manifests the account of the environment is imported, and the project is named after the folder."""
    found = shell.run("import", "--target", "prod", "--output", "json")

    assert found.code == 0, found.err
    report = json.loads(found.out)
    assert found.code == 0
    jsonschema.Draft202012Validator(SCHEMAS["import"]).validate(report)
    assert report["project"] == shell.folder.name
    assert [each["reasons"][0]["code"] for each in report["leftOut"]] == ["superseded"] * 60
    assert "account: '123456789012'\n      region: us-east-1\n" in (shell.manifests / "project.yaml").read_text()
    assert "Next: personalize-gitops plan --adopt --target prod\n" in found.err
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    plan = json.loads(shell.run("plan", "--adopt", "--output", "json").out)
    assert {change["action"] for change in plan["changes"]} == {"adopt"}


def test_the_calls_for_an_account_of_200_objects(shell: Project) -> None:
    """Each kind is listed once, tags come from one index, and each object is described once."""
    shell.write("project.yaml", f"{HEAD.partition('{local')[0]}{{prod: {{region: us-east-1}}}}\n")

    with open_session(shell.manifests) as session:
        import_into(session, shell.manifests)
        calls = session.connection.cloud.calls

    described = {name: count for name, count in calls.items() if name.startswith("Describe")}
    assert sum(described.values()) == 205
    assert {name: count for name, count in calls.items() if name not in described} == {
        **{kind.operation("List"): 1 for kind in session.loaded.desired.kinds.values()},
        "GetResources": 2,  # pages of a hundred
    }
