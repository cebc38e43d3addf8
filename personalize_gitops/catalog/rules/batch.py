"""Requests for batch inference jobs and batch segment jobs (docs/service/2 §11, §12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.recipes import RECIPES, Recipe
from personalize_gitops.catalog.regions import THEME_REGIONS
from personalize_gitops.catalog.rules.campaigns import ranking_problems
from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.catalog.rules.locations import input_problems, output_problems
from personalize_gitops.catalog.rules.problems import below, error, warning
from personalize_gitops.catalog.schemas import Schema
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, use_one_of
from personalize_gitops.model.problem_codes import JobCode, Remedy
from personalize_gitops.model.reason import Path, Verbatim, because

DEFAULT_RESULTS = 25

_MOST_ITEMS = 500  # of a line (docs/service/3 §9)
_MOST_USERS = 5_000_000  # of a line (docs/service/3 §13.5)
_THEMES = "THEME_GENERATION"
_MODE = "batchInferenceJobMode"
_JOB_CONFIG = Path(("batchInferenceJobConfig",))
_CONFIG = "themeGenerationConfig"

Request = Mapping[str, Any]


def inference_problems(
    request: Request, recipe: Recipe | None, group: Group, region: str | None
) -> Iterator[Problem[Path]]:
    """Yield the problems of a CreateBatchInferenceJob request, except those of its paths; None: not known."""
    yield from _count_problems(Check.PG633, request, _MOST_ITEMS)
    yield from below(_JOB_CONFIG, ranking_problems(recipe, request.get("batchInferenceJobConfig") or {}))
    if recipe and not recipe.batch_inference:
        remedy = because(Remedy.SEGMENT_INSTEAD) if recipe.batch_segment else None
        reason = because(JobCode.NO_BATCH_INFERENCE, recipe=Verbatim(recipe.name))
        yield error(Check.PG631, reason, "solutionVersionArn", suggestion=remedy)
    elif is_themed(request):
        yield from _theme_problems(request, recipe, region)
        yield from _theme_column_problems(request, group)
    elif _CONFIG in request:
        yield warning(Check.PG634, because(JobCode.THEMES_NOT_GENERATED), _CONFIG)


def segment_problems(request: Request, recipe: Recipe | None) -> Iterator[Problem[Path]]:
    """Yield the problems of a CreateBatchSegmentJob request, except those of its paths."""
    yield from _count_problems(Check.PG643, request, _MOST_USERS)
    if recipe and not recipe.batch_segment:
        remedy = use_one_of(other.name for other in RECIPES.values() if other.batch_segment)
        reason = because(JobCode.NO_BATCH_SEGMENTS, recipe=Verbatim(recipe.name))
        yield error(Check.PG641, reason, "solutionVersionArn", suggestion=remedy)


def input_path_problems(check: Check, request: Request) -> Iterator[Problem[Path]]:
    """Yield why a job of inference (PG632) or of segments (PG642) cannot read its input (docs/service/2 §11.1)."""
    return input_problems(check, request["jobInput"]["s3DataSource"]["path"], "jobInput", "s3DataSource", "path")


def output_path_problems(check: Check, request: Request) -> Iterator[Problem[Path]]:
    """Yield why a job of inference (PG632) or of segments (PG642) cannot write its output (docs/service/2 §11.1)."""
    path, place = request["jobOutput"]["s3DataDestination"]["path"], ("jobOutput", "s3DataDestination", "path")
    yield from output_problems(check, path, *place)
    if path == request["jobInput"]["s3DataSource"]["path"]:
        yield error(check, because(JobCode.SAME_INPUT_AND_OUTPUT), *place)


def is_themed(request: Request) -> bool:
    """Return whether a job generates themes."""
    return request.get(_MODE) == _THEMES


def _count_problems(check: Check, request: Request, most: int) -> Iterator[Problem[Path]]:
    """Yield that a line cannot have so many results."""
    found = request.get("numResults", DEFAULT_RESULTS)
    if not 1 <= found <= most:
        yield error(check, because(JobCode.RESULTS_OUT_OF_RANGE, found=found, most=most), "numResults")


def _theme_problems(request: Request, recipe: Recipe | None, region: str | None) -> Iterator[Problem[Path]]:
    """Yield why a recipe or a region has no themes (docs/service/2 §11.3)."""
    if recipe is not None and not recipe.batch_themes:
        remedy = use_one_of(other.name for other in RECIPES.values() if other.batch_themes)
        yield error(Check.PG634, because(JobCode.NO_THEMES, recipe=Verbatim(recipe.name)), _MODE, suggestion=remedy)
    if region is not None and region not in THEME_REGIONS:
        known = tuple(map(Verbatim, THEME_REGIONS))
        yield error(Check.PG634, because(JobCode.NO_THEMES_IN_REGION, region=Verbatim(region), known=known), _MODE)
    if _CONFIG not in request:
        yield error(Check.PG634, because(JobCode.THEMES_WITHOUT_COLUMN), _MODE)


def _theme_column_problems(request: Request, group: Group) -> Iterator[Problem[Path]]:
    """Yield what the items of a group lack for themes (docs/service/2 §11.3)."""
    if group.lacks(DatasetType.ITEMS):
        yield error(Check.PG634, because(JobCode.THEMES_WITHOUT_ITEMS), _MODE)
    elif items := group.schemas.get(DatasetType.ITEMS):
        if _CONFIG in request:
            yield from _name_problems(request[_CONFIG]["fieldsForThemeGeneration"]["itemName"], items)
        if not any(field.textual for field in items.fields):
            yield error(Check.PG634, because(JobCode.THEMES_WITHOUT_TEXT), _MODE)


def _name_problems(column: str, items: Schema) -> Iterator[Problem[Path]]:
    field = items.field.get(column)
    if field is None or field.type != "string":
        names = [other.name for other in items.fields if other.type == "string" and not other.textual]
        reason = because(JobCode.NOT_AN_ITEM_NAME, column=Verbatim(column))
        place = (_CONFIG, "fieldsForThemeGeneration", "itemName")
        yield error(Check.PG634, reason, *place, suggestion=use_one_of(names))
