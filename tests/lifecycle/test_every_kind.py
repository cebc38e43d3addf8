"""One life of every kind: made, as declared, changed in place, changed by its strategy, taken down."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action
from personalize_gitops.model.diff import FieldChange
from tests.every import NEEDS, file_of, write_every
from tests.world import World, actions

IN_PLACE = {
    "Dataset/items": [],  # by way of its schema, below
    "Campaign/home": [
        ("minProvisionedTPS: 1", "minProvisionedTPS: 2"),
        ("minProvisionedTPS: 2", "minProvisionedTPS: 2, campaignConfig: {enableMetadataWithRecommendations: true}"),
        ("WithRecommendations: true}", "WithRecommendations: true, itemExplorationConfig: {explorationWeight: 0.7}}"),
        ("solutionVersion: home", "solutionVersion: {solution: home, version: $LATEST}"),
    ],
    "Solution/home": [
        ("performAutoTraining: false", "performAutoTraining: true"),
        ("{algorithmHyper", "{autoTrainingConfig: {schedulingExpression: rate(3 days)}, algorithmHyper"),
    ],
    "Recommender/next": [
        ("RequestsPerSecond: 1", "RequestsPerSecond: 2"),
        ("RequestsPerSecond: 2", "RequestsPerSecond: 2, itemExplorationConfig: {explorationWeight: 0.1}"),
        ("state: running", "state: stopped"),
        ("state: stopped", "state: running"),
    ],
    "MetricAttribution/clicks": [
        ("eventType: like, metricName: liked", "eventType: love, metricName: liked"),
        ("metricName: liked", "metricName: loved"),
        ("/data}", "/data, s3DataDestination: {path: s3://every/reports/}}"),
    ],
    "Filter/fresh": [],
    "EventTracker/web": [],
}
"""Edits that take one update each, in order."""

BY_STRATEGY = {
    "Schema/items": ("{name: YEAR", '{name: RUNTIME, type: ["null", int]}, {name: YEAR', Action.SUCCESSOR),
    "Filter/fresh": ('IN ("like")', 'IN ("watch")', Action.RECREATE),
    "Solution/home": ("hidden_dimension: 100", "hidden_dimension: 120", Action.SUCCESSOR),
    "Recommender/next": ("aws-vod-top-picks", "aws-vod-most-popular", Action.RECREATE),
    "DatasetGroup/shop": ("spec: {}", "spec: {domain: ECOMMERCE}", Action.BLOCKED),
    "DatasetExportJob/events": ("ingestionMode: ALL", "ingestionMode: BULK", Action.RUN),
    "BatchInferenceJob/mail": ("numResults: 10", "numResults: 20", Action.RUN),
    "DatasetImportJob/events": ("roleArn", "publishAttributionMetricsToS3: true, roleArn", Action.RUN),
}
"""An edit that no update can carry out, and what becomes of it."""


def edit(manifests: Path, address: str, before: str, after: str) -> None:
    path = file_of(manifests, address)
    text = path.read_text()
    assert text.count(before) == 1, f"{before!r} in {text}"
    path.write_text(text.replace(before, after))


def life(world: World, folder: Path, address: str) -> Path:
    """The resource and what it needs, applied."""
    manifests = write_every(folder, address)
    world.put_data(folder / "data", "every")
    world.apply(manifests)
    return manifests


def test_every_kind_is_here() -> None:
    """No kind is left out of the lives below."""
    assert {address.split("/")[0] for address in NEEDS} == KINDS.keys()


@pytest.mark.parametrize("address", NEEDS)
def test_it_is_as_declared_once_applied(world: World, tmp_path: Path, address: str) -> None:
    """After create the plan is empty, and it stays empty whatever the service does by itself for a month."""
    manifests = life(world, tmp_path, address)

    assert actions(world.plan(manifests)) == {}
    world.clock.sleep(30 * 86400)
    assert actions(world.plan(manifests)) == {}


@pytest.mark.parametrize("address", [address for address, edits in IN_PLACE.items() if edits])
def test_what_is_mutable_changes_in_place(world: World, tmp_path: Path, address: str) -> None:
    """Each mutable member takes one update, after which the plan is empty again."""
    manifests = life(world, tmp_path, address)

    for before, after in IN_PLACE[address]:
        edit(manifests, address, before, after)
        assert actions(world.plan(manifests)) == {address: Action.UPDATE}, after
        world.apply(manifests)
        assert actions(world.plan(manifests)) == {}, after


@pytest.mark.parametrize("address", BY_STRATEGY)
def test_what_is_immutable_changes_by_its_strategy(world: World, tmp_path: Path, address: str) -> None:
    """An immutable member makes a successor, a recreation, another run, or blocks the plan; then the plan is empty."""
    before, after, expected = BY_STRATEGY[address]
    manifests = life(world, tmp_path, address)
    edit(manifests, address, before, after)

    plan = world.plan(manifests)

    assert actions(plan)[address] is expected
    if expected is not Action.BLOCKED:
        world.apply(manifests)
        assert actions(world.plan(manifests)) == {}


@pytest.mark.parametrize("address", NEEDS)
def test_destroy_takes_it_down(world: World, tmp_path: Path, address: str) -> None:
    """Destroy leaves nothing but the runs, which are history."""
    manifests = life(world, tmp_path, address)

    world.carry_out(world.destroy_plan(manifests))

    assert [live.arn for live in world.snapshot(manifests).lives if not live.kind.is_run] == []


def test_a_run_that_runs_again_names_what_changed(world: World, tmp_path: Path) -> None:
    """The plan compares with the run before as the account tells it, not as far as its list does."""
    manifests = life(world, tmp_path, "DatasetExportJob/events")
    edit(manifests, "DatasetExportJob/events", "ingestionMode: ALL", "ingestionMode: PUT")

    (change,) = world.plan(manifests).pending

    assert change.reason == "ingestionMode changed"
    assert change.fields == (FieldChange(("ingestionMode",), "ALL", "PUT"),)
