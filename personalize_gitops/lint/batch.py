"""PG63x and PG64x: batch inference jobs and batch segment jobs that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.rules import batch as rules
from personalize_gitops.lint.declared import recipe_of, schemas_of, solution_of
from personalize_gitops.lint.place import placed
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Source


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield jobs whose recipe, paths or number of results the service refuses (docs/service/2 §11, §12)."""
    for document in desired.runs:
        match document.address.kind_name:
            case "BatchInferenceJob":
                yield from _inference(document, desired)
            case "BatchSegmentJob":
                yield from _segment(document, desired)


def _inference(document: Document, desired: Desired) -> Iterator[Problem[Source]]:
    request = document.attributes
    if recipe := recipe_of(solution_of(document, desired)):
        yield from placed(document, rules.inference_recipe_problems(recipe), Check.PG631)
    yield from placed(document, rules.input_path_problems(request), Check.PG632)
    yield from placed(document, rules.output_path_problems(request), Check.PG632)
    yield from placed(document, rules.count_problems(request, rules.MOST_RESULTS), Check.PG633)
    themed_by = recipe if recipe and recipe.batch_inference else None  # else PG631 says that there are no jobs at all
    yield from placed(document, rules.theme_problems(request, themed_by, desired.region), Check.PG634)
    yield from _theme_columns(document, desired)


def _theme_columns(document: Document, desired: Desired) -> Iterator[Problem[Source]]:
    if document.attributes.get("batchInferenceJobMode") != rules.THEMES:
        return  # so that no schema is parsed in vain
    solution = solution_of(document, desired)
    schemas = schemas_of(solution.references["datasetGroup"], desired) if solution else None
    if schemas is None:
        return
    items = schemas.get(DatasetType.ITEMS)
    if items or DatasetType.ITEMS not in schemas:
        yield from placed(document, rules.theme_column_problems(document.attributes, items), Check.PG634)


def _segment(document: Document, desired: Desired) -> Iterator[Problem[Source]]:
    request = document.attributes
    if recipe := recipe_of(solution_of(document, desired)):
        yield from placed(document, rules.segment_recipe_problems(recipe), Check.PG641)
    yield from placed(document, rules.input_path_problems(request), Check.PG642)
    yield from placed(document, rules.output_path_problems(request), Check.PG642)
    yield from placed(document, rules.count_problems(request, rules.MOST_USERS), Check.PG643)
