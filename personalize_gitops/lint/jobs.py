"""PG60x, PG61x and PG62x: imports, exports and data deletions that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.rules.jobs import (
    data_problems,
    export_path_problems,
    exported_type_problems,
    mode_problems,
    publishing_problems,
)
from personalize_gitops.lint.declared import dataset_type_at
from personalize_gitops.lint.place import placed
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document, RunDocument
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Path, Source


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield wrong locations, exports of actions, and imports that need what is not declared."""
    for document in desired.runs:
        match document.address.kind_name:
            case "DatasetImportJob":
                yield from placed(document, _import_problems(document, desired))
            case "DatasetExportJob":
                type_ = dataset_type_at(document.references["dataset"], desired)
                yield from placed(document, exported_type_problems(type_))
                yield from placed(document, export_path_problems(document.attributes))
            case "DataDeletionJob":
                yield from placed(document, data_problems(Check.PG621, document.attributes))


def _import_problems(document: RunDocument, desired: Desired) -> Iterator[Problem[Path]]:
    request, type_ = document.attributes, dataset_type_at(document.references["dataset"], desired)
    yield from data_problems(Check.PG601, request)
    # A FULL import that is not declared, or no longer, may have run.
    declared = any(True for _ in desired.prerequisites(document))
    yield from mode_problems(request, after_full=True if declared else None)
    for group in desired.groups_of(document.address):
        if type_ and group in desired.documents:
            attributions = [desired.documents[address] for address in desired.in_group(group, "MetricAttribution")]
            folder = any(map(_has_folder, attributions)) if attributions else None
            yield from publishing_problems(request, type_, into_folder=folder)


def _has_folder(attribution: Document) -> bool:
    return "s3DataDestination" in attribution.attributes["metricsOutputConfig"]
