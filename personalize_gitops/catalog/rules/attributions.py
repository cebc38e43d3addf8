"""Requests for metric attributions (docs/service/3 §5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.rules.locations import LOCATION
from personalize_gitops.catalog.schemas import Schema
from personalize_gitops.model.problem import Problem, Severity, did_you_mean, use_instead
from personalize_gitops.model.problem_codes import AttributionCode, JobCode
from personalize_gitops.model.reason import Path, Verbatim, because

_FUNCTION = re.compile(r"\s*(?:SAMPLECOUNT\s*\(\s*\)|SUM\s*\(\s*(Items|Interactions)\s*\.\s*(\w+)\s*\))\s*", re.I)
_GROUP = Path(("datasetGroupArn",))
_METRICS = Path(("metrics",))
_OUTPUT = Path(("metricsOutputConfig", "s3DataDestination", "path"))

Metric = Mapping[str, Any]
Schemas = Mapping[DatasetType, Schema | None]
"""The datasets of a group; None for one whose schema is not known."""


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


def name_problems(metrics: Sequence[Metric]) -> Iterator[Problem[Path]]:
    """Yield the metrics with the name of an earlier one: reports and removals tell metrics by their names."""
    first: dict[str, int] = {}
    for index, metric in enumerate(metrics):
        name = metric["metricName"]
        if first.setdefault(name, index) != index:
            reason = because(AttributionCode.DUPLICATE_METRIC, metric=Verbatim(name), first=_METRICS / first[name])
            yield Problem(reason, _METRICS / index / "metricName")


def expression_problems(metrics: Sequence[Metric]) -> Iterator[Problem[Path]]:
    """Yield the expressions that are neither a sum over a column nor a count."""
    for index, metric in enumerate(metrics):
        if parse_expression(metric["expression"]) is None:
            reason = because(AttributionCode.NOT_A_FUNCTION, found=Verbatim(metric["expression"]))
            yield Problem(reason, _METRICS / index / "expression")


def column_problems(metrics: Sequence[Metric], schemas: Schemas) -> Iterator[Problem[Path]]:
    """Yield the sums over datasets and columns that the group does not have, or that are not numeric."""
    for index, metric in enumerate(metrics):
        found = parse_expression(metric["expression"])
        if found is None or found.dataset is None:
            continue
        place = _METRICS / index / "expression"
        if found.dataset not in schemas:
            yield Problem(because(AttributionCode.SUM_WITHOUT_DATASET, dataset=found.dataset), place)
        elif schema := schemas[found.dataset]:
            yield from _column_problems(found.dataset, found.column, schema, place)


def _column_problems(dataset: DatasetType, name: str, schema: Schema, place: Path) -> Iterator[Problem[Path]]:
    field, column = schema.field.get(name), Verbatim(name)
    if field is None:
        near = did_you_mean(name, [other.name for other in schema.fields if other.numeric])
        yield Problem(because(AttributionCode.SUM_OF_UNKNOWN, dataset=dataset, column=column), place, suggestion=near)
    elif not field.numeric:
        yield Problem(because(AttributionCode.SUM_OF_TEXT, dataset=dataset, column=column), place)


def event_type_problems(schemas: Schemas) -> Iterator[Problem[Path]]:
    """Yield that the group has no interactions with event types."""
    if DatasetType.INTERACTIONS not in schemas:
        yield Problem(because(AttributionCode.NO_INTERACTIONS), _GROUP)
    elif (schema := schemas[DatasetType.INTERACTIONS]) and "EVENT_TYPE" not in schema.field:
        yield Problem(because(AttributionCode.NO_EVENT_TYPE), _GROUP)


def report_problems(request: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield why reports have no folder; a missing slash is a warning, because the guide does not say what happens."""
    path = request.get("metricsOutputConfig", {}).get("s3DataDestination", {}).get("path")
    if path is None:
        return
    if not LOCATION.fullmatch(path):
        yield Problem(because(JobCode.NOT_IN_S3, found=Verbatim(path)), _OUTPUT)
    elif not path.endswith("/"):
        reason = because(JobCode.OUTPUT_NOT_A_FOLDER, found=Verbatim(path))
        yield Problem(reason, _OUTPUT, Severity.WARNING, use_instead(f"{path}/"))
