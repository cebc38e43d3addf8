"""Random imports, exports, data deletions and batch jobs, some of them wrong in a way or two."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from personalize_gitops.catalog.recipes import RECIPES
from tests.support.agreement import Draft, Group, data_of
from tests.support.random_endpoints import exploration, trained
from tests.support.random_solutions import now_and_then

ROLE = "arn:aws:iam::123456789012:role/data"
_PLACES = (
    *("s3://shop/ask/", "s3://shop/ask.json", "s3://shop/ask.txt", "s3://shop/ask", "s3://shop/answers/"),
    *("http://shop/ask/", "s3://shop", "s3://a/"),
)
_FILES = ("s3://shop/a.csv", "s3://shop/a/", *_PLACES)
_RIGHT = ("s3://shop/ask/", "s3://shop/ask.json")
_CUSTOM = [recipe for recipe in RECIPES.values() if not recipe.domain and not recipe.legacy]


@st.composite
def imports(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return an import of a dataset; an incremental one comes after one of all data."""
    dataset = draw(st.sampled_from([*group.columns]))
    spec: dict[str, Any] = {
        "dataset": dataset,
        "dataSource": {"dataLocation": draw(st.sampled_from(_FILES))},
        "roleArn": ROLE,
    }
    if draw(now_and_then()):
        spec["publishAttributionMetricsToS3"] = draw(st.booleans())
    mode = draw(st.sampled_from([{}, {"importMode": "FULL"}, {"importMode": "INCREMENTAL"}]))
    full = {"dataset": dataset, "dataSource": {"dataLocation": data_of(dataset)}, "roleArn": ROLE}
    before = [Draft("DatasetImportJob", "full", full)] if "INCREMENTAL" in mode.values() else []
    return [*before, Draft("DatasetImportJob", "i", {**spec, **mode})]


@st.composite
def exports(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return an export of a dataset."""
    spec = {
        "dataset": draw(st.sampled_from([*group.columns])),
        "jobOutput": {"s3DataDestination": {"path": draw(st.sampled_from(_PLACES))}},
        "roleArn": ROLE,
    }
    return [Draft("DatasetExportJob", "e", spec)]


def deletions(_: Group) -> st.SearchStrategy[list[Draft]]:
    """Return a data deletion in the group."""
    spec = {"datasetGroup": "g", "roleArn": ROLE}
    sources = st.sampled_from([*({"dataLocation": location} for location in _FILES), {}])
    return sources.map(lambda source: [Draft("DataDeletionJob", "d", {**spec, "dataSource": source})])


@st.composite
def inference(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return a batch inference job with its solution and training."""
    spec = draw(_jobs(500))
    config: dict[str, Any] = {"itemExplorationConfig": draw(exploration())} if draw(now_and_then()) else {}
    if draw(now_and_then()):
        config["rankingInfluence"] = {"POPULARITY": 0.5}
    if config:
        spec["batchInferenceJobConfig"] = config
    themed = draw(now_and_then())
    if themed:
        spec["batchInferenceJobMode"] = "THEME_GENERATION"
    if draw(st.integers(0, 9)) < (8 if themed else 1):
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
        "roleArn": ROLE,
    }
    if draw(now_and_then()):
        spec["numResults"] = draw(st.sampled_from([-1, 0, 1, 25, most, most + 1]))
    return spec
