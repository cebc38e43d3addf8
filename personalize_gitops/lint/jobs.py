"""PG60x, PG61x and PG62x: imports, exports and data deletions that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.rules import jobs as rules
from personalize_gitops.lint.declared import dataset_type_at, document_at
from personalize_gitops.lint.place import doubtful, placed
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document, RunDocument
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Source


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield wrong locations, exports of actions, and imports that need what is not declared (docs/service/2 §3.4)."""
    for document in desired.runs:
        match document.address.kind_name:
            case "DatasetImportJob":
                yield from _import(document, desired)
            case "DatasetExportJob":
                yield from _export(document, desired)
            case "DataDeletionJob":
                yield from placed(document, rules.data_problems(document.attributes), Check.PG621)


def _import(document: RunDocument, desired: Desired) -> Iterator[Problem[Source]]:
    request = document.attributes
    yield from placed(document, rules.data_problems(request), Check.PG601)
    # A warning: a FULL import that is not declared, or no longer, may have run.
    before = any(True for _ in desired.prerequisites(document))
    yield from placed(document, doubtful(rules.mode_problems(request, after_full=before)), Check.PG602)
    yield from _publishing(document, desired)


def _publishing(document: RunDocument, desired: Desired) -> Iterator[Problem[Source]]:
    type_ = dataset_type_at(document.references["dataset"], desired)
    for group in desired.groups_of(document.address):
        if type_ and document_at(group, desired):
            found = [desired.documents[address] for address in desired.in_group(group, "MetricAttribution")]
            folder = any(map(_has_folder, found)) if found else None
            problems = rules.publishing_problems(document.attributes, type_, into_folder=folder)
            yield from placed(document, problems, Check.PG603)


def _has_folder(attribution: Document) -> bool:
    return "s3DataDestination" in attribution.attributes["metricsOutputConfig"]


def _export(document: RunDocument, desired: Desired) -> Iterator[Problem[Source]]:
    if type_ := dataset_type_at(document.references["dataset"], desired):
        yield from placed(document, rules.exported_type_problems(type_), Check.PG611)
    yield from placed(document, rules.export_path_problems(document.attributes), Check.PG612)
