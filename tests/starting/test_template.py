"""The templates fit what the service needs, and the rest of the project."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from personalize_gitops.catalog.recipes import RECIPES
from personalize_gitops.starting.template import TEMPLATES, Settings, project_of

ROOT = Path(__file__).parents[2]
SETTINGS = Settings("My_Shop", "eu-west-1")


@pytest.mark.parametrize("name", TEMPLATES)
def test_there_is_data_enough(name: str) -> None:
    """Of each event type a recipe needs, there are a thousand unique events, and 25 users have several."""
    files = project_of(name, SETTINGS)
    header, *rows = [line.split(",") for line in files["data/interactions.csv"].splitlines()]
    recipes = [RECIPES[recipe] for text in files.values() for recipe in re.findall(r"^  recipe: (\S+)$", text, re.M)]

    types = Counter(row[header.index("EVENT_TYPE")] for row in rows)

    assert recipes
    assert len({tuple(row) for row in rows}) == len(rows) >= 1000
    assert all(types[needed] >= 1000 for recipe in recipes for needed in recipe.needs_events)
    assert sum(count >= 2 for count in Counter(row[0] for row in rows).values()) >= 25


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_same_settings_give_the_same_files(name: str) -> None:
    """Nothing in a project is random."""
    assert project_of(name, SETTINGS) == project_of(name, SETTINGS)


def test_the_bucket_has_a_valid_name() -> None:
    """A group may have capital letters and underscores, a bucket may not."""
    assert SETTINGS.bucket == "my-shop-data"


def test_the_workflow_has_the_steps_of_the_pipeline_to_copy() -> None:
    """Every action in it is pinned as in docs/pipelines."""
    workflow = project_of("movies", SETTINGS)[".github/workflows/personalize.yml"]
    copied = (ROOT / "docs" / "pipelines" / "github" / "pull-request.yml").read_text()

    uses = re.findall(r"uses: .*", workflow)

    assert len(uses) == 5
    assert {*uses} <= {*re.findall(r"uses: .*", copied)}
