"""Rules between the members of one spec."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from personalize_gitops.kinds.campaign import Campaign
from personalize_gitops.kinds.dataset import Dataset
from personalize_gitops.kinds.dataset_group import DatasetGroup
from personalize_gitops.kinds.schema import Schema
from personalize_gitops.kinds.solution import Solution
from personalize_gitops.model.problem_codes import FieldsCode, ValueCode
from personalize_gitops.model.reason import Code, because
from personalize_gitops.model.resource import Resource
from tests.kinds.specs import read

ROLE = "arn:aws:iam::123456789012:role/Personalize"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/0f"
LATEST = {"solution": "rank", "version": "$LATEST"}
SYNC = {"syncWithLatestSolutionVersion": True}


def solution(**members: Any) -> dict[str, Any]:
    return {"datasetGroup": "shop", "recipe": "aws-sims", **members}


@pytest.mark.parametrize(
    ("kind", "spec", "code"),
    [
        (DatasetGroup, {"roleArn": ROLE}, FieldsCode.ROLE_AND_KEY),
        (DatasetGroup, {"kmsKeyArn": KEY}, FieldsCode.ROLE_AND_KEY),
        (Dataset, {"schema": "s", "datasetGroup": "g", "datasetType": "Item"}, ValueCode.UNKNOWN_DATASET_TYPE),
        (Schema, {"schema": "{"}, ValueCode.INVALID_JSON),
        (Solution, {"datasetGroup": "shop"}, FieldsCode.NEITHER_RECIPE_NOR_AUTO_ML),
        (Solution, {"datasetGroup": "shop", "performAutoML": False}, FieldsCode.NEITHER_RECIPE_NOR_AUTO_ML),
        (Solution, solution(performAutoML=True), FieldsCode.RECIPE_WITH_AUTO_ML),
        (Solution, solution(recipe="aws-sim"), ValueCode.UNKNOWN_RECIPE),
        (Solution, solution(recipe="arn:aws:personalize::recipe/aws-sims"), ValueCode.INVALID_RECIPE_ARN),
        (Campaign, {"solutionVersion": "v", "campaignConfig": SYNC}, FieldsCode.SYNC_WITHOUT_LATEST),
        (
            Campaign,
            {"solutionVersion": LATEST, "campaignConfig": {"syncWithLatestSolutionVersion": False}},
            FieldsCode.LATEST_WITHOUT_SYNC,
        ),
    ],
)
def test_contradictions_are_refused(kind: type[Resource], spec: dict[str, Any], code: Code) -> None:
    """A spec the service would refuse is refused offline, with the reason."""
    with pytest.raises(ValidationError) as refused:
        kind.model_validate(spec)

    assert [error["ctx"]["reason"].code for error in refused.value.errors()] == [code]


def test_a_schema_that_is_no_object_is_refused() -> None:
    """The JSON text of a schema has to be that of an object."""
    with pytest.raises(ValidationError, match="Input should be a valid dictionary"):
        Schema.model_validate({"schema": "[1]"})


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        (DatasetGroup, {}),
        (DatasetGroup, {"roleArn": ROLE, "kmsKeyArn": KEY}),
        (Solution, solution()),
        (Solution, solution(performAutoML=False)),
        (Solution, {"datasetGroup": "shop", "performAutoML": True}),
        (Solution, solution(recipe="arn:aws:personalize:::recipe/aws-of-tomorrow")),
        (Campaign, {"solutionVersion": LATEST}),
        (Campaign, {"solutionVersion": {"solution": "rank", "version": "latest"}}),
        (Campaign, {"solutionVersion": "SolutionVersion/v"}),
    ],
)
def test_what_fits_together_is_accepted(kind: type[Resource], spec: dict[str, Any]) -> None:
    """A spec the service takes is taken."""
    assert kind.model_validate(spec)


def test_following_the_newest_version_is_said_once() -> None:
    """`$LATEST` turns on the flag the service wants beside it."""
    attributes = read(Campaign, {"solutionVersion": LATEST})

    assert attributes["campaignConfig"] == SYNC


def test_following_keeps_what_else_is_configured() -> None:
    """The flag joins the rest of the configuration."""
    attributes = read(Campaign, {"solutionVersion": LATEST, "campaignConfig": {"rankingInfluence": {"FRESHNESS": 0.5}}})

    assert attributes["campaignConfig"] == {"rankingInfluence": {"FRESHNESS": 0.5}, **SYNC}


def test_tuning_gets_all_three_lists() -> None:
    """The service wants the lists of ranges complete, empty ones included (docs/service/2 §8.3)."""
    ranges = {"integerHyperParameterRanges": [{"name": "bptt", "minValue": 2, "maxValue": 22}]}

    attributes = read(
        Solution, solution(solutionConfig={"hpoConfig": {"algorithmHyperParameterRanges": ranges}}, performHPO=True)
    )

    assert attributes["solutionConfig"]["hpoConfig"]["algorithmHyperParameterRanges"] == {
        **ranges,
        "continuousHyperParameterRanges": [],
        "categoricalHyperParameterRanges": [],
    }


def test_numbers_become_the_texts_the_wire_wants() -> None:
    """Parameters are numbers in a manifest and a map of strings in a request."""
    config = {
        "eventValueThreshold": 3,
        "algorithmHyperParameters": {"hidden_dimension": 64, "recency_mask": True, "rate": 1e-7, "word": "x"},
        "hpoConfig": {"hpoResourceConfig": {"maxNumberOfTrainingJobs": 10}},
    }

    attributes = read(Solution, solution(solutionConfig=config))

    assert attributes["solutionConfig"] == {
        "eventValueThreshold": "3",
        "algorithmHyperParameters": {
            "hidden_dimension": "64",
            "recency_mask": "true",
            "rate": "1e-07",
            "word": "x",
        },
        "hpoConfig": {"hpoResourceConfig": {"maxNumberOfTrainingJobs": "10"}},
    }


@pytest.mark.parametrize("spelled", ["ITEMS", "items", "Items"])
def test_dataset_types_are_put_into_one_spelling(spelled: str) -> None:
    """Any case is accepted."""
    attributes = read(Dataset, {"schema": "s", "datasetGroup": "g", "datasetType": spelled})

    assert attributes["datasetType"] == "Items"


def test_recipes_are_known_by_their_short_names() -> None:
    """A short name stands for the ARN of a recipe."""
    attributes = read(Solution, solution())

    assert attributes["recipe"] == "arn:aws:personalize:::recipe/aws-sims"


def test_a_schema_may_be_text() -> None:
    """JSON text is read as the object it spells."""
    attributes = read(Schema, {"schema": '{"type": "record", "name": "Items"}'})

    assert attributes["schema"] == {"type": "record", "name": "Items"}


def test_a_schema_longer_than_the_service_takes_is_refused() -> None:
    """The characters of the text count."""
    with pytest.raises(ValidationError) as refused:
        Schema.model_validate({"schema": {"doc": "x" * 20_000}})

    (error,) = refused.value.errors()
    assert error["ctx"]["reason"] == because(ValueCode.TEXT_TOO_LONG, found=20_011, most=20_000)
