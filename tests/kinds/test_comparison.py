"""What the service echoes in another form is not a difference."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.kinds.campaign import Campaign
from personalize_gitops.kinds.dataset import Dataset
from personalize_gitops.kinds.filter import Filter
from personalize_gitops.kinds.schema import Schema
from personalize_gitops.kinds.solution import Solution
from personalize_gitops.model.comparison import comparable
from personalize_gitops.model.diff import diff
from personalize_gitops.model.resource import Resource


def tuned(name: str, **bounds: Any) -> dict[str, Any]:
    ranges = {"integerHyperParameterRanges": [{"name": name, **bounds}]}
    return {"solutionConfig": {"hpoConfig": {"algorithmHyperParameterRanges": ranges}}}


def parameters(**values: Any) -> dict[str, Any]:
    return {"solutionConfig": {"algorithmHyperParameters": values}}


def scheduled(expression: str) -> dict[str, Any]:
    return {"solutionConfig": {"autoTrainingConfig": {"schedulingExpression": expression}}}


def excluding(kind: str, *columns: str) -> dict[str, Any]:
    return {"solutionConfig": {"trainingDataConfig": {"excludedDatasetColumns": {kind: list(columns)}}}}


def schema(*fields: dict[str, Any], **head: Any) -> dict[str, Any]:
    return {
        "schema": {
            "type": "record",
            "name": "Items",
            "namespace": "com.amazonaws.personalize.schema",
            "fields": list(fields),
            "version": "1.0",
            **head,
        }
    }


ID = {"name": "ITEM_ID", "type": "string"}
YEAR = {"name": "YEAR", "type": ["int", "null"]}


@pytest.mark.parametrize(
    ("kind", "live", "declared"),
    [
        pytest.param(Dataset, {"datasetType": "ITEMS"}, {"datasetType": "Items"}, id="dataset type in upper case"),
        pytest.param(Solution, parameters(d="64"), parameters(d=64), id="a number as text"),
        pytest.param(Solution, parameters(d="30.0"), parameters(d="30"), id="30.0 and 30"),
        pytest.param(Solution, parameters(d="1e-3"), parameters(d="0.001"), id="an exponent"),
        pytest.param(Solution, parameters(d="True"), parameters(d="true"), id="True and true"),
        pytest.param(Solution, parameters(d="True"), parameters(d=True), id="a boolean as text"),
        pytest.param(
            Solution,
            {"solutionConfig": {"eventValueThreshold": "3.0"}},
            {"solutionConfig": {"eventValueThreshold": "3"}},
            id="a threshold as text",
        ),
        pytest.param(Solution, scheduled("rate(1 days)"), scheduled("rate(1 day)"), id="one days"),
        pytest.param(Solution, scheduled("rate(07 days)"), scheduled("rate(7 days)"), id="a leading zero"),
        pytest.param(Solution, tuned("training.bptt", minValue=2), tuned("bptt", minValue=2), id="prefix of training"),
        pytest.param(Solution, tuned("data.recency_mask"), tuned("recency_mask"), id="prefix of data"),
        pytest.param(Solution, excluding("ITEMS", "A"), excluding("Items", "A"), id="columns by upper-case type"),
        pytest.param(
            Campaign,
            {"campaignConfig": {"itemExplorationConfig": {"explorationWeight": "0.30"}}},
            {"campaignConfig": {"itemExplorationConfig": {"explorationWeight": 0.3}}},
            id="exploration as text",
        ),
        pytest.param(Schema, schema(ID, YEAR), schema(ID, {**YEAR, "type": ["null", "int"]}), id="order of a union"),
        pytest.param(Schema, schema({**ID, "type": ["string"]}), schema(ID), id="a union of one"),
        pytest.param(
            Schema,
            schema({"type": "string", "name": "ITEM_ID"}),
            schema({"name": "ITEM_ID", "type": "string"}),
            id="order of members",
        ),
        pytest.param(
            Schema,
            schema(ID, YEAR),
            schema({**ID, "categorical": False}, {**YEAR, "textual": False, "itemName": False}),
            id="attributes that are off",
        ),
        pytest.param(
            Schema,
            schema(ID),
            {"schema": dict(reversed(schema(ID)["schema"].items()))},
            id="order of the members of the record",
        ),
        pytest.param(
            Schema,
            schema(ID, {"name": "A", "type": ["null", "int", "float"]}),
            schema(ID, {"name": "A", "type": ["float", "int", "null"]}),
            id="order of a union of three",
        ),
        pytest.param(
            Filter,
            {"filterExpression": 'EXCLUDE ItemID WHERE Items.GENRES IN ("Drama")'},
            {"filterExpression": "exclude  itemid\nwhere items.GENRES in ('Drama')"},
            id="case, spaces and quotes of a filter",
        ),
        pytest.param(
            Filter,
            {"filterExpression": 'EXCLUDE ItemID WHERE Items.GENRES IN ("Drama", "War") AND Items.YEAR < 1990'},
            {"filterExpression": 'EXCLUDE ItemID WHERE Items.YEAR < 1990 AND Items.GENRES IN ("War", "Drama")'},
            id="order in a filter",
        ),
    ],
)
def test_other_spellings_are_no_difference(
    kind: type[Resource], live: dict[str, Any], declared: dict[str, Any]
) -> None:
    """Each is how the service answers what was declared."""
    assert list(diff(comparable(kind, live), comparable(kind, declared))) == []


@pytest.mark.parametrize(
    ("kind", "live", "declared", "where"),
    [
        pytest.param(
            Solution,
            parameters(d="64", e="1"),
            parameters(d=65, e=1),
            "solutionConfig.algorithmHyperParameters.d",
            id="another number",
        ),
        pytest.param(
            Solution,
            parameters(d="nan"),
            parameters(d="inf"),
            "solutionConfig.algorithmHyperParameters.d",
            id="words that float() takes for numbers",
        ),
        pytest.param(
            Solution,
            parameters(d="Word"),
            parameters(d="word"),
            "solutionConfig.algorithmHyperParameters.d",
            id="case of a word",
        ),
        pytest.param(
            Solution,
            scheduled("rate(1 days)"),
            scheduled("rate(7 days)"),
            "solutionConfig.autoTrainingConfig.schedulingExpression",
            id="another schedule",
        ),
        pytest.param(
            Solution,
            tuned("training.bptt", minValue=2),
            tuned("bptt", minValue=3),
            "solutionConfig.hpoConfig.algorithmHyperParameterRanges.integerHyperParameterRanges",
            id="another bound",
        ),
        pytest.param(Dataset, {"datasetType": "ITEMS"}, {"datasetType": "Users"}, "datasetType", id="another type"),
        pytest.param(Schema, schema(ID, YEAR), schema(YEAR, ID), "schema.fields", id="order of fields"),
        pytest.param(
            Schema, schema(ID, YEAR), schema(ID, {**YEAR, "type": "int"}), "schema.fields", id="no longer nullable"
        ),
        pytest.param(
            Schema, schema(ID, YEAR), schema(ID, {**YEAR, "categorical": True}), "schema.fields", id="categorical"
        ),
        pytest.param(Schema, schema(ID), schema(ID, YEAR), "schema.fields", id="a column more"),
        pytest.param(Schema, schema(ID, YEAR), schema(ID), "schema.fields", id="a column less"),
        pytest.param(
            Schema, schema(ID, YEAR), schema(ID, {**YEAR, "name": "Year"}), "schema.fields", id="case of a column"
        ),
        pytest.param(
            Schema, schema(ID, YEAR), schema(ID, {**YEAR, "type": ["long", "null"]}), "schema.fields", id="another type"
        ),
        pytest.param(Schema, schema(ID), schema({**ID, "textual": True}), "schema.fields", id="textual"),
        pytest.param(Schema, schema(ID), schema({**ID, "itemName": True}), "schema.fields", id="title"),
        pytest.param(Schema, schema(ID), schema({**ID, "new": 1}), "schema.fields", id="an attribute of tomorrow"),
        pytest.param(Schema, schema(ID), schema(ID, name="Users"), "schema.name", id="name of the record"),
        pytest.param(Schema, schema(ID), schema(ID, namespace="other"), "schema.namespace", id="namespace"),
        pytest.param(Schema, schema(ID), schema(ID, version="2.0"), "schema.version", id="version"),
        pytest.param(
            Filter,
            {"filterExpression": 'EXCLUDE ItemID WHERE Items.GENRES IN ("Drama")'},
            {"filterExpression": 'EXCLUDE ItemID WHERE Items.GENRES IN ("drama")'},
            "filterExpression",
            id="case of a value",
        ),
    ],
)
def test_other_meanings_are_differences(
    kind: type[Resource], live: dict[str, Any], declared: dict[str, Any], where: str
) -> None:
    """What means something else is found, where it stands."""
    assert [str(change) for change in diff(comparable(kind, live), comparable(kind, declared))] == [where]


def test_a_live_schema_we_cannot_read_equals_itself() -> None:
    """What an older client has put there is compared as it is."""
    strange = {"schema": {"type": "enum", "symbols": ["A"]}}

    assert list(diff(comparable(Schema, strange), comparable(Schema, strange))) == []


def test_a_live_expression_we_cannot_read_equals_itself() -> None:
    """The service's grammar may know more than ours."""
    strange = {"filterExpression": "EXCLUDE ItemID WHERE new_function(Items.X)"}

    assert comparable(Filter, strange) == strange
