"""PG63x and PG64x: batch inference jobs and batch segment jobs that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from personalize_gitops.catalog.rules import batch as rules
from personalize_gitops.catalog.rules.groups import UNKNOWN, Group
from personalize_gitops.lint.declared import group_of, groups_of, recipe_of, solution_of
from personalize_gitops.lint.place import placed
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Path, Source
from personalize_gitops.model.reference import Reference


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield jobs whose recipe, paths or number of results the service refuses (docs/service/2 §11, §12)."""
    jobs = [document for document in desired.runs if document.address.kind_name.startswith("Batch")]
    groups = groups_of(desired) if any(rules.is_themed(document.attributes) for document in jobs) else {}
    for document in jobs:
        yield from placed(document, _problems(document, desired, groups))


def _problems(document: Document, desired: Desired, groups: Mapping[Reference, Group]) -> Iterator[Problem[Path]]:
    request, solution = document.attributes, solution_of(document, desired)
    if document.address.kind_name == "BatchSegmentJob":
        yield from _path_problems(Check.PG642, document)
        yield from rules.segment_problems(request, recipe_of(solution))
        return
    group = group_of(solution, groups) if solution else UNKNOWN
    yield from _path_problems(Check.PG632, document)
    yield from rules.inference_problems(request, recipe_of(solution), group, desired.region)


def _path_problems(check: Check, document: Document) -> Iterator[Problem[Path]]:
    yield from rules.input_path_problems(check, document.attributes)
    yield from rules.output_path_problems(check, document.attributes)
