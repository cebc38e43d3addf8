"""Property: whatever colleagues change outside of Git, accepting all drift leaves nothing to plan and every comment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.drift.accept import ACCEPTABLE, live_values
from personalize_gitops.manifest.accepting import accept
from tests.emulator.account import client
from tests.support.movies import write_data
from tests.support.shop import MANIFESTS
from tests.support.world import START, World, emulated

SHOP = MANIFESTS.replace(
    "{emulator: {state: state, buckets: {shop: ../data}}}", "{emulator: {}, naming: {prefix: my-}}"
)
SHOP = SHOP.replace("name: shop\nspec: {}", 'name: shop\nspec: {}\ntags:\n  team: "web"\n  cost-center: 42-a').replace(
    "{solutionVersion: home, minProvisionedTPS: 1}",
    """
  solutionVersion: SolutionVersion/home
  minProvisionedTPS: 1
  campaignConfig:
    itemExplorationConfig:
      explorationWeight: 0.3
      explorationItemAgeCutOff: '30'
tags: {team: web, 'stage': "live"}""",
)
SHOP = SHOP.replace("aws-similar-items", "aws-user-personalization").replace(
    "solutionConfig: {algorithmHyperParameters: {popularity_discount_factor: 0.3}}",
    "solutionConfig: {algorithmHyperParameters: {hidden_dimension: 100}}",
)
SHOP += """---
kind: Schema
name: items
spec:
  schema:
    {type: record, name: Items, namespace: com.amazonaws.personalize.schema, version: "1.0", fields: [
      {name: ITEM_ID, type: string}, {name: GENRE, type: string, categorical: true}]}
---
kind: Schema
name: more-items
spec:
  schema:
    {type: record, name: Items, namespace: com.amazonaws.personalize.schema, version: "1.0", fields: [
      {name: ITEM_ID, type: string}, {name: GENRE, type: string, categorical: true},
      {name: PRICE, type: ["null", int]}]}
---
kind: Dataset
name: items
spec: {datasetGroup: shop, datasetType: Items, schema: items}
---
kind: MetricAttribution
name: clicks
spec:
  datasetGroup: shop
  metrics:
    - eventType: like
      metricName: liked
      expression: SAMPLECOUNT()
    - {eventType: watch, metricName: watched, expression: SUM(Interactions.EVENT_VALUE)}
  metricsOutputConfig:
    roleArn: arn:aws:iam::123456789012:role/data
"""
RECORD = "tags.personalize-gitops:tags"
"""What an apply corrects after a tag was removed: the record of the tags that are ours."""


@dataclass(frozen=True)
class Applied:
    """The shop, applied to the running emulator, and its saved state."""

    world: World
    state: Path


@pytest.fixture(scope="module")
def applied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applied]:
    """The applied shop."""
    folder, clock = tmp_path_factory.mktemp("applied"), SimulatedClock(START)
    with Emulator(clock.now).started() as emulator:
        world = World(emulator, clock, emulated(clock))
        write_data(folder / "data")
        world.put_data(folder / "data", "shop")
        (folder / "manifests").mkdir()
        (folder / "manifests/shop.yaml").write_text(SHOP)
        world.apply(folder / "manifests")
        emulator.save(folder / "state")
        yield Applied(world, folder / "state")


@st.composite
def commented(draw: st.DrawFn) -> str:
    """The manifests with comments beside and between their lines."""
    lines = []
    for number, line in enumerate(SHOP.splitlines()):
        if draw(st.integers(0, 3)) == 0:
            lines.append(f"{' ' * draw(st.integers(0, 6))}# above {number}")
        beside = draw(st.integers(0, 3)) == 0 and line and line != "---"
        lines.append(f"{line}  # beside {number}: 'it' is [{number}" if beside else line)
    return "\n".join(lines) + draw(st.sampled_from(["\n", "", "\n# end\n"]))


PHASES = [phase for phase in Phase if phase is not Phase.shrink]
"""An example takes a while, so a failing one is told as it is."""

NAMES = st.sampled_from(["liked", "watched", "bought", "shared"])
TEXTS = st.text(st.sampled_from("aZ09 .:/=+-@_é"), max_size=6).map(str.strip)
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "tps": st.integers(2, 9),
        "weight": st.sampled_from(["0", "0.45", "1", "1e-1"]),
        "tag": TEXTS,
        "stage": TEXTS,
        "untag": st.just("cost-center"),
        "schema": st.just("my-more-items"),
        "metrics": st.dictionaries(NAMES, st.sampled_from(["like", "watch", "buy"]), min_size=1, max_size=4),
        "auto": st.just(True),
        "metadata": st.just(True),
    },
)


def arn(personalize: Any, operation: str, member: str, key: str, name: str) -> str:
    """The ARN of an object."""
    return next(str(entry[key]) for entry in getattr(personalize, operation)()[member] if entry["name"] == name)


def change_outside(clock: SimulatedClock, edits: dict[str, Any]) -> None:
    """Change the account as colleagues do."""
    personalize: Any = client("personalize")
    campaign = arn(personalize, "list_campaigns", "campaigns", "campaignArn", "my-home")
    group = arn(personalize, "list_dataset_groups", "datasetGroups", "datasetGroupArn", "my-shop")
    update: dict[str, Any] = {"minProvisionedTPS": edits["tps"]} if "tps" in edits else {}
    config: dict[str, Any] = {"enableMetadataWithRecommendations": True} if "metadata" in edits else {}
    if "weight" in edits:
        config["itemExplorationConfig"] = {"explorationWeight": edits["weight"]}
    update |= {"campaignConfig": config} if config else {}
    tags = {
        key: [{"tagKey": key, "tagValue": edits[word]}]
        for key, word in (("team", "tag"), ("stage", "stage"))
        if word in edits
    }
    does: list[tuple[bool, Callable[..., Any], dict[str, Any]]] = [
        (bool(update), personalize.update_campaign, {"campaignArn": campaign, **update}),
        ("tag" in edits, personalize.tag_resource, {"resourceArn": group, "tags": tags.get("team")}),
        ("stage" in edits, personalize.tag_resource, {"resourceArn": campaign, "tags": tags.get("stage")}),
        ("untag" in edits, personalize.untag_resource, {"resourceArn": group, "tagKeys": [edits.get("untag")]}),
    ]
    if "schema" in edits:
        dataset = arn(personalize, "list_datasets", "datasets", "datasetArn", "my-items")
        schema = arn(personalize, "list_schemas", "schemas", "schemaArn", edits["schema"])
        does.append((True, personalize.update_dataset, {"datasetArn": dataset, "schemaArn": schema}))
    for is_done, call, request in does:
        if is_done:
            call(**request)
    if "auto" in edits:
        solution = arn(personalize, "list_solutions", "solutions", "solutionArn", "my-home")
        personalize.update_solution(solutionArn=solution, performAutoTraining=True)
    if "metrics" in edits:
        measure(personalize, clock, edits["metrics"])


def measure(personalize: Any, clock: SimulatedClock, metrics: dict[str, str]) -> None:
    """Let the attribution have these metrics."""
    found = arn(personalize, "list_metric_attributions", "metricAttributions", "metricAttributionArn", "my-clicks")
    listed = personalize.list_metric_attribution_metrics(metricAttributionArn=found)["metrics"]
    removed = [metric["metricName"] for metric in listed]
    added = [{"metricName": name, "eventType": event, "expression": "SAMPLECOUNT()"} for name, event in metrics.items()]
    personalize.update_metric_attribution(metricAttributionArn=found, removeMetrics=removed)
    clock.sleep(600)
    personalize.update_metric_attribution(metricAttributionArn=found, addMetrics=added)


def check(applied: Applied, text: str, edits: dict[str, Any]) -> None:
    """Change the account, accept everything, and plan."""
    world = applied.world
    world.emulator.load(applied.state)
    change_outside(world.clock, edits)
    world.clock.sleep(600)
    with TemporaryDirectory() as folder:
        manifests = Path(folder)
        (manifests / "shop.yaml").write_text(text)
        session = world.session(manifests)
        plan, findings = session.check()
        found = [item for item in findings if item.finding in ACCEPTABLE]
        written = accept(manifests, session.loaded, live_values(plan, findings, tuple(item.address for item in found)))
        after = (manifests / "shop.yaml").read_text()
        again = [item for item in world.session(manifests).check()[1] if item.finding in ACCEPTABLE]
        left = [str(field) for change in world.plan(manifests).pending for field in change.fields]
    assert bool(written) == bool(found)
    assert again == []
    assert left == [RECORD] * ("untag" in edits)
    comments = Counter(line[line.index("#") :] for line in text.splitlines() if "#" in line)
    assert Counter(line[line.index("#") :] for line in after.splitlines() if "#" in line) == comments
    assert edits or after == text


@given(commented(), EDITS)
@settings(max_examples=12, phases=PHASES)
def test_accepting_everything(applied: Applied, text: str, edits: dict[str, Any]) -> None:
    """Plans are empty and no comment is lost."""
    check(applied, text, edits)


@pytest.mark.slow
@given(commented(), EDITS)
@settings(max_examples=400, phases=PHASES)
def test_accepting_everything_often(applied: Applied, text: str, edits: dict[str, Any]) -> None:
    """The same, with many more edits."""
    check(applied, text, edits)
