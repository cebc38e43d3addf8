"""What the service accepts of metric attributions (docs/service/3 §5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.rules import attributions
from personalize_gitops.catalog.rules.attributions import Expression, parse_expression
from personalize_gitops.catalog.rules.groups import UNKNOWN, Group
from personalize_gitops.catalog.schemas import Schema, parse
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.render.reasons import full_text

ITEMS = parse(
    {
        "type": "record",
        "name": "Items",
        "fields": [{"name": "ITEM_ID", "type": "string"}, {"name": "PRICE", "type": ["null", "float"]}],
    }
)
EVENTS = parse({"type": "record", "name": "Interactions", "fields": [{"name": "USER_ID", "type": "string"}]})


def told(problems: Iterable[Problem[Any]]) -> list[str]:
    """The place and the sentence of each problem, with its remedy."""
    return [f"{problem.place}: {full_text(problem.reason, problem.suggestion)}" for problem in problems]


def metric(expression: str = "SAMPLECOUNT()", name: str = "m") -> dict[str, str]:
    """One metric."""
    return {"eventType": "watch", "metricName": name, "expression": expression}


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("SAMPLECOUNT()", Expression()),
        ("SUM(Items.PRICE)", Expression(DatasetType.ITEMS, "PRICE")),
        (" sum ( interactions . EVENT_VALUE ) ", Expression(DatasetType.INTERACTIONS, "EVENT_VALUE")),
        ("SUM(Users.AGE)", None),
        ("AVG(Items.PRICE)", None),
        ("SAMPLECOUNT(Items.PRICE)", None),
        ("SUM()", None),
        ("", None),
    ],
)
def test_expressions(text: str, expression: Expression | None) -> None:
    """A metric is a sum over a column of items or interactions, or a count (docs/service/3 §5.1)."""
    assert parse_expression(text) == expression
    assert (told(attributions.metric_problems([metric(text)], UNKNOWN)) == []) is (expression is not None)


def test_names_of_metrics_differ() -> None:
    """The second metric of a name is told the place of the first."""
    metrics = [metric(), metric(name="other"), metric()]

    assert told(attributions.metric_problems(metrics, UNKNOWN)) == [
        'metrics[2].metricName: metric "m" is declared already, in metrics[0]'
    ]


@pytest.mark.parametrize(
    ("expression", "problems"),
    [
        ("SAMPLECOUNT()", []),
        ("SUM(Items.PRICE)", []),
        ("SUM(Items.PRIZE)", ['metrics[0].expression: Items has no column PRIZE; did you mean "PRICE"?']),
        ("SUM(Items.ITEM_ID)", ["metrics[0].expression: Items.ITEM_ID is not a numeric column, and SUM adds numbers"]),
        ("SUM(Interactions.X)", ["metrics[0].expression: the dataset group has no Interactions dataset"]),
    ],
)
def test_sums_are_over_numbers(expression: str, problems: list[str]) -> None:
    """A sum needs a dataset with a numeric column of that name."""
    group = Group(known=True, schemas={DatasetType.ITEMS: ITEMS})

    assert told(attributions.metric_problems([metric(expression)], group)) == problems


def test_an_unknown_schema_is_not_judged() -> None:
    """Where the schema of a dataset is not known, its columns are not either."""
    unknown = Group(known=True, schemas={DatasetType.INTERACTIONS: None})

    for group in (unknown, UNKNOWN):
        assert told(attributions.metric_problems([metric("SUM(Interactions.X)")], group)) == []
        assert told(attributions.event_type_problems(group)) == []


@pytest.mark.parametrize(("schemas", "found"), [({}, "group has none"), ({DatasetType.INTERACTIONS: EVENTS}, "EVENT")])
def test_interactions_have_event_types(schemas: dict[DatasetType, Schema], found: str) -> None:
    """An attribution needs interactions with the column EVENT_TYPE (docs/service/3 §5.2)."""
    (problem,) = told(attributions.event_type_problems(Group(known=True, schemas=schemas)))

    assert found in problem


@pytest.mark.parametrize(
    ("path", "severities"),
    [
        (None, []),
        ("s3://shop/reports/", []),
        ("s3://shop/reports", [Severity.WARNING]),
        ("https://shop/reports/", [Severity.ERROR]),
    ],
)
def test_reports_have_a_folder(path: str | None, severities: list[Severity]) -> None:
    """The guide shows a folder; what a path without a slash does is not documented (docs/service/3 §5.1)."""
    output = {"metricsOutputConfig": {"s3DataDestination": {"path": path}} if path else {}}

    assert [problem.severity for problem in attributions.report_problems(output)] == severities
