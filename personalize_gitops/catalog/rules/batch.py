"""Requests for batch inference jobs and batch segment jobs (docs/service/2 §11, §12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.recipes import RECIPES, Recipe
from personalize_gitops.catalog.regions import THEME_REGIONS
from personalize_gitops.catalog.rules.locations import input_problems, output_problems
from personalize_gitops.catalog.schemas import Schema
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import JobCode, Remedy
from personalize_gitops.model.reason import Path, Reason, Verbatim, because

DEFAULT_RESULTS = 25
MOST_RESULTS = 500  # of a line of batch inference (docs/service/3 §9)
MOST_USERS = 5_000_000  # of a line of a batch segment (docs/service/3 §13.5)
THEMES = "THEME_GENERATION"

_VERSION = Path(("solutionVersionArn",))
_INPUT = Path(("jobInput", "s3DataSource", "path"))
_OUTPUT = Path(("jobOutput", "s3DataDestination", "path"))
_MODE = Path(("batchInferenceJobMode",))
_COLUMN = Path(("themeGenerationConfig", "fieldsForThemeGeneration", "itemName"))

Request = Mapping[str, Any]


def input_path_problems(request: Request) -> Iterator[Problem[Path]]:
    """Yield why a job cannot read its input (docs/service/2 §11.1)."""
    return input_problems(request["jobInput"]["s3DataSource"]["path"], _INPUT)


def output_path_problems(request: Request) -> Iterator[Problem[Path]]:
    """Yield why a job cannot write its output (docs/service/2 §11.1)."""
    path = request["jobOutput"]["s3DataDestination"]["path"]
    yield from output_problems(path, _OUTPUT)
    if path == request["jobInput"]["s3DataSource"]["path"]:
        yield Problem(because(JobCode.SAME_INPUT_AND_OUTPUT), _OUTPUT)


def count_problems(request: Request, most: int) -> Iterator[Problem[Path]]:
    """Yield that a line cannot have so many results."""
    found = request.get("numResults", DEFAULT_RESULTS)
    if not 1 <= found <= most:
        yield Problem(because(JobCode.RESULTS_OUT_OF_RANGE, found=found, most=most), Path(("numResults",)))


def inference_recipe_problems(recipe: Recipe) -> Iterator[Problem[Path]]:
    """Yield that the recipe of the version has no batch inference."""
    if not recipe.batch_inference:
        remedy = because(Remedy.SEGMENT_INSTEAD) if recipe.batch_segment else None
        yield Problem(because(JobCode.NO_BATCH_INFERENCE, recipe=Verbatim(recipe.name)), _VERSION, suggestion=remedy)


def segment_recipe_problems(recipe: Recipe) -> Iterator[Problem[Path]]:
    """Yield that the recipe of the version has no batch segments."""
    if not recipe.batch_segment:
        remedy = _one_of(other.name for other in RECIPES.values() if other.batch_segment)
        yield Problem(because(JobCode.NO_BATCH_SEGMENTS, recipe=Verbatim(recipe.name)), _VERSION, suggestion=remedy)


def theme_problems(request: Request, recipe: Recipe | None, region: str | None) -> Iterator[Problem[Path]]:
    """Yield why a recipe or a region has no themes (docs/service/2 §11.3); None stands for an unknown one."""
    if request.get("batchInferenceJobMode") != THEMES:
        return
    if recipe is not None and not recipe.batch_themes:
        remedy = _one_of(other.name for other in RECIPES.values() if other.batch_themes)
        yield Problem(because(JobCode.NO_THEMES, recipe=Verbatim(recipe.name)), _MODE, suggestion=remedy)
    if region is not None and region not in THEME_REGIONS:
        known = tuple(map(Verbatim, THEME_REGIONS))
        yield Problem(because(JobCode.NO_THEMES_IN_REGION, region=Verbatim(region), known=known), _MODE)
    if "themeGenerationConfig" not in request:
        yield Problem(because(JobCode.THEMES_WITHOUT_COLUMN), _MODE)


def theme_column_problems(request: Request, items: Schema | None) -> Iterator[Problem[Path]]:
    """Yield what the Items dataset with this schema lacks for themes; None: there is no such dataset."""
    if request.get("batchInferenceJobMode") != THEMES or "themeGenerationConfig" not in request:
        return
    column = request["themeGenerationConfig"]["fieldsForThemeGeneration"]["itemName"]
    if items is None:
        yield Problem(because(JobCode.THEMES_WITHOUT_ITEMS), _MODE)
        return
    field = items.field.get(column)
    if field is None or field.type != "string":
        names = [other.name for other in items.fields if other.type == "string" and not other.textual]
        yield Problem(because(JobCode.NOT_AN_ITEM_NAME, column=Verbatim(column)), _COLUMN, suggestion=_one_of(names))
    if not any(other.textual for other in items.fields):
        yield Problem(because(JobCode.THEMES_WITHOUT_TEXT), _MODE)


def _one_of(names: Iterable[str]) -> Reason | None:
    found = tuple(map(Verbatim, names))
    return because(Remedy.USE_ONE_OF, names=found) if found else None
