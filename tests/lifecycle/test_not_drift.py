"""Neither what the service changes by itself nor how it echoes a value is drift (docs/service/2 §5, 1 §19)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.manifest import load
from personalize_gitops.model.action import Action
from personalize_gitops.model.live import Live, LiveUpdate
from personalize_gitops.model.reason import ReasonCode
from tests.emulator.account import client
from tests.support.edits import edit
from tests.support.every import NEEDS, file_of, stock_every, write_every
from tests.support.movies import write_project
from tests.support.shop import write_shop
from tests.support.world import START, World, actions, emulated

DAY = 86400.0
TRACKER = "\n---\nkind: EventTracker\nname: web\nspec: {datasetGroup: shop}\n"


@contextmanager
def world_with(**doubts: Any) -> Iterator[World]:
    """An empty account whose service decides otherwise what the sources leave open."""
    clock = SimulatedClock(START)
    with Emulator(clock.now, **doubts).started() as emulator:
        yield World(emulator, clock, emulated(clock))


def life(world: World, folder: Path, address: str, *edits: tuple[str, str]) -> Path:
    """One resource and what it needs, with some members more, applied."""
    manifests = write_every(folder, address)
    for before, after in edits:
        edit(file_of(manifests, address), before, after)
    world.put_data(folder / "data", "every")
    world.apply(manifests)
    return manifests


def following(folder: Path) -> Path:
    """A shop that trains by itself, with a campaign that follows and a tracker that brings events."""
    manifests = write_shop(folder)
    shop = manifests / "shop.yaml"
    edit(shop, "performAutoTraining: false", "performAutoTraining: true")
    edit(shop, "solutionVersion: home,", "solutionVersion: {solution: home, version: $LATEST},")
    shop.write_text(shop.read_text() + TRACKER)
    return manifests


def put_events(world: World) -> None:
    """Clicks of one visitor, so that automatic training finds new data, where a group has a dataset for them."""
    personalize = client("personalize")
    for summary in personalize.list_event_trackers()["eventTrackers"]:
        tracker = personalize.describe_event_tracker(eventTrackerArn=summary["eventTrackerArn"])["eventTracker"]
        datasets = personalize.list_datasets(datasetGroupArn=tracker["datasetGroupArn"])["datasets"]
        if not any(dataset["datasetType"] == "INTERACTIONS" for dataset in datasets):
            continue
        event = {"eventType": "watch", "itemId": "m1", "sentAt": world.clock.now()}
        client("personalize-events").put_events(
            trackingId=tracker["trackingId"], userId="p1", sessionId="s", eventList=[event]
        )


def is_quiet(world: World, manifests: Path) -> bool:
    """Whether nothing is to be done, and nothing has drifted but for campaigns that the test never asks."""
    plan, found = world.session(manifests).check()
    return actions(plan) == {} and all(item.reasons[0].code is ReasonCode.NOT_ASKED for item in found)


# What moves by itself: docs/service/2 §5, row by row


@pytest.mark.parametrize("seen", [True, False])
def test_a_recommender_retrains(tmp_path: Path, seen: bool) -> None:
    """Every week, visible in timestamps, or in `latestRecommenderUpdate` as well, also while that is going on."""
    with world_with(retraining_is_seen_as_update=seen) as world:
        manifests = life(world, tmp_path, "Recommender/next")
        before = world.only(manifests, "Recommender")

        world.clock.sleep(7 * DAY - (world.clock.now() - before.updated) + 60)
        during = world.only(manifests, "Recommender")

        assert (during.update is not None) == seen
        assert during.updated > before.updated or seen
        assert is_quiet(world, manifests)
        world.clock.sleep(15 * DAY)
        assert is_quiet(world, manifests)


@pytest.mark.parametrize("mode", ["FULL", "AUTOTRAIN"])
def test_automatic_training_makes_versions(tmp_path: Path, mode: str) -> None:
    """Whatever the service writes as their mode, they are neither missing nor undeclared, and start nothing of ours."""
    with world_with(automatic_training_mode=mode) as world:
        manifests = following(tmp_path)
        world.put_data(tmp_path / "data", "shop")
        world.apply(manifests)
        for _ in range(2):
            put_events(world)
            world.clock.sleep(7 * DAY + 600)
            assert is_quiet(world, manifests)  # while it trains
            world.clock.sleep(3 * 3600)
            assert is_quiet(world, manifests)

        assert world.trained_by_service(manifests) == [False, True, True]


@pytest.mark.parametrize("shown", [True, False], ids=["as $LATEST", "resolved"])
@pytest.mark.parametrize("seen", [True, False], ids=["with update", "without update"])
def test_a_following_campaign_moves(tmp_path: Path, shown: bool, seen: bool) -> None:
    """It redeploys each new version: neither the version it shows nor its update record is drift, at any moment."""
    doubts = {"synced_campaign_shows_latest": shown, "sync_is_seen_as_update": seen}
    with world_with(**doubts) as world:
        manifests = following(tmp_path)
        world.put_data(tmp_path / "data", "shop")
        world.apply(manifests)
        before = world.only(manifests, "Campaign")
        put_events(world)
        world.clock.sleep(7 * DAY)
        moving = False
        for _ in range(8):
            assert is_quiet(world, manifests)
            update = world.only(manifests, "Campaign").update
            moving |= update is not None and update.status != "ACTIVE"
            world.clock.sleep(600)

        after = world.only(manifests, "Campaign")
        assert world.trained_by_service(manifests) == [False, True]
        assert moving is seen
        assert (before.attributes["solutionVersion"] == after.attributes["solutionVersion"]) is shown


def test_a_pinned_campaign_stays(world: World, tmp_path: Path) -> None:
    """One that is pinned to the declared training is not moved by newer versions of the service."""
    manifests = following(tmp_path)
    edit(manifests / "shop.yaml", "solutionVersion: {solution: home, version: $LATEST},", "solutionVersion: home,")
    world.put_data(tmp_path / "data", "shop")
    world.apply(manifests)

    put_events(world)
    world.clock.sleep(8 * DAY)

    assert world.trained_by_service(manifests) == [False, True]
    assert is_quiet(world, manifests)


@pytest.mark.parametrize("address", ["Campaign/home", "Recommender/next", "Solution/home", "Dataset/items"])
def test_updates_leave_their_record(world: World, tmp_path: Path, address: str) -> None:
    """`latest…Update` that is ACTIVE stays with the object for ever and means nothing any more."""
    manifests = life(world, tmp_path, address)
    path = file_of(manifests, "Schema/items" if address == "Dataset/items" else address)
    for before, after in (
        ("minProvisionedTPS: 1", "minProvisionedTPS: 2"),
        ("RequestsPerSecond: 1", "RequestsPerSecond: 2"),
        ("performAutoTraining: false", "performAutoTraining: true"),
        ("{name: YEAR", '{name: RUNTIME, type: ["null", int]}, {name: YEAR'),
    ):
        path.write_text(path.read_text().replace(before, after))
    world.apply(manifests)

    kind, _, name = address.partition("/")
    live = next(live for live in world.snapshot(manifests).of_kind(kind) if live.name == name)
    assert live.update is not None
    assert is_quiet(world, manifests)


def test_action_interactions_get_a_tracking_id(world: World, tmp_path: Path) -> None:
    """The dataset comes with an id nobody declared."""
    manifests = life(world, tmp_path, "Dataset/taken")

    described = client("personalize").describe_dataset(datasetArn=world.only(manifests, "Dataset").arn)
    assert described["dataset"]["trackingId"]
    assert is_quiet(world, manifests)


def test_what_only_timestamps_tell(world: World, tmp_path: Path) -> None:
    """Two-hourly item updates, filters that absorb data: at most newer timestamps, on anything, runs included."""
    manifests = following(tmp_path)
    world.put_data(tmp_path / "data", "shop")
    edit(
        manifests / "shop.yaml",
        "spec: {solution: home}\nrun: {when: [config, data]}",
        "spec: {solution: home}\nrun: {every: 7d}",
    )
    world.apply(manifests)
    snapshot, desired = world.snapshot(manifests), load(manifests).desired
    touched = tuple(replace(live, updated=live.updated + 5 * DAY) for live in snapshot.objects)

    assert make_plan(PlanContext(desired, replace(snapshot, objects=touched))).is_empty
    later = make_plan(PlanContext(desired, replace(snapshot, objects=touched, taken_at=snapshot.taken_at + 8 * DAY)))
    assert actions(later)["SolutionVersion/home"] is Action.RUN


def test_members_the_service_fills_in_later(world: World, tmp_path: Path) -> None:
    """Columns it leaves out of training after a schema change, configuration it adds: nobody declared them."""
    manifests = life(world, tmp_path, "Recommender/next")
    snapshot = world.snapshot(manifests)

    def grown(live: Live) -> Live:
        if live.kind.kind_name() != "Recommender":
            return live
        config = {
            **live.attributes["recommenderConfig"],
            "trainingDataConfig": {"excludedDatasetColumns": {"ITEMS": ["RUNTIME"]}},
        }
        return replace(
            live,
            attributes={**live.attributes, "recommenderConfig": config},
            update=LiveUpdate("ACTIVE", {"recommenderConfig": config}),
        )

    assert make_plan(
        PlanContext(load(manifests).desired, replace(snapshot, objects=tuple(map(grown, snapshot.objects))))
    ).is_empty


# How the service answers what was declared: docs/service/1 §19, item by item

HPO = """performHPO: true
  solutionConfig:
    hpoConfig:
      hpoResourceConfig: {maxNumberOfTrainingJobs: 4, maxParallelTrainingJobs: "2"}
      algorithmHyperParameterRanges:
        integerHyperParameterRanges: [{name: bptt, minValue: 2, maxValue: 22}]
        categoricalHyperParameterRanges: [{name: recency_mask, values: [true, false]}]
    algorithmHyperParameters:"""

ANSWERS = {
    "prefixes of HPO ranges": (
        "Solution/home",
        [("solutionConfig: {algorithmHyperParameters:", f"{HPO}"), ("100}}", "100}")],
    ),
    "numbers and booleans as strings": (
        "Solution/home",
        [("{hidden_dimension: 100}", '{hidden_dimension: "100", recency_mask: true}')],
    ),
    "filled in hyperparameters": (
        "Solution/home",
        [("  solutionConfig: {algorithmHyperParameters: {hidden_dimension: 100}}", "")],
    ),
    "a filled in schedule": ("Solution/home", [("performAutoTraining: false", "performAutoTraining: true")]),
    "a declared default schedule": (
        "Solution/home",
        [
            ("performAutoTraining: false", "performAutoTraining: true"),
            ("{algorithm", "{autoTrainingConfig: {schedulingExpression: rate(7 day)}, algorithm"),
        ],
    ),
    "a filled in throughput": ("Campaign/home", [(", minProvisionedTPS: 1", "")]),
    "exploration as numbers": (
        "Campaign/home",
        [("TPS: 1", "TPS: 1, campaignConfig: {itemExplorationConfig: {explorationWeight: 0.30}}")],
    ),
    "an empty recommender configuration": (
        "Recommender/next",
        [("  recommenderConfig: {minRecommendationRequestsPerSecond: 1}\n", "")],
    ),
    "types in capitals": ("Dataset/taken", [("action_interactions", "Action_Interactions")]),
    "the mode of an import": ("DatasetImportJob/events", []),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_in_another_form(world: World, tmp_path: Path, answer: str) -> None:
    """What comes back completed, prefixed, as text or in capitals is what was declared."""
    address, edits = ANSWERS[answer]
    manifests = life(world, tmp_path, address, *edits)

    assert is_quiet(world, manifests)


@pytest.mark.parametrize(
    ("address", "edit_"),
    [
        ("Campaign/home", ("TPS: 1", "TPS: 1, campaignConfig: {enableMetadataWithRecommendations: false}")),
        ("Recommender/next", ("state: running", "state: running  # as it is")),
        ("Solution/home", ("performAutoTraining: false", "performAutoTraining: false\n  performHPO: false")),
        ("Solution/home", ("hidden_dimension: 100", "hidden_dimension: 100, bptt: 32")),
        ("SolutionVersion/home", (", trainingMode: FULL", "")),
        ("DatasetImportJob/events", ("roleArn", "importMode: FULL, roleArn")),
        ("BatchInferenceJob/mail", ("numResults: 10", "numResults: 10\n  batchInferenceJobMode: BATCH_INFERENCE")),
        ("BatchSegmentJob/fans", ("solutionVersion", "numResults: 25\n  solutionVersion")),
    ],
)
def test_a_default_may_be_written_down_later(
    world: World, tmp_path: Path, address: str, edit_: tuple[str, str]
) -> None:
    """Saying what holds anyway changes nothing, and runs nothing again (docs/service/1 §19 item 1, 2 §16.2)."""
    manifests = life(world, tmp_path, address)
    edit(file_of(manifests, address), *edit_)

    assert actions(world.plan(manifests)) == {}


def test_a_recommender_of_defaults_is_as_one_that_says_so(world: World, tmp_path: Path) -> None:
    """The service answers `{}` for a configuration that was never given (docs/service/2 §3.7)."""
    text = "  recommenderConfig: {minRecommendationRequestsPerSecond: 1}\n"
    manifests = life(world, tmp_path, "Recommender/next", (text, ""))
    path = file_of(manifests, "Recommender/next")
    said = "  recommenderConfig: {minRecommendationRequestsPerSecond: 1, enableMetadataWithRecommendations: false}\n"
    path.write_text(path.read_text().replace("  state", f"{said}  state"))

    assert actions(world.plan(manifests)) == {}


def test_a_schema_is_its_meaning(tmp_path: Path) -> None:
    """The text of a schema comes back in any spelling."""
    with world_with(schema_text_is_compacted=True) as world:
        manifests = life(world, tmp_path, "Dataset/items")

        (text,) = [s["schemaArn"] for s in client("personalize").list_schemas()["schemas"]]
        answered = client("personalize").describe_schema(schemaArn=text)["schema"]["schema"]
        assert answered == json.dumps(json.loads(answered), separators=(",", ":"))
        assert is_quiet(world, manifests)


@pytest.mark.parametrize("address", ["BatchInferenceJob/mail", "BatchSegmentJob/fans"])
def test_statuses_may_lack_a_word(tmp_path: Path, address: str) -> None:
    """`IN PROGRESS` is waited for like `CREATE IN_PROGRESS`, and `ACTIVE` is the end of both."""
    with world_with(batch_jobs_lack_create=True) as world:
        assert is_quiet(world, life(world, tmp_path, address))


# Whatever the service does

DOUBTS = {
    "automatic_training_mode": st.sampled_from(["FULL", "AUTOTRAIN"]),
    "first_training_after": st.sampled_from([timedelta(), timedelta(minutes=59)]),
    "updates_touch_the_parent": st.booleans(),
    "synced_campaign_shows_latest": st.booleans(),
    "sync_is_seen_as_update": st.booleans(),
    "retraining_is_seen_as_update": st.booleans(),
    "campaign_config_is_merged": st.booleans(),
    "schema_text_is_compacted": st.booleans(),
    "tracker_arn_has_name": st.booleans(),
    "batch_jobs_lack_create": st.booleans(),
    "version_names_are_unique": st.booleans(),
    "pending_share": st.sampled_from([0.0, 0.9]),
}
PROJECTS = ["the example", "a shop that follows", *NEEDS]
moments = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.05, 0.2, 0.7, 1, 2.5, 24, 7 * 24, 7 * 24 + 0.7, 20 * 24])),
    min_size=1,
    max_size=6,
)


def write(project: str, folder: Path, world: World) -> Path:
    if project in NEEDS:
        manifests = stock_every(world, folder, project)
    elif project == "the example":
        write_project(folder)
        manifests = folder / "manifests"
        world.put_data(folder / "data" / "movielens")
        edit(manifests / "for-you.yaml", "performAutoTraining: false", "performAutoTraining: true")
    else:
        manifests = following(folder)
        world.put_data(folder / "data", "shop")
    return manifests


@settings(max_examples=6, deadline=None)
@given(project=st.sampled_from(PROJECTS), doubts=st.fixed_dictionaries({}, optional=DOUBTS), times=moments)
def test_whatever_the_service_does_by_itself_is_not_drift(
    project: str, doubts: dict[str, Any], times: list[tuple[bool, float]]
) -> None:
    """After an apply, at any moment of the weeks after, events or not, the plan is empty and drift finds nothing."""
    with TemporaryDirectory() as folder, world_with(**doubts) as world:
        manifests = write(project, Path(folder), world)
        world.apply(manifests)
        assert is_quiet(world, manifests)
        for events, hours in times:
            if events:
                put_events(world)
            world.clock.sleep(hours * 3600)
            assert is_quiet(world, manifests)
