"""PG70x: metric attributions that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.rules import attributions as rules
from personalize_gitops.lint.declared import schemas_of
from personalize_gitops.lint.place import placed, problem_at
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import AttributionCode
from personalize_gitops.model.reason import Source, because
from personalize_gitops.model.reference import Reference


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield second attributions of a group, and metrics that cannot be counted (docs/service/3 §5)."""
    first: dict[Reference, Document] = {}
    for document in desired.documents.values():
        if document.address.kind_name != "MetricAttribution":
            continue
        earlier = first.setdefault(document.references["datasetGroup"], document)
        if earlier is not document:
            reason = because(AttributionCode.SECOND_ATTRIBUTION, first=earlier.address)
            yield problem_at(document, ("datasetGroup",), reason, Check.PG701)
        yield from _attribution(document, desired)


def _attribution(document: Document, desired: Desired) -> Iterator[Problem[Source]]:
    metrics = document.attributes["metrics"]
    yield from placed(document, rules.name_problems(metrics), Check.PG703)
    yield from placed(document, rules.expression_problems(metrics), Check.PG704)
    yield from placed(document, rules.report_problems(document.attributes), Check.PG706)
    schemas = schemas_of(document.references["datasetGroup"], desired)
    if schemas is not None:
        yield from placed(document, rules.event_type_problems(schemas), Check.PG702)
        yield from placed(document, rules.column_problems(metrics, schemas), Check.PG705)
