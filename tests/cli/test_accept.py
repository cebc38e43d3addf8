"""`drift --accept`: values of the account are written where they are decided, and nothing is left to plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from tests.emulator.account import client
from tests.render.test_json import SCHEMAS
from tests.support.project import Project, Result
from tests.support.world import START, World

PROJECT = """\
kind: Project
name: shop
spec:
  defaultTarget: prod
  tags: {team: discovery}
  variables: {role: "arn:aws:iam::123456789012:role/data"}
  targets:
    local: {emulator: {}}
    prod:
      region: us-east-1
      endpointUrl: "URL"
      naming: {suffix: -prod}
      variables: {weekly: rate(7 days)}
"""

SHOP = """\
# The shop of the web team.
kind: DatasetGroup
name: shop
spec: {}
tags:
    cost-center: '42'   # who pays
    # ask before you change it
---
kind: Schema
name: events
spec:
  schema: {type: record, name: Interactions, namespace: com.amazonaws.personalize.schema, version: "1.0", fields: [
    {name: USER_ID, type: string}, {name: ITEM_ID, type: string}, {name: TIMESTAMP, type: long},
    {name: EVENT_TYPE, type: string}]}
---
kind: Schema
name: items
spec:
  schema: {type: record, name: Items, namespace: com.amazonaws.personalize.schema, version: "1.0", fields: [
    {name: ITEM_ID, type: string}, {name: GENRE, type: string, categorical: true}]}
---
kind: Schema
name: more-items
spec:
  schema: {type: record, name: Items, namespace: com.amazonaws.personalize.schema, version: "1.0", fields: [
    {name: ITEM_ID, type: string}, {name: GENRE, type: string, categorical: true}, {name: PRICE, type: ["null", int]}]}
---
kind: Dataset
name: events
spec: {datasetGroup: shop, datasetType: Interactions, schema: events}
---
kind: Dataset
name: items
spec:
  datasetGroup: shop
  datasetType: Items
  schema: Schema/items  # see above
"""

METRICS = """\
kind: MetricAttribution
name: clicks
spec:
  datasetGroup: shop
  metrics:   # at most ten
    - eventType: watch     # a film
      metricName: watched
      expression: SAMPLECOUNT()
    # liked by hand
    - {eventType: like, metricName: liked, expression: SAMPLECOUNT()}  # rare
  metricsOutputConfig: {roleArn: "${role}"}
"""

SOLUTION = """\
kind: Solution
name: home
spec:
  datasetGroup: shop
  recipe: aws-user-personalization-v2
  performAutoTraining: true
  solutionConfig:
    autoTrainingConfig:
      schedulingExpression: ${weekly}
"""


@dataclass
class Shop:
    """The shop, applied to a served account, and a colleague who changes objects by hand."""

    project: Project
    world: World
    personalize: Any

    def arn(self, operation: str, name: str) -> str:
        """The ARN of an object."""
        member = operation.removeprefix("list_").title().replace("_", "")
        member = member[0].lower() + member[1:]
        entries = getattr(self.personalize, operation)()[member]
        (arn,) = (entry[f"{member[:-1]}Arn"] for entry in entries if entry["name"] == name)
        return str(arn)

    def tag(self, **tags: str) -> None:
        """Set tags of the dataset group."""
        group = self.arn("list_dataset_groups", "shop-prod")
        pairs = [{"tagKey": key.replace("_", "-"), "tagValue": value} for key, value in tags.items()]
        self.personalize.tag_resource(resourceArn=group, tags=pairs)

    def untag(self, key: str) -> None:
        """Remove a tag of the dataset group."""
        self.personalize.untag_resource(resourceArn=self.arn("list_dataset_groups", "shop-prod"), tagKeys=[key])

    def measure(self, *metrics: tuple[str, str], remove: tuple[str, ...] = ()) -> None:
        """Change the metrics."""
        arn = self.arn("list_metric_attributions", "clicks-prod")
        added = [{"eventType": event, "metricName": name, "expression": "SAMPLECOUNT()"} for event, name in metrics]
        self.personalize.update_metric_attribution(metricAttributionArn=arn, removeMetrics=[*remove], addMetrics=added)
        self.world.clock.sleep(3600)

    def schedule(self, expression: str) -> None:
        """Change the schedule of automatic training."""
        config = {"autoTrainingConfig": {"schedulingExpression": expression}}
        arn = self.arn("list_solutions", "home-prod")
        self.personalize.update_solution(solutionArn=arn, solutionUpdateConfig=config)
        self.world.clock.sleep(600)

    def run(self, *arguments: str) -> Result:
        """Run the program."""
        return self.project.run(*arguments, "--no-cache")

    def accept(self, *addresses: str, left: str = "") -> str:
        """Accept drift, and return what was printed. Fails the test unless nothing else is left to plan."""
        accepted = self.run("drift", "--accept", *addresses)
        assert accepted.code == 0, accepted.err
        plan = self.world.plan(self.project.manifests)
        assert [str(field) for change in plan.pending for field in change.fields] == left.split()
        return accepted.out

    def text(self, name: str) -> str:
        """The content of a manifest."""
        return (self.project.manifests / name).read_text()


@dataclass
class Applied:
    """A served account to which the project was applied, and its saved state."""

    world: World
    url: str
    state: Path


def write_shop(folder: Path, url: str) -> Project:
    """Write the project."""
    project = Project(folder)
    project.write("project.yaml", PROJECT.replace("URL", url))
    project.write("shop.yaml", SHOP)
    project.write("more/metrics.yaml", METRICS)
    project.write("more/solution.yaml", SOLUTION)
    return project


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    """The applied project."""
    folder, clock = tmp_path_factory.mktemp("applied"), SimulatedClock(START)
    emulator = Emulator(clock.now)
    with emulator.serve(port=0) as server, pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "local")
        world = World(emulator, clock, connect(clock, region="us-east-1", endpoint_url=server.url))
        world.apply(write_shop(folder, server.url).manifests)
        emulator.save(folder / "state")
        yield Applied(world, server.url, folder / "state")


@pytest.fixture
def shop(applied: Applied, tmp_path: Path) -> Shop:
    """The project, whose account is as declared."""
    applied.world.emulator.load(applied.state)
    return Shop(write_shop(tmp_path, applied.url), applied.world, client("personalize", applied.url))


def test_a_tag(shop: Shop) -> None:
    """The value is replaced in its quotes; the comments around it stay, and the output says what was written where."""
    shop.tag(cost_center="43")

    accepted = shop.run("drift", "--accept", "DatasetGroup/shop")

    assert accepted.out == (
        'manifests/shop.yaml:6: DatasetGroup/shop tags.cost-center: "42" → "43"\nAccepted 1 value of 1 resource.\n'
    )
    assert accepted.err == "Next: personalize-gitops plan, which shows what still differs\n"
    assert shop.text("shop.yaml") == SHOP.replace("'42'", "'43'")
    assert shop.run("plan").out == "No changes. 8 in sync.\n"
    assert shop.run("drift").out == "No drift. 8 as declared.\n"


def test_a_removed_tag(shop: Shop) -> None:
    """Its line goes, and its comment stays. An apply then corrects the record of the tags that are ours."""
    shop.untag("cost-center")

    shop.accept("DatasetGroup/shop", left="tags.personalize-gitops:tags")

    assert shop.text("shop.yaml") == SHOP.replace("tags:\n    cost-center: '42'   # who pays\n", "# who pays\n")


def test_a_default_tag_of_the_project(shop: Shop) -> None:
    """Another value is the resource's own; a removal is refused, because all resources have the tag."""
    shop.tag(team="search")
    assert "tags.team: (absent) → search" in shop.accept("DatasetGroup/shop").replace('"', "")
    assert shop.text("shop.yaml") == SHOP.replace("'42'   # who pays", "'42'   # who pays\n    team: search")
    shop.project.write("shop.yaml", SHOP)
    shop.untag("team")

    refused = shop.run("drift", "--accept", "DatasetGroup/shop")

    assert refused.code == 3
    assert "manifests/project.yaml:5:10" in refused.err
    assert "cannot accept the removal: it is a default tag of the project" in refused.err
    assert shop.text("shop.yaml") == SHOP


def test_a_reference(shop: Shop) -> None:
    """An ARN becomes the name of the document, without the suffix of the target, spelled as before."""
    schema = shop.arn("list_schemas", "more-items-prod")
    dataset = shop.arn("list_datasets", "items-prod")
    shop.personalize.update_dataset(datasetArn=dataset, schemaArn=schema)
    shop.world.clock.sleep(3600)

    shop.accept("Dataset/items")

    assert shop.text("shop.yaml") == SHOP.replace("Schema/items  #", "Schema/more-items  #")


def test_a_list(shop: Shop) -> None:
    """Elements that stay keep their lines and comments; added ones follow, removed ones go."""
    shop.measure(("buy", "bought"), ("share", "shared"), remove=("liked",))

    shop.accept("MetricAttribution/clicks")

    before, _, after = METRICS.partition(
        "    - {eventType: like, metricName: liked, expression: SAMPLECOUNT()}  # rare\n"
    )
    added = shop.text("more/metrics.yaml").removeprefix(before).removesuffix(after)
    assert "bought" in added
    assert "shared" in added
    assert "# rare" in added
    assert before + added + after == shop.text("more/metrics.yaml")


def test_several_at_once_as_json(shop: Shop) -> None:
    """Several addresses, also repeated, are written into their files; the document fits its schema."""
    import jsonschema  # type: ignore[import-untyped]  # it comes with moto, without types

    shop.tag(cost_center="44")
    shop.measure(("buy", "bought"))

    result = shop.run(
        "drift", "--accept", "DatasetGroup/shop", "--accept", "MetricAttribution/clicks", "--output", "json"
    )

    document = json.loads(result.out)
    jsonschema.Draft202012Validator(SCHEMAS["accept"]).validate(document)
    written = [(entry["file"], entry["line"], entry["path"]) for entry in document["written"]]
    assert written == [
        ("manifests/shop.yaml", 6, "tags.cost-center"),
        ("manifests/more/metrics.yaml", 5, "spec.metrics"),
    ]
    assert shop.run("plan").code == 0


def test_a_variable_decides(shop: Shop) -> None:
    """The place is named, and no file is written, not even for another resource."""
    shop.schedule("rate(9 days)")
    shop.tag(cost_center="45")

    refused = shop.run("drift", "--accept", "DatasetGroup/shop", "Solution/home")

    assert refused.code == 3
    assert "manifests/more/solution.yaml:9:29  Solution/home" in refused.err
    assert "cannot accept the live value: it comes from a variable, in ${weekly}" in refused.err
    assert "change it by hand, or apply to revert the account" in refused.err
    assert (shop.text("shop.yaml"), shop.text("more/solution.yaml")) == (SHOP, SOLUTION)


def test_a_patch_decides(shop: Shop) -> None:
    """The patch of the target gets the value; the document, which is for all targets, stays."""
    patch = "# prod\nkind: DatasetGroup\nname: shop\ntags: {cost-center: '42'}  # prod pays\n"
    shop.project.write("targets/prod/tags.yaml", patch)
    shop.tag(cost_center="46")

    assert shop.accept("DatasetGroup/shop").startswith("manifests/targets/prod/tags.yaml:4: DatasetGroup/shop")

    assert shop.text("targets/prod/tags.yaml") == patch.replace("42", "46")
    assert shop.text("shop.yaml") == SHOP


@pytest.mark.parametrize("removed", [True, False])
def test_another_target_shares_the_document(shop: Shop, removed: bool) -> None:
    """A new patch of this target gets the value, because the document is also for another account; null removes."""
    shop.project.edit("project.yaml", "    local:", "    staging: {region: eu-west-1}\n    local:")
    if removed:
        shop.untag("cost-center")
    else:
        shop.tag(cost_center="47")

    shop.accept("DatasetGroup/shop", left="tags.personalize-gitops:tags" if removed else "")

    value = "null" if removed else "'47'"
    expected = f"kind: DatasetGroup\nname: shop\ntags:\n  cost-center: {value}\n"
    assert shop.text("targets/prod/shop.yaml") == expected
    assert shop.text("shop.yaml") == SHOP


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("Schema/events", "--accept Schema/events: no drift; there is drift of DatasetGroup/shop"),
        ("Filter/none", "--accept Filter/none: no drift; there is drift of DatasetGroup/shop"),
        ("MetricAttribution/clicks", "--accept MetricAttribution/clicks: missing is not a value that a manifest can"),
    ],
)
def test_what_cannot_be_accepted(shop: Shop, address: str, message: str) -> None:
    """A resource without drift, and one whose finding is no value, are told with exit code 1."""
    shop.tag(cost_center="48")
    if address.startswith("Metric"):
        arn = shop.arn("list_metric_attributions", "clicks-prod")
        shop.personalize.delete_metric_attribution(metricAttributionArn=arn)
        shop.world.clock.sleep(3600)

    refused = shop.run("drift", "--accept", "DatasetGroup/shop", address)

    assert refused.code == 1
    assert message in refused.err
    assert shop.text("shop.yaml") == SHOP


def test_a_file_that_cannot_be_written(shop: Shop) -> None:
    """The error names the file and the cause, and the manifests are as they were."""
    shop.project.edit("project.yaml", "    local:", "    staging: {region: eu-west-1}\n    local:")
    (shop.project.manifests / "targets").write_text("not a folder")
    shop.tag(cost_center="48")

    refused = shop.run("drift", "--accept", "DatasetGroup/shop")

    assert refused.code == 1
    assert refused.err == "Error: manifests/targets/prod/shop.yaml cannot be written: Not a directory\n"
    assert shop.text("shop.yaml") == SHOP


def test_another_format_is_refused(shop: Shop) -> None:
    """Before anything is written."""
    shop.tag(cost_center="49")

    refused = shop.run("drift", "--accept", "DatasetGroup/shop", "--output", "html=x.html")

    assert (refused.code, refused.err) == (1, "Error: --accept has no output as html: expected text or json\n")
    assert shop.text("shop.yaml") == SHOP
