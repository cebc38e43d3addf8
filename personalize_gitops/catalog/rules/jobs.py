"""Requests for imports, exports and data deletions (docs/service/2 §3.4, §3.5; docs/service/3 §3.2, §3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.rules.locations import csv_problems, output_problems
from personalize_gitops.catalog.rules.problems import error, warning
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import JobCode
from personalize_gitops.model.reason import Path, because

Request = Mapping[str, Any]


def data_problems(check: Check, request: Request) -> Iterator[Problem[Path]]:
    """Yield why an import (PG601) or a data deletion (PG621) cannot read its files."""
    return csv_problems(check, request.get("dataSource", {}).get("dataLocation"), "dataSource", "dataLocation")


def export_path_problems(request: Request) -> Iterator[Problem[Path]]:
    """Yield why an export cannot write its files."""
    place = ("jobOutput", "s3DataDestination", "path")
    return output_problems(Check.PG612, request["jobOutput"]["s3DataDestination"]["path"], *place)


def exported_type_problems(type_: DatasetType | None) -> Iterator[Problem[Path]]:
    """Yield that datasets of a type cannot be exported; None stands for an unknown type."""
    if type_ in (DatasetType.ACTIONS, DatasetType.ACTION_INTERACTIONS):
        yield error(Check.PG611, because(JobCode.NO_EXPORT, type=type_), "datasetArn")


def mode_problems(request: Request, *, after_full: bool | None) -> Iterator[Problem[Path]]:
    """Yield that an import is incremental although no full one comes before it (docs/service/2 §7.2).

    `after_full`: whether one does; None if that is not known, which is a warning.
    """
    if request.get("importMode") == "INCREMENTAL" and not after_full:
        if after_full is None:
            yield warning(Check.PG602, because(JobCode.FULL_IMPORT_UNDECLARED), "importMode")
        else:
            yield error(Check.PG602, because(JobCode.INCREMENTAL_FIRST), "importMode")


def publishing_problems(request: Request, type_: DatasetType, *, into_folder: bool | None) -> Iterator[Problem[Path]]:
    """Yield why an import that asks for reports on its rows gets none (docs/service/3 §5.2).

    `into_folder`: whether the metric attribution of the group writes to a folder; None without an attribution.
    """
    place = "publishAttributionMetricsToS3"
    if not request.get(place):
        return
    if type_ is not DatasetType.INTERACTIONS:
        yield warning(Check.PG603, because(JobCode.NOTHING_TO_PUBLISH, type=type_), place)
    elif into_folder is None:
        yield warning(Check.PG603, because(JobCode.PUBLISHED_WITHOUT_ATTRIBUTION), place)
    elif not into_folder:
        yield warning(Check.PG603, because(JobCode.PUBLISHED_WITHOUT_FOLDER), place)
