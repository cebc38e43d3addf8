"""`metrics`: the metrics of a model beside those of the version before."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it comes with moto, without types
import pytest

from tests.support.project import Project

SCHEMA = json.loads(files("personalize_gitops").joinpath("schemas/metrics.json").read_text())
NDCG = "normalized_discounted_cumulative_gain_at_25"


def measured(project: Project, *arguments: str) -> dict[str, Any]:
    """The JSON document, which fits its schema."""
    result = project.run("metrics", *arguments, "--output", "json")
    assert result.code == 0, result.err
    found: dict[str, Any] = json.loads(result.out)
    jsonschema.validate(found, SCHEMA)
    return found


def test_beside_the_version_before(cinema: Project) -> None:
    """A campaign's version and the one before it, each metric with the difference."""
    found = measured(cinema, "Campaign/for-you")

    assert found["beside"]["createdAt"] < found["model"]["createdAt"]
    assert found["model"]["arn"].split("/")[:2] == found["beside"]["arn"].split("/")[:2]
    ndcg = next(each for each in found["metrics"] if each["name"] == NDCG)
    assert ndcg["difference"] == ndcg["value"] - ndcg["beside"]
    assert found == {**measured(cinema, "SolutionVersion/for-you"), "address": "Campaign/for-you"}


def test_as_a_table(cinema: Project) -> None:
    """The text names both versions, and has a row for each metric."""
    head, before, columns, *rows = cinema.run("metrics", "Campaign/for-you").out.splitlines()

    assert head.startswith("Campaign/for-you: for-you-")
    assert before.startswith("beside the version before: for-you-")
    assert columns.split() == ["METRIC", "VALUE", "BEFORE", "DIFFERENCE"]
    assert next(row for row in rows if row.startswith(NDCG)).split()[3][0] in "+-"


def test_a_first_version(cinema: Project) -> None:
    """Without a version before, the metrics stand alone."""
    assert measured(cinema, "Campaign/popular")["beside"] is None
    assert "There is no version before it." in cinema.run("metrics", "Campaign/popular").out


def test_a_recommender(cinema: Project) -> None:
    """A recommender has the metrics of its last training, and none before."""
    found = measured(cinema, "Recommender/top")

    assert (found["model"]["recipe"], found["beside"]) == ("aws-vod-top-picks", None)
    assert NDCG in {each["name"] for each in found["metrics"]}
    assert "version before" not in cinema.run("metrics", "Recommender/top").out


def test_a_successor(cinema: Project) -> None:
    """The version before the first one of a new solution is that of the solution it replaces, while that exists."""
    found = measured(cinema, "Campaign/similar")

    assert "/similar-2/" in found["model"]["arn"]
    assert "/similar/" in found["beside"]["arn"]


def test_against_another(cinema: Project) -> None:
    """--against compares with the model of another address: personal recommendations are better than popular ones."""
    found = measured(cinema, "Campaign/for-you", "--against", "Campaign/popular")

    ndcg = next(each for each in found["metrics"] if each["name"] == NDCG)
    assert (found["beside"]["recipe"], found["against"]) == ("aws-popularity-count", "Campaign/popular")
    assert ndcg["difference"] > 0
    assert (
        "beside Campaign/popular: popular-"
        in cinema.run("metrics", "Campaign/for-you", "--against", "Campaign/popular").out
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Filter/not-seen"], "expected SolutionVersion/name, Campaign/name or Recommender/name"),
        (["Campaign/for-yu"], 'did you mean "Campaign/for-you"?'),
        (["Campaign/for-you", "--against", "Campaign/x"], "--against Campaign/x: neither declared nor owned"),
    ],
)
def test_addresses_without_metrics(cinema: Project, arguments: list[str], words: str) -> None:
    """An address without a model ends with a sentence and code 1."""
    result = cinema.run("metrics", *arguments)

    assert (result.code, result.out) == (1, "")
    assert words in result.err
