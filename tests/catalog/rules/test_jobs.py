"""What the service accepts of imports, exports and data deletions (docs/service/2 §3.4, §7; docs/service/3 §3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.rules.jobs import (
    data_problems,
    export_path_problems,
    exported_type_problems,
    mode_problems,
    publishing_problems,
)
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.render.reasons import full_text


def told(problems: Iterable[Problem[Any]]) -> list[str]:
    """The sentence of each problem, with its remedy."""
    return [full_text(problem.reason, problem.suggestion) for problem in problems]


NOT_IN_S3 = "is not a location in S3: expected s3://, the name of a bucket, and a path"
NOT_CSV = "is neither a CSV file nor a folder: expected a path that ends in .csv, or in / for a folder"
LOCATIONS = {
    "s3://shop/events.csv": [],
    "s3://shop/2026/events.CSV": [],
    "s3://shop/2026/": [],
    "s3://shop/": [],
    "s3://shop/2026": [f'"s3://shop/2026" {NOT_CSV}; use s3://shop/2026/'],
    "s3://shop/events.json": [f'"s3://shop/events.json" {NOT_CSV}'],
    "https://shop.s3.amazonaws.com/events.csv": [f'"https://shop.s3.amazonaws.com/events.csv" {NOT_IN_S3}'],
    "s3:///events.csv": [f'"s3:///events.csv" {NOT_IN_S3}'],
    "s3://Shop/events.csv": [f'"s3://Shop/events.csv" {NOT_IN_S3}'],
    None: ["the location is missing: expected a CSV file or a folder in S3"],
}


@pytest.mark.parametrize(("location", "problems"), LOCATIONS.items())
def test_data_is_a_csv_file_or_a_folder(location: str | None, problems: list[str]) -> None:
    """A folder ends in a slash, and everything else in .csv."""
    assert told(data_problems(Check.PG601, {"dataSource": {"dataLocation": location} if location else {}})) == problems


@pytest.mark.parametrize(
    ("path", "problems"),
    [
        ("s3://shop/export/", []),
        (
            "s3://shop/export",
            ['"s3://shop/export" is not a folder: expected a path that ends in /; use s3://shop/export/'],
        ),
        ("http://shop/export/", [f'"http://shop/export/" {NOT_IN_S3}']),
    ],
)
def test_exports_write_to_a_folder(path: str, problems: list[str]) -> None:
    """The path of the output ends in a slash."""
    assert told(export_path_problems({"jobOutput": {"s3DataDestination": {"path": path}}})) == problems


def test_actions_are_not_exported() -> None:
    """Datasets of actions and of action interactions have no exports (docs/service/3 §3.2)."""
    refused = [type_ for type_ in DatasetType if told(exported_type_problems(type_))]

    assert refused == [DatasetType.ACTIONS, DatasetType.ACTION_INTERACTIONS]


@pytest.mark.parametrize(
    ("request_", "after_full", "severities"),
    [
        ({}, False, []),
        ({"importMode": "FULL"}, False, []),
        ({"importMode": "INCREMENTAL"}, True, []),
        ({"importMode": "INCREMENTAL"}, False, [Severity.ERROR]),
        ({"importMode": "INCREMENTAL"}, None, [Severity.WARNING]),
    ],
)
def test_a_full_import_comes_first(
    request_: dict[str, Any], after_full: bool | None, severities: list[Severity]
) -> None:
    """An incremental import needs rows that it adds to; whether there are any may be unknown (docs/service/2 §7.2)."""
    assert [found.severity for found in mode_problems(request_, after_full=after_full)] == severities


@pytest.mark.parametrize(
    ("type_", "into_folder", "problems"),
    [
        (DatasetType.INTERACTIONS, True, []),
        (DatasetType.INTERACTIONS, None, ["no metric attribution is declared for the dataset group"]),
        (DatasetType.INTERACTIONS, False, ["the metric attribution has no metricsOutputConfig.s3DataDestination"]),
        (DatasetType.ITEMS, True, ["metrics count interactions only, so an import of Items publishes none"]),
    ],
)
def test_published_metrics_have_an_attribution(
    type_: DatasetType, into_folder: bool | None, problems: list[str]
) -> None:
    """An import publishes what a metric attribution counts into its folder (docs/service/3 §5.2)."""
    wanted = {"publishAttributionMetricsToS3": True}

    assert told(publishing_problems(wanted, type_, into_folder=into_folder)) == problems
    assert told(publishing_problems({}, type_, into_folder=None)) == []
