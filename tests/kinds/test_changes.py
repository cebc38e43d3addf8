"""How each kind changes: in place, by replacement, or not at all; and the names its objects have."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.kinds.dataset import Dataset
from personalize_gitops.kinds.dataset_import_job import DatasetImportJob
from personalize_gitops.kinds.recommender import Recommender
from personalize_gitops.kinds.schema import Schema
from personalize_gitops.kinds.solution import Solution
from personalize_gitops.kinds.solution_version import SolutionVersion
from personalize_gitops.model.members import is_mutable, mutable_members
from personalize_gitops.model.resource import Replace
from personalize_gitops.render.reasons import joined, text

GROUP = "arn:aws:personalize:us-east-1:123456789012:dataset-group/shop"
EVENTS = {"eventParametersList": [{"eventType": "click", "weight": 1.0}]}
SCHEDULE = {"schedulingExpression": "rate(3 days)"}


def items(*fields: dict[str, Any], name: str = "Items") -> dict[str, Any]:
    return {"schema": {"type": "record", "name": name, "namespace": "x", "fields": list(fields), "version": "1.0"}}


ID = {"name": "ITEM_ID", "type": "string"}
YEAR = {"name": "YEAR", "type": ["null", "int"]}


def test_solution_updates_use_another_name() -> None:
    """UpdateSolution takes parts of solutionConfig as solutionUpdateConfig (docs/service/4 §1.2)."""
    config = {"eventsConfig": EVENTS, "autoTrainingConfig": SCHEDULE}

    request = Solution.update_request({}, {"performAutoTraining": False, "solutionConfig": config})

    assert request == {"performAutoTraining": False, "solutionUpdateConfig": config}


def test_a_solution_update_sends_only_what_is_given() -> None:
    """Without configuration there is none in the request."""
    assert Solution.update_request({}, {"performIncrementalUpdate": True}) == {"performIncrementalUpdate": True}


def test_solution_updates_are_read_under_the_name_of_the_manifest() -> None:
    """`latestSolutionUpdate` uses that other name as well."""
    update = {"solutionUpdateConfig": {"eventsConfig": EVENTS}, "performAutoTraining": True, "status": "ACTIVE"}

    assert Solution.read_update(update) == {"performAutoTraining": True, "solutionConfig": {"eventsConfig": EVENTS}}


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        pytest.param(
            {"excludedDatasetColumns": {"ITEMS": ["PRICE"]}},
            {"excludedDatasetColumns": {"ITEMS": ["PRICE"]}, "includedDatasetColumns": {"Items": ["GENRES"]}},
            {"excludedDatasetColumns": {}, "includedDatasetColumns": {"Items": ["GENRES"]}},
            id="from one list to the other",
        ),
        pytest.param(
            {"excludedDatasetColumns": {"ITEMS": ["PRICE"]}},
            {"excludedDatasetColumns": {"ITEMS": ["PRICE"]}, "includedDatasetColumns": {"Users": ["AGE"]}},
            {"excludedDatasetColumns": {"ITEMS": ["PRICE"]}, "includedDatasetColumns": {"Users": ["AGE"]}},
            id="another type of dataset",
        ),
        pytest.param(
            {"excludedDatasetColumns": {"ITEMS": ["PRICE"]}},
            {"excludedDatasetColumns": {"ITEMS": ["PRICE"], "Items": ["YEAR"]}},
            {"excludedDatasetColumns": {"Items": ["YEAR"]}},
            id="another spelling of the type",
        ),
    ],
)
def test_columns_are_left_out_or_let_in(before: dict[str, Any], after: dict[str, Any], sent: dict[str, Any]) -> None:
    """Of two lists for one type of dataset an update sends the one that changes (docs/service/2 §8.2)."""
    config = {"minRecommendationRequestsPerSecond": 2}

    request = Recommender.update_request(
        {"recommenderConfig": {"trainingDataConfig": before}},
        {"recommenderConfig": {**config, "trainingDataConfig": after}},
    )

    assert request == {"recommenderConfig": {**config, "trainingDataConfig": sent}}


@pytest.mark.parametrize(
    ("kind", "mutable"),
    {
        "Dataset": {"schema"},
        "Solution": {
            "performAutoTraining",
            "performIncrementalUpdate",
            "solutionConfig.eventsConfig",
            "solutionConfig.autoTrainingConfig",
        },
        "Campaign": {"solutionVersion", "minProvisionedTPS", "campaignConfig"},
        "Filter": set(),
        "Schema": set(),
    }.items(),
)
def test_members_that_change_in_place(kind: str, mutable: set[str]) -> None:
    """The paths an update takes."""
    assert {".".join(path) for path in mutable_members(KINDS[kind])} == mutable


@pytest.mark.parametrize(
    ("path", "mutable"),
    [
        ("performAutoTraining", True),
        ("solutionConfig.autoTrainingConfig.schedulingExpression", True),
        ("solutionConfig.autoTrainingConfig", True),
        ("solutionConfig.algorithmHyperParameters.bptt", False),
        ("solutionConfig", False),
        ("recipe", False),
    ],
)
def test_a_change_is_in_place_when_all_of_it_is(path: str, mutable: bool) -> None:
    """A change at or below a mutable path can be carried out by an update; one above it cannot."""
    assert is_mutable(Solution, path.split(".")) is mutable


@pytest.mark.parametrize(("type_", "why"), [("Items", ""), ("USERS", ""), ("Interactions", "cannot be replaced")])
def test_only_some_datasets_take_another_schema(type_: str, why: str) -> None:
    """UpdateDataset is for Items and Users (docs/service/3 §3.3)."""
    reason = Dataset.update_obstacle({}, {"datasetType": type_}, [("schema",)])

    assert bool(reason) is bool(why)
    assert reason is None or why in text(reason)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        pytest.param(items(ID), items(ID, YEAR), "", id="a nullable column more"),
        pytest.param(items(ID, YEAR), items(ID), "YEAR", id="a column less"),
        pytest.param(items(ID), items(ID, {"name": "YEAR", "type": "int"}), "YEAR", id="a column more, not nullable"),
        pytest.param(
            {**items(ID), "domain": "ECOMMERCE"}, items(ID), "of another domain", id="a schema of another domain"
        ),
        pytest.param(items(ID), items(ID, name="Things"), "not the record name", id="no dataset type"),
        pytest.param(items(ID), {"schema": {}}, "expected the name of the record", id="no schema at all"),
    ],
)
def test_a_dataset_follows_to_a_larger_schema(before: dict[str, Any], after: dict[str, Any], why: str) -> None:
    """A successor keeps every column and adds nullable ones; the reason names what is in the way."""
    reasons = Schema.successor_obstacles(before, after)

    assert why in joined(reasons)
    assert bool(reasons) is bool(why)


@pytest.mark.parametrize(
    ("kind", "attributes", "tail"),
    [
        ("Schema", {}, "schema/name"),
        ("DatasetGroup", {}, "dataset-group/name"),
        ("Dataset", {"datasetGroup": GROUP, "datasetType": "Items"}, "dataset/shop/ITEMS"),
        ("Dataset", {"datasetGroup": "dataset-group/shop", "datasetType": "USERS"}, "dataset/shop/USERS"),
        ("DatasetImportJob", {}, "dataset-import-job/name"),
        ("EventTracker", {}, "event-tracker/name"),
        ("Filter", {}, "filter/name"),
        ("Solution", {}, "solution/name"),
        ("Campaign", {}, "campaign/name"),
    ],
)
def test_arns_end_as_the_reference_says(kind: str, attributes: dict[str, Any], tail: str) -> None:
    """What follows the account in an ARN (docs/service/4 §3)."""
    assert KINDS[kind].arn_tail("name", attributes) == tail


def test_automatic_versions_are_the_services_own() -> None:
    """Automatic training makes versions nobody asked for (docs/service/2 §5)."""
    assert SolutionVersion.is_service_run({"trainingType": "AUTOMATIC"})
    assert not SolutionVersion.is_service_run({"trainingType": "MANUAL"})
    assert not SolutionVersion.is_service_run({})


def test_an_import_reads_its_location() -> None:
    """The data of an import are the objects at its location; a training reads none itself."""
    location = "s3://bucket/items/"

    assert DatasetImportJob.data_location({"dataSource": {"dataLocation": location}}) == location
    assert SolutionVersion.data_location({}) is None


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.replace is Replace.FORBID], ids=str)
def test_what_may_not_be_replaced_would_lose_something(kind: Any) -> None:
    """Replacement is forbidden where something is lost, and the plan can say what; runs are never replaced."""
    assert kind.is_run or kind.loses
