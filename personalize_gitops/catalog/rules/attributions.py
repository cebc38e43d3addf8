"""Requests for metric attributions (docs/service/3 §5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.catalog.rules.locations import in_s3
from personalize_gitops.catalog.rules.problems import error, warning
from personalize_gitops.catalog.schemas import Schema
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, did_you_mean, use_instead
from personalize_gitops.model.problem_codes import AttributionCode, JobCode
from personalize_gitops.model.reason import Path, Verbatim, because

_FUNCTION = re.compile(r"\s*(?:SAMPLECOUNT\s*\(\s*\)|SUM\s*\(\s*(Items|Interactions)\s*\.\s*(\w+)\s*\))\s*", re.I)

Metric = Mapping[str, Any]


@dataclass(frozen=True)
class Expression:
    """What a metric adds up: the values of a column, or 1 for each event."""

    dataset: DatasetType | None = None
    column: str = ""


def parse_expression(text: str) -> Expression | None:
    """Return the expression of a metric; None if the text is none."""
    found = _FUNCTION.fullmatch(text)
    if found is None or found[1] is None:
        return Expression() if found else None
    return Expression(DatasetType(found[1].capitalize()), found[2])


def metric_problems(metrics: Sequence[Metric], group: Group) -> Iterator[Problem[Path]]:
    """Yield the problems of the metrics of an attribution."""
    first: dict[str, int] = {}
    for index, metric in enumerate(metrics):
        name = metric["metricName"]
        if first.setdefault(name, index) != index:
            reason = because(
                AttributionCode.DUPLICATE_METRIC, metric=Verbatim(name), first=Path(("metrics", first[name]))
            )
            yield error(Check.PG703, reason, "metrics", index, "metricName")
        yield from _expression_problems(metric["expression"], group, Path(("metrics", index, "expression")))


def event_type_problems(group: Group) -> Iterator[Problem[Path]]:
    """Yield that the group has no interactions with event types."""
    interactions = group.schemas.get(DatasetType.INTERACTIONS)
    if group.lacks(DatasetType.INTERACTIONS):
        yield error(Check.PG702, because(AttributionCode.NO_INTERACTIONS), "datasetGroupArn")
    elif interactions and "EVENT_TYPE" not in interactions.field:
        yield error(Check.PG702, because(AttributionCode.NO_EVENT_TYPE), "datasetGroupArn")


def report_problems(request: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield why reports have no folder; a missing slash is a warning, because the guide does not say what happens."""
    path = request.get("metricsOutputConfig", {}).get("s3DataDestination", {}).get("path")
    place = ("metricsOutputConfig", "s3DataDestination", "path")
    if path is None:
        return
    if not in_s3(path):
        yield error(Check.PG706, because(JobCode.NOT_IN_S3, found=Verbatim(path)), *place)
    elif not path.endswith("/"):
        reason = because(JobCode.OUTPUT_NOT_A_FOLDER, found=Verbatim(path))
        yield warning(Check.PG706, reason, *place, suggestion=use_instead(f"{path}/"))


def _expression_problems(text: str, group: Group, place: Path) -> Iterator[Problem[Path]]:
    """Yield why an expression is neither a count nor a sum over a numeric column of the group."""
    expression = parse_expression(text)
    if expression is None:
        yield error(Check.PG704, because(AttributionCode.NOT_A_FUNCTION, found=Verbatim(text)), *place)
    elif expression.dataset and group.lacks(expression.dataset):
        yield error(Check.PG705, because(AttributionCode.SUM_WITHOUT_DATASET, dataset=expression.dataset), *place)
    elif expression.dataset and (schema := group.schemas.get(expression.dataset)):
        yield from _column_problems(expression.dataset, expression.column, schema, place)


def _column_problems(dataset: DatasetType, name: str, schema: Schema, place: Path) -> Iterator[Problem[Path]]:
    field, column = schema.field.get(name), Verbatim(name)
    if field is None:
        near = did_you_mean(name, [other.name for other in schema.fields if other.numeric])
        reason = because(AttributionCode.SUM_OF_UNKNOWN, dataset=dataset, column=column)
        yield error(Check.PG705, reason, *place, suggestion=near)
    elif not field.numeric:
        yield error(Check.PG705, because(AttributionCode.SUM_OF_TEXT, dataset=dataset, column=column), *place)
