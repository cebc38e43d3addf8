"""Random imports and batch jobs, some of them wrong in a way or two. Nothing is at their locations."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from personalize_gitops.catalog.recipes import RECIPES
from tests.support.agreement import Draft, Group
from tests.support.random_endpoints import exploration, trained
from tests.support.random_solutions import now_and_then

_ROLE = "arn:aws:iam::123456789012:role/data"
_PLACES = ("s3://shop/ask/", "s3://shop/ask.json", "s3://shop/answers/", "http://shop/ask/", "s3://shop")
_RIGHT = ("s3://shop/ask/", "s3://shop/ask.json")
_CUSTOM = [recipe for recipe in RECIPES.values() if not recipe.domain and not recipe.legacy]


@st.composite
def imports(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return an import of a dataset."""
    spec: dict[str, Any] = {
        "dataset": draw(st.sampled_from([*group.columns])),
        "dataSource": {"dataLocation": draw(st.sampled_from(["s3://shop/a.csv", "s3://shop/a/", *_PLACES]))},
        "roleArn": _ROLE,
    }
    if draw(now_and_then()):
        spec["importMode"] = "FULL"
    if draw(now_and_then()):
        spec["publishAttributionMetricsToS3"] = draw(st.booleans())
    return [Draft("DatasetImportJob", "i", spec)]


@st.composite
def inference(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return a batch inference job with its solution and training."""
    spec = draw(_jobs(500))
    config: dict[str, Any] = {"itemExplorationConfig": draw(exploration())} if draw(now_and_then()) else {}
    if draw(now_and_then()):
        config["rankingInfluence"] = {"POPULARITY": 0.5}
    if config:
        spec["batchInferenceJobConfig"] = config
    if draw(now_and_then()):
        spec["batchInferenceJobMode"] = "THEME_GENERATION"
        spec["themeGenerationConfig"] = {"fieldsForThemeGeneration": {"itemName": draw(st.sampled_from(_NAMES))}}
    return [*draw(trained(group, _CUSTOM)), Draft("BatchInferenceJob", "b", spec)]


_NAMES = ("TITLE", "PLOT", "NONE")


@st.composite
def segments(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return a batch segment job with its solution and training."""
    segmenting = [recipe for recipe in _CUSTOM if recipe.batch_segment]
    drafts = draw(trained(group, _CUSTOM if draw(now_and_then()) else segmenting))
    return [*drafts, Draft("BatchSegmentJob", "b", draw(_jobs(5_000_000)))]


@st.composite
def _jobs(draw: st.DrawFn, most: int) -> dict[str, Any]:
    source = draw(st.sampled_from(_PLACES if draw(now_and_then()) else _RIGHT))
    target = draw(st.sampled_from(_PLACES if draw(now_and_then()) else ("s3://shop/answers/",)))
    spec: dict[str, Any] = {
        "solutionVersion": "v",
        "jobInput": {"s3DataSource": {"path": source}},
        "jobOutput": {"s3DataDestination": {"path": target}},
        "roleArn": _ROLE,
    }
    if draw(now_and_then()):
        spec["numResults"] = draw(st.sampled_from([1, 25, most, most + 1]))
    return spec
