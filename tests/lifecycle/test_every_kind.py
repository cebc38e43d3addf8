"""One life of every kind: made, as declared, each member changed in place or by its strategy, taken down."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.resource import Resource
from tests.support import members
from tests.support.drafts import Draft
from tests.support.every import NEEDS, ROLE, apply_every, file_of, write_data_of_every
from tests.support.texts import reason_of
from tests.support.world import World, actions

Edit = Mapping[str, Any]
"""New values by the path of a member of the spec; None takes it away."""

UPDATE, SUCCESSOR, RECREATE, RUN, BLOCKED = (
    Action.UPDATE,
    Action.SUCCESSOR,
    Action.RECREATE,
    Action.RUN,
    Action.BLOCKED,
)
SUM = "SUM(Interactions.EVENT_VALUE)"
KEY = "arn:aws:kms:us-east-1:123456789012:key/some"
OTHER_ROLE = "arn:aws:iam::123456789012:role/other"
MORE = {"name": "RUNTIME", "type": ["null", "int"]}
PEOPLE = {
    "type": "record",
    "name": "Users",
    "namespace": "com.amazonaws.personalize.schema",
    "version": "1.0",
    "fields": [{"name": "USER_ID", "type": "string"}, {"name": "AGE", "type": "int"}],
}
MOVIES = {
    **PEOPLE,
    "name": "Items",
    "fields": [
        {"name": "ITEM_ID", "type": "string"},
        {"name": "GENRES", "type": "string", "categorical": True},
        {"name": "CREATION_TIMESTAMP", "type": "long"},
    ],
}
LIKED = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'
TUNED = {
    "integerHyperParameterRanges": [{"name": "bptt", "minValue": 2, "maxValue": 22}],
    "categoricalHyperParameterRanges": [{"name": "recency_mask", "values": ["true", "false"]}],
}
DISCOUNT = {
    "continuousHyperParameterRanges": [{"name": "popularity_discount_factor", "minValue": 0.0, "maxValue": 0.1}],
}
OBJECTIVE = {"type": "Maximize", "metricName": "coverage", "metricRegex": ".*"}
PRICE = {"name": "PRICE", "type": "float"}


@dataclass(frozen=True)
class Life:
    """A resource with what it needs, and the edits it goes through, each with what becomes of it."""

    address: str
    edits: tuple[tuple[Edit, Action], ...] = ()
    start: Edit = field(default_factory=dict)  # members that are other than usual to begin with
    beside: tuple[str, ...] = ()  # other resources to begin with
    replace: Mapping[str, str] = field(default_factory=dict)  # the project's own strategies
    of: str = ""  # tells lives of one resource apart

    def __str__(self) -> str:
        return f"{self.address} {self.of}".strip()


SEMANTIC: Edit = {
    "Solution/home.recipe": "aws-semantic-similarity",
    "Solution/home.solutionConfig": None,
    "Schema/items.schema.fields.1": {"name": "TITLE", "type": "string", "itemName": True},
    "Schema/items.schema.fields.2": {"name": "GENRES", "type": ["null", "string"], "textual": True},
}
"""The recipe that compares what names and texts of items mean, which the items must have."""

LIVES = (
    Life("DatasetGroup/shop", (({"domain": "ECOMMERCE"}, BLOCKED), ({"roleArn": ROLE, "kmsKeyArn": KEY}, BLOCKED))),
    Life(
        "DatasetGroup/shop",
        (({"domain": "ECOMMERCE"}, RECREATE), ({"roleArn": ROLE, "kmsKeyArn": KEY}, RECREATE)),
        replace={"DatasetGroup": "recreate"},
        of="recreated",
    ),
    Life("Schema/items", (({"schema.fields.4": MORE}, SUCCESSOR),)),
    Life("Schema/people", (({"domain": "ECOMMERCE"}, BLOCKED),)),
    Life(
        "Dataset/items",
        (
            ({"schema": "items-more"}, UPDATE),
            ({"datasetType": "Users", "schema": "people"}, BLOCKED),
            ({"datasetGroup": "other"}, BLOCKED),
        ),
        beside=("Schema/items-more", "Schema/people", "DatasetGroup/other"),
    ),
    Life(
        "Dataset/items",
        (({"datasetGroup": "other"}, RECREATE), ({"datasetType": "Users", "schema": "people"}, RECREATE)),
        beside=("Schema/people", "DatasetGroup/other"),
        replace={"Dataset": "recreate"},
        of="recreated",
    ),
    Life("Dataset/actions"),
    Life("Dataset/taken"),
    Life(
        "DatasetImportJob/events",
        (
            ({"publishAttributionMetricsToS3": True}, RUN),
            ({"dataSource.dataLocation": "s3://every/more.csv"}, RUN),
            ({"roleArn": OTHER_ROLE}, RUN),
            ({"importMode": "INCREMENTAL"}, RUN),
            ({"dataset": "again"}, BLOCKED),
            ({"dataset": "again", "importMode": "FULL"}, RUN),
        ),
        beside=("DatasetGroup/other", "Dataset/again"),
    ),
    Life(
        "DataDeletionJob/leavers",
        (
            ({"dataSource.dataLocation": "s3://every/more-leavers.csv"}, RUN),
            ({"roleArn": OTHER_ROLE}, RUN),
            ({"datasetGroup": "other"}, RUN),
        ),
        beside=("DatasetGroup/other",),
    ),
    Life(
        "DatasetExportJob/events",
        (
            ({"ingestionMode": "BULK"}, RUN),
            ({"jobOutput.s3DataDestination.path": "s3://every/elsewhere/"}, RUN),
            ({"jobOutput.s3DataDestination.kmsKeyArn": KEY}, RUN),
            ({"roleArn": OTHER_ROLE}, RUN),
            ({"dataset": "again"}, RUN),
        ),
        beside=("DatasetGroup/other", "Dataset/again"),
    ),
    Life("EventTracker/web", (({"datasetGroup": "other"}, BLOCKED),), beside=("DatasetGroup/other", "Dataset/again")),
    Life(
        "EventTracker/web",
        (({"datasetGroup": "other"}, RECREATE),),
        beside=("DatasetGroup/other", "Dataset/again"),
        replace={"EventTracker": "recreate"},
        of="recreated",
    ),
    Life(
        "MetricAttribution/clicks",
        (
            ({"metrics.1": {"eventType": "love", "metricName": "liked", "expression": "SAMPLECOUNT()"}}, UPDATE),
            ({"metrics.1": {"eventType": "love", "metricName": "loved", "expression": "SAMPLECOUNT()"}}, UPDATE),
            ({"metrics.1": {"eventType": "love", "metricName": "loved", "expression": SUM}}, UPDATE),
            ({"metricsOutputConfig.s3DataDestination.path": "s3://every/reports/"}, UPDATE),
            ({"metricsOutputConfig.s3DataDestination.kmsKeyArn": KEY}, UPDATE),
            ({"metricsOutputConfig.roleArn": OTHER_ROLE}, UPDATE),
            ({"datasetGroup": "other"}, BLOCKED),
        ),
        beside=("DatasetGroup/other", "Dataset/again"),
    ),
    Life(
        "Filter/fresh",
        (({"filterExpression": LIKED}, RECREATE), ({"datasetGroup": "other"}, RECREATE)),
        beside=("DatasetGroup/other", "Dataset/again"),
    ),
    Life(
        "Filter/fresh",
        (({"filterExpression": LIKED}, SUCCESSOR), ({"datasetGroup": "other"}, SUCCESSOR)),
        beside=("DatasetGroup/other", "Dataset/again"),
        replace={"Filter": "successor"},
        of="with successors",
    ),
    Life(
        "Solution/home",
        (
            ({"performAutoTraining": True}, UPDATE),
            ({"solutionConfig.autoTrainingConfig.schedulingExpression": "rate(3 days)"}, UPDATE),
            ({"solutionConfig.algorithmHyperParameters.hidden_dimension": 120}, SUCCESSOR),
            ({"solutionConfig.featureTransformationParameters.max_user_history_length_percentile": 0.9}, SUCCESSOR),
            ({"eventType": "watch"}, SUCCESSOR),
            ({"solutionConfig.eventValueThreshold": 2}, SUCCESSOR),
            ({"solutionConfig.trainingDataConfig.excludedDatasetColumns": {"ITEMS": ["TITLE"]}}, SUCCESSOR),
            (
                {
                    "solutionConfig.trainingDataConfig.excludedDatasetColumns": None,
                    "solutionConfig.trainingDataConfig.includedDatasetColumns": {"ITEMS": ["GENRES"]},
                },
                SUCCESSOR,
            ),
            (
                {
                    "solutionConfig.optimizationObjective.itemAttribute": "PRICE",
                    "solutionConfig.optimizationObjective.objectiveSensitivity": "LOW",
                },
                SUCCESSOR,
            ),
            ({"solutionConfig.optimizationObjective.objectiveSensitivity": "HIGH"}, SUCCESSOR),
            (
                {
                    "performHPO": True,
                    "solutionConfig.hpoConfig.algorithmHyperParameterRanges": TUNED,
                    "solutionConfig.hpoConfig.hpoResourceConfig.maxNumberOfTrainingJobs": 4,
                },
                SUCCESSOR,
            ),
            ({"solutionConfig.hpoConfig.hpoResourceConfig.maxParallelTrainingJobs": 2}, SUCCESSOR),
            ({"solutionConfig.hpoConfig.hpoObjective": OBJECTIVE}, SUCCESSOR),
            ({"datasetGroup": "other", "solutionConfig": None, "performHPO": None}, SUCCESSOR),
            ({"recipe": "aws-similar-items"}, SUCCESSOR),
        ),
        start={"Schema/items.schema.fields.3": PRICE},
        beside=("Schema/items", "Dataset/items", "DatasetGroup/other", "Dataset/again"),
    ),
    Life(
        "Solution/home",
        (
            (
                {"solutionConfig.eventsConfig.eventParametersList": [{"eventType": "watch", "weight": 0.5}]},
                UPDATE,
            ),
            (
                {"solutionConfig.eventsConfig.eventParametersList": [{"eventType": "like", "eventValueThreshold": 2}]},
                UPDATE,
            ),
        ),
        start={"Solution/home.recipe": "aws-user-personalization-v2", "Solution/home.solutionConfig": None},
        of="of the second version of its recipe",
    ),
    Life(
        "Solution/home",
        (({"performHPO": True, "solutionConfig.hpoConfig.algorithmHyperParameterRanges": DISCOUNT}, SUCCESSOR),),
        start={"Solution/home.recipe": "aws-sims", "Solution/home.solutionConfig": None},
        of="of a recipe with a parameter that is a fraction",
    ),
    Life(
        "Solution/home",
        (({"performIncrementalUpdate": True}, UPDATE),),
        start=SEMANTIC,
        beside=("Dataset/items", "DatasetImportJob/items"),
        of="that takes up new items",
    ),
    Life(
        "SolutionVersion/home",
        (({"trainingMode": "UPDATE"}, RUN), ({"solution": "lookalikes", "trainingMode": None}, RUN)),
        beside=("Solution/lookalikes",),
    ),
    Life(
        "Campaign/home",
        (
            ({"minProvisionedTPS": 2}, UPDATE),
            ({"campaignConfig.enableMetadataWithRecommendations": True}, UPDATE),
            ({"campaignConfig.itemExplorationConfig.explorationWeight": 0.7}, UPDATE),
            (
                {
                    "solutionVersion": {"solution": "home", "version": "$LATEST"},
                    "campaignConfig.syncWithLatestSolutionVersion": True,
                },
                UPDATE,
            ),
        ),
        beside=("Dataset/items",),
    ),
    Life(
        "Campaign/home",
        (({"campaignConfig.rankingInfluence.POPULARITY": 0.2}, UPDATE),),
        start=SEMANTIC,
        beside=("Dataset/items", "DatasetImportJob/items"),
        of="of a recipe whose ranking can be influenced",
    ),
    Life(
        "Recommender/next",
        (
            ({"recommenderConfig.minRecommendationRequestsPerSecond": 2}, UPDATE),
            ({"recommenderConfig.itemExplorationConfig.explorationWeight": 0.1}, UPDATE),
            ({"recommenderConfig.enableMetadataWithRecommendations": True}, UPDATE),
            ({"recommenderConfig.trainingDataConfig.excludedDatasetColumns.Interactions": ["EVENT_VALUE"]}, UPDATE),
            (
                {
                    "recommenderConfig.trainingDataConfig.excludedDatasetColumns": None,
                    "recommenderConfig.trainingDataConfig.includedDatasetColumns.Items": ["GENRES"],
                },
                UPDATE,
            ),
            ({"state": "stopped"}, UPDATE),
            ({"state": "running"}, UPDATE),
            ({"recipe": "aws-vod-most-popular", "recommenderConfig.itemExplorationConfig": None}, BLOCKED),
            ({"datasetGroup": "films", "recommenderConfig": None}, BLOCKED),
        ),
        beside=("DatasetGroup/films", "Schema/movies", "Dataset/movies"),
    ),
    Life(
        "Recommender/next",
        (({"recipe": "aws-vod-most-popular"}, RECREATE), ({"recipe": "aws-vod-top-picks"}, RECREATE)),
        replace={"Recommender": "recreate"},
        of="recreated",
    ),
    Life(
        "BatchInferenceJob/mail",
        (
            ({"numResults": 20}, RUN),
            ({"filter": "fresh"}, RUN),
            ({"batchInferenceJobConfig.itemExplorationConfig.explorationWeight": 0.5}, RUN),
            ({"jobInput.s3DataSource.path": "s3://every/ask/others.json"}, RUN),
            ({"jobInput.s3DataSource.kmsKeyArn": KEY}, RUN),
            ({"jobOutput.s3DataDestination.path": "s3://every/mail/"}, RUN),
            ({"jobOutput.s3DataDestination.kmsKeyArn": KEY}, RUN),
            ({"roleArn": OTHER_ROLE}, RUN),
            ({"solutionVersion": {"solution": "home", "version": "latest"}}, RUN),
        ),
        beside=("Filter/fresh",),
    ),
    Life(
        "BatchInferenceJob/mail",
        (({"batchInferenceJobConfig.rankingInfluence.FRESHNESS": 0.2}, RUN),),
        start=SEMANTIC,
        beside=("Dataset/items", "DatasetImportJob/items"),
        of="of a recipe whose ranking can be influenced",
    ),
    Life(
        "BatchSegmentJob/fans",
        (
            ({"numResults": 20}, RUN),
            ({"filter": "likers"}, RUN),
            ({"jobInput.s3DataSource.path": "s3://every/ask/more-movies.json"}, RUN),
            ({"jobInput.s3DataSource.kmsKeyArn": KEY}, RUN),
            ({"jobOutput.s3DataDestination.path": "s3://every/more-fans/"}, RUN),
            ({"jobOutput.s3DataDestination.kmsKeyArn": KEY}, RUN),
            ({"roleArn": OTHER_ROLE}, RUN),
            ({"solutionVersion": {"solution": "lookalikes", "version": "latest"}}, RUN),
        ),
        beside=("Filter/likers",),
    ),
)

LIKERS = 'INCLUDE UserID WHERE Interactions.EVENT_TYPE IN ("like")'
MADE_UP: dict[str, dict[str, Any]] = {
    "Dataset/movies": {"spec": {"datasetGroup": "video", "datasetType": "Items", "schema": "movies"}},
    "Schema/movies": {"spec": {"domain": "VIDEO_ON_DEMAND", "schema": MOVIES}},
    "Filter/likers": {"spec": {"datasetGroup": "shop", "filterExpression": LIKERS}},
    "DatasetGroup/films": {"spec": {"domain": "VIDEO_ON_DEMAND"}},
    "DatasetGroup/other": {"spec": {}},
    "Dataset/again": {"spec": {"datasetGroup": "other", "datasetType": "Interactions", "schema": "events"}},
    "Schema/people": {"spec": {"schema": PEOPLE}},
    "Schema/items-more": {"spec": {}},  # the columns of Schema/items and one more
}
"""Resources to move to, beside those of `tests.support.every`."""


def draft_of(life: Life) -> Draft:
    """The manifests a life begins with."""
    draft = Draft(replace=dict(life.replace))
    for address in (life.address, *life.beside):
        kind, name = address.split("/")
        if address in MADE_UP:
            draft.documents[address] = {"kind": kind, "name": name, **deepcopy(MADE_UP[address])}
        else:
            draft.add(address)
    if "Schema/items-more" in draft.documents:
        draft.documents["Schema/items-more"]["spec"] = deepcopy(draft.documents["Schema/items"]["spec"])
        draft.put("Schema/items-more", "spec.schema.fields.4", MORE)
    for path, value in life.start.items():
        address, _, member = path.partition(".")
        draft.put(address, f"spec.{member}", value)
    return draft


def write_data(folder: Path) -> None:
    """What the documents read, and what they read after an edit."""
    write_data_of_every(folder)
    (folder / "more.csv").write_bytes((folder / "interactions.csv").read_bytes())
    (folder / "more-leavers.csv").write_text("USER_ID\np3\n")
    (folder / "ask" / "others.json").write_text('{"userId": "p4"}\n')
    (folder / "ask" / "more-movies.json").write_text('{"itemId": "m4"}\n')


def test_every_kind_has_a_life() -> None:
    """No kind is left out."""
    living = {life.address.split("/")[0] for life in LIVES}
    assert living == KINDS.keys(), "add a Life to LIVES in tests/lifecycle/test_every_kind.py"


@pytest.fixture
def manifests(world: World, tmp_path: Path) -> Path:
    """A folder for them, and the data they read."""
    write_data(tmp_path / "data")
    world.put_data(tmp_path / "data", "every")
    folder = tmp_path / "manifests"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("life", LIVES, ids=str)
def test_a_life(world: World, manifests: Path, life: Life) -> None:
    """Made, then nothing to do; each edit does what its class says, then nothing to do; destroyed, and gone."""
    draft = draft_of(life)
    draft.write(manifests)
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}

    for edit, expected in life.edits:
        before = deepcopy(draft)
        for path, value in edit.items():
            draft.put(life.address, f"spec.{path}", value)
        draft.write(manifests)
        plan = world.plan(manifests)
        assert actions(plan).get(life.address, Action.NONE) is expected, (edit, plan.pending)
        if expected is BLOCKED:
            draft = before
            draft.write(manifests)
        else:
            world.apply(manifests)
        assert actions(world.plan(manifests)) == {}, edit

    world.carry_out(world.destroy_plan(manifests))
    assert [live.arn for live in world.snapshot(manifests).objects if not live.kind.is_run] == []


NOT_HERE: dict[str, set[members.Path]] = {
    # AutoML chose among recipes that are gone (docs/service/1 §14): nobody makes it any more.
    "Solution": {
        ("performAutoML",),
        ("solutionConfig", "autoMLConfig", "metricName"),
        ("solutionConfig", "autoMLConfig", "recipeList"),
    },
    # Themes are for another recipe, and for some regions only (docs/service/2 §11.3).
    "BatchInferenceJob": {
        ("batchInferenceJobMode",),
        ("themeGenerationConfig", "fieldsForThemeGeneration", "itemName"),
    },
}
"""Members that no life changes; the table of planner cases has them."""


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.kind_name())
def test_every_member_is_changed(kind: type[Resource]) -> None:
    """The lives leave out no member of any kind."""
    edits = [edit for life in LIVES if life.address.startswith(f"{kind.kind_name()}/") for edit, _ in life.edits]

    changed = {path for edit in edits for at, value in edit.items() for path in members.within(kind, at, value)}

    left_out = set(members.declarable(kind)) - changed
    assert left_out == NOT_HERE.get(kind.kind_name(), set()), (
        "add an edit to LIVES in tests/lifecycle/test_every_kind.py"
    )


def test_a_month_changes_nothing(world: World, manifests: Path) -> None:
    """Whatever the service does by itself, of each kind, for a month, leaves nothing to do."""
    draft = Draft()
    for life in LIVES:
        if life.address in NEEDS and life.address not in ("Dataset/actions", "Dataset/taken"):
            draft.add(life.address)
    draft.write(manifests)
    world.apply(manifests)

    world.clock.sleep(30 * 86400)

    assert actions(world.plan(manifests)) == {}


def test_a_run_that_runs_again_names_what_changed(world: World, tmp_path: Path) -> None:
    """The plan compares with the run before as the account tells it, not as far as its list does."""
    manifests = apply_every(world, tmp_path, "DatasetExportJob/events")
    path = file_of(manifests, "DatasetExportJob/events")
    path.write_text(path.read_text().replace("ingestionMode: ALL", "ingestionMode: PUT"))

    (change,) = world.plan(manifests).pending

    assert reason_of(change) == "ingestionMode changed"
    assert change.fields == (FieldChange(("ingestionMode",), "ALL", "PUT"),)
