"""What the service accepts of batch inference jobs and batch segment jobs (docs/service/2 §11, §12)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.recipes import RECIPES, find_recipe
from personalize_gitops.catalog.rules import batch
from personalize_gitops.catalog.rules.groups import UNKNOWN, Group
from personalize_gitops.catalog.schemas import Schema, parse
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem
from personalize_gitops.render.reasons import full_text

THEMES: dict[str, Any] = {
    "batchInferenceJobMode": "THEME_GENERATION",
    "themeGenerationConfig": {"fieldsForThemeGeneration": {"itemName": "TITLE"}},
}
PREFIX = "is a prefix, and the job reads every file whose path begins with it, also in other folders"
PLOT = {"name": "PLOT", "type": ["null", "string"], "textual": True}
TITLE = {"name": "TITLE", "type": "string"}


def told(problems: Iterable[Problem[Any]]) -> list[str]:
    """The severity and the sentence of each problem, with its remedy."""
    return [f"{problem.severity}: {full_text(problem.reason, problem.suggestion)}" for problem in problems]


def items(*fields: dict[str, Any]) -> Schema:
    """The schema of an Items dataset with some columns beside the id."""
    return parse({"type": "record", "name": "Items", "fields": [{"name": "ITEM_ID", "type": "string"}, *fields]})


def paths(source: str, target: str) -> dict[str, Any]:
    """A request with an input and an output."""
    return {"jobInput": {"s3DataSource": {"path": source}}, "jobOutput": {"s3DataDestination": {"path": target}}}


@pytest.mark.parametrize(
    ("source", "target", "problems"),
    [
        ("s3://shop/ask/users.json", "s3://shop/answers/", []),
        ("s3://shop/ask/", "s3://shop/", []),
        (
            "s3://shop/ask",
            "s3://shop/answers/",
            [
                f'warning: "s3://shop/ask" {PREFIX}; use s3://shop/ask/',
            ],
        ),
        (
            "http://shop/ask/",
            "s3://shop/answers",
            [
                'error: "http://shop/ask/" is not a location in S3: expected s3://, the name of a bucket, and a path',
                'error: "s3://shop/answers" is not a folder: expected a path that ends in /; use s3://shop/answers/',
            ],
        ),
        ("s3://shop/ask/", "s3://shop/ask/", ["error: jobOutput must be another location than jobInput"]),
    ],
)
def test_paths(source: str, target: str, problems: list[str]) -> None:
    """Input is a file or a folder, output another folder (docs/service/2 §11.1)."""
    request = paths(source, target)

    assert (
        told([*batch.input_path_problems(Check.PG632, request), *batch.output_path_problems(Check.PG632, request)])
        == problems
    )


def inference(
    recipe: str | None = None, group: Group = UNKNOWN, region: str | None = None, **request: Any
) -> list[str]:
    """The problems of a batch inference job."""
    return told(batch.inference_problems(request, find_recipe(recipe) if recipe else None, group, region))


@pytest.mark.parametrize(("found", "accepted"), [(0, False), (1, True), (25, True), (500, True), (501, False)])
def test_the_number_of_results(found: int, accepted: bool) -> None:
    """A line has from 1 to 500 recommendations, and by default 25."""
    assert (inference(numResults=found) == []) is accepted
    assert inference() == []


@pytest.mark.parametrize(("found", "accepted"), [(0, False), (501, True), (5_000_000, True), (5_000_001, False)])
def test_the_number_of_users(found: int, accepted: bool) -> None:
    """A line has from 1 to 5 million users."""
    assert (told(batch.segment_problems({"numResults": found}, None)) == []) is accepted


def test_recipes() -> None:
    """Trends, next actions and segments have no batch inference, and only segments have batch segment jobs."""
    custom = {name: recipe for name, recipe in RECIPES.items() if not recipe.domain and not recipe.legacy}
    inferring = {name for name in custom if not inference(name)}
    segmenting = {name for name, recipe in custom.items() if not told(batch.segment_problems({}, recipe))}

    assert custom.keys() - inferring == {"aws-trending-now", "aws-next-best-action", *segmenting}
    assert segmenting == {"aws-item-affinity", "aws-item-attribute-affinity"}


def test_a_segment_instead_of_recommendations() -> None:
    """A recipe for segments is told the other kind of job, and nothing about themes."""
    assert inference("aws-item-affinity", **THEMES) == [
        "error: aws-item-affinity does not support batch inference jobs; declare a BatchSegmentJob instead"
    ]


WITHOUT_MODE = {"themeGenerationConfig": THEMES["themeGenerationConfig"]}


@pytest.mark.parametrize(
    ("request_", "recipe", "region", "problems"),
    [
        (THEMES, "aws-similar-items", "us-east-1", []),
        (
            WITHOUT_MODE,
            "aws-sims",
            "eu-west-1",
            ["warning: no effect without batchInferenceJobMode: THEME_GENERATION"],
        ),
        (THEMES, "aws-sims", None, ["error: aws-sims does not support THEME_GENERATION; use aws-similar-items"]),
        (
            THEMES,
            None,
            "eu-west-1",
            ["error: THEME_GENERATION is not offered in eu-west-1, only in ap-northeast-1, us-east-1, us-west-2"],
        ),
        (
            {"batchInferenceJobMode": "THEME_GENERATION"},
            None,
            None,
            ["error: THEME_GENERATION requires themeGenerationConfig"],
        ),
    ],
)
def test_themes(request_: dict[str, Any], recipe: str | None, region: str | None, problems: list[str]) -> None:
    """Themes are for similar items in three regions, and need the column of the names (docs/service/2 §11.3)."""
    assert inference(recipe, region=region, **request_) == problems


@pytest.mark.parametrize(
    ("schemas", "problems"),
    [
        ({DatasetType.ITEMS: items(TITLE, PLOT)}, []),
        ({DatasetType.ITEMS: None}, []),
        ({}, ["error: THEME_GENERATION requires an Items dataset, and the dataset group has none"]),
        (
            {DatasetType.ITEMS: items(TITLE)},
            ["error: THEME_GENERATION requires a textual column in the Items dataset"],
        ),
        (
            {DatasetType.ITEMS: items(PLOT)},
            ["error: TITLE is not a string column of the Items dataset; use ITEM_ID"],
        ),
    ],
)
def test_columns_of_themes(schemas: dict[DatasetType, Schema | None], problems: list[str]) -> None:
    """Themes are made of a textual column and the names of the items (docs/service/2 §11.3)."""
    group = Group(known=True, schemas=schemas)

    assert inference(group=group, **THEMES) == problems
    assert inference(group=group) == []
