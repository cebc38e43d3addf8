"""Requests for imports, exports and data deletions (docs/service/2 §3.4, §3.5; docs/service/3 §3.2, §3.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.rules.locations import csv_problems, output_problems
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.problem_codes import JobCode
from personalize_gitops.model.reason import Path, because

_DATA = Path(("dataSource", "dataLocation"))
_OUTPUT = Path(("jobOutput", "s3DataDestination", "path"))
_PUBLISH = Path(("publishAttributionMetricsToS3",))

Request = Mapping[str, Any]


def data_problems(request: Request) -> Iterator[Problem[Path]]:
    """Yield why an import or a data deletion cannot read its files."""
    return csv_problems(request.get("dataSource", {}).get("dataLocation"), _DATA)


def export_path_problems(request: Request) -> Iterator[Problem[Path]]:
    """Yield why an export cannot write its files."""
    return output_problems(request["jobOutput"]["s3DataDestination"]["path"], _OUTPUT)


def exported_type_problems(type_: DatasetType) -> Iterator[Problem[Path]]:
    """Yield that datasets of this type cannot be exported."""
    if type_ in (DatasetType.ACTIONS, DatasetType.ACTION_INTERACTIONS):
        yield Problem(because(JobCode.NO_EXPORT, type=type_), Path(("datasetArn",)))


def mode_problems(request: Request, *, after_full: bool) -> Iterator[Problem[Path]]:
    """Yield why an import is incremental although no full one comes before it."""
    if request.get("importMode") == "INCREMENTAL" and not after_full:
        yield Problem(because(JobCode.INCREMENTAL_FIRST), Path(("importMode",)))


def publishing_problems(request: Request, type_: DatasetType, *, into_folder: bool | None) -> Iterator[Problem[Path]]:
    """Yield why an import that asks for reports on its rows gets none (docs/service/3 §5.2).

    `into_folder`: whether the metric attribution of the group has a folder; None if there is no attribution.
    """
    if not request.get("publishAttributionMetricsToS3"):
        return
    if type_ is not DatasetType.INTERACTIONS:
        yield Problem(because(JobCode.NOTHING_TO_PUBLISH, type=type_), _PUBLISH, Severity.WARNING)
    elif into_folder is None:
        yield Problem(because(JobCode.PUBLISHED_WITHOUT_ATTRIBUTION), _PUBLISH, Severity.WARNING)
    elif not into_folder:
        yield Problem(because(JobCode.PUBLISHED_WITHOUT_FOLDER), _PUBLISH, Severity.WARNING)
