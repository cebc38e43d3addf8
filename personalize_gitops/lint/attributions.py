"""PG70x: metric attributions that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.rules.attributions import event_type_problems, metric_problems, report_problems
from personalize_gitops.lint.declared import group_of, groups_of
from personalize_gitops.lint.place import placed, problem_at
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import AttributionCode
from personalize_gitops.model.reason import Source, because
from personalize_gitops.model.reference import Reference


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield second attributions of a group, and metrics that cannot be counted (docs/service/3 §5)."""
    found = [document for document in desired.documents.values() if document.address.kind_name == "MetricAttribution"]
    groups = groups_of(desired) if found else {}
    first: dict[Reference, Document] = {}
    for document in found:
        earlier = first.setdefault(document.references["datasetGroup"], document)
        if earlier is not document:
            reason = because(AttributionCode.SECOND_ATTRIBUTION, first=earlier.address)
            yield problem_at(document, ("datasetGroup",), reason, Check.PG701)
        group = group_of(document, groups)
        yield from placed(document, event_type_problems(group))
        yield from placed(document, metric_problems(document.attributes["metrics"], group))
        yield from placed(document, report_problems(document.attributes))
