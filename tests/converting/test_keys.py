"""Every key of the formats of docs/service/5 is exact, defaulted, dropped or a decision; none is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from personalize_gitops.converting import convert
from personalize_gitops.model.conversion import Entry, Outcome, Parsed, SourceFormat
from personalize_gitops.model.reason import Path
from tests.converting.inputs import CDKP, ML_OPS, MPE, MPE_DOMAIN, PIPELINE_API, PROJECT_CONFIG

_CONFIG = "serviceConfig"
_MPE = """
tags  exact
datasetGroup.serviceConfig.name  exact
datasetGroup.serviceConfig.domain  exact
datasetGroup.serviceConfig.tags  exact
datasetGroup.workflowConfig.schedules.import  exact
datasetGroup.workflowConfig.maxAge  dropped
datasets.serviceConfig.importMode  exact
datasets.serviceConfig.publishAttributionMetricsToS3  decision
datasets.serviceConfig.tags  exact
datasets.interactions.dataset.serviceConfig.name  exact
datasets.interactions.dataset.serviceConfig.tags  exact
datasets.interactions.schema.serviceConfig.name  exact
datasets.interactions.schema.serviceConfig.schema  exact
datasets.interactions.schema.serviceConfig.domain  exact
datasets.items.dataset.serviceConfig.name  exact
datasets.items.schema.serviceConfig.schema  exact
datasets.users.dataset.serviceConfig.name  exact
datasets.users.schema.serviceConfig.schema  exact
eventTracker.serviceConfig.name  exact
eventTracker.serviceConfig.tags  exact
filters.serviceConfig.name  exact
filters.serviceConfig.filterExpression  exact
recommenders.serviceConfig.name  exact
recommenders.serviceConfig.recipeArn  exact
recommenders.serviceConfig.recommenderConfig  exact
recommenders.serviceConfig.tags  exact
solutions.serviceConfig.name  exact
solutions.serviceConfig.recipeArn  exact
solutions.serviceConfig.performHPO  defaulted
solutions.serviceConfig.eventType  exact
solutions.serviceConfig.solutionConfig  exact
solutions.serviceConfig.tags  exact
solutions.serviceConfig.solutionVersion.trainingMode  exact
solutions.serviceConfig.solutionVersion.tags  exact
solutions.serviceConfig.performAutoTraining  decision
solutions.workflowConfig.schedules.full  exact
solutions.workflowConfig.schedules.update  exact
solutions.workflowConfig.schedules.maxAge  dropped
solutions.campaigns.serviceConfig.name  exact
solutions.campaigns.serviceConfig.minProvisionedTPS  exact
solutions.campaigns.serviceConfig.campaignConfig  exact
solutions.campaigns.serviceConfig.tags  exact
solutions.batchInferenceJobs.serviceConfig.filterArn  exact
solutions.batchInferenceJobs.serviceConfig.numResults  exact
solutions.batchInferenceJobs.serviceConfig.batchInferenceJobConfig  exact
solutions.batchInferenceJobs.serviceConfig.tags  exact
solutions.batchInferenceJobs.workflowConfig.schedule  exact
solutions.batchInferenceJobs.workflowConfig.maxAge  dropped
solutions.batchSegmentJobs.serviceConfig.numResults  exact
solutions.batchSegmentJobs.serviceConfig.tags  exact
solutions.batchSegmentJobs.workflowConfig.schedule  decision
solutions.batchSegmentJobs.workflowConfig.maxAge  decision
"""
_CDKP = """
datasetGroup.serviceConfig.name  exact
datasetGroup.serviceConfig.tags  exact
datasetGroup.datasets.type  exact
datasetGroup.datasets.schema.serviceConfig.name  defaulted
datasetGroup.datasets.schema.serviceConfig.schema  exact
datasetGroup.datasets.schema.schemaVersion  defaulted
datasetGroup.datasets.dataset.serviceConfig.name  exact
datasetGroup.datasets.datasetImportJob.serviceConfig.dataSource  exact
datasetGroup.datasets.datasetImportJob.serviceConfig.roleArn  exact
datasetGroup.datasets.datasetImportJob.serviceConfig.importMode  exact
datasetGroup.datasets.datasetImportJob.serviceConfig.jobName  exact
datasetGroup.datasets.datasetImportJob.serviceConfig.tags  exact
datasetGroup.datasets.datasetImportJob.createNewJob  dropped
filters.serviceConfig.filterExpression  exact
eventTracker.serviceConfig.name  exact
solutions.serviceConfig.name  exact
solutions.serviceConfig.recipeArn  defaulted
solutions.serviceConfig.performAutoML  dropped
solutions.serviceConfig.performAutoTraining  defaulted
solutions.serviceConfig.solutionConfig.algorithmHyperParameters.bptt  dropped
solutions.solutionVersion.createNewSolutionVersion  dropped
solutions.solutionVersion.serviceConfig.trainingMode  exact
solutions.campaigns.createCampaign  dropped
solutions.campaigns.solutionversion  dropped
solutions.campaigns.serviceConfig.name  exact
solutions.batchInferenceJobs.createBatchInferenceJob  dropped
solutions.batchInferenceJobs.serviceConfig.jobInput  exact
solutions.batchSegmentJobs.createBatchSegmentJob  dropped
solutions.batchSegmentJobs.serviceConfig.jobOutput  exact
recommenders.createRecommender  dropped
recommenders.serviceConfig.recipeArn  exact
"""
_ML_OPS = """
datasetGroup.name  exact
datasets.Interactions.name  exact
datasets.Interactions.schema  exact
datasets.Items.schema  exact
datasets.Users.schema  exact
solutions.userPersonalization.name  exact
solutions.userPersonalization.recipeArn  exact
solutions.sims.recipeArn  exact
solutions.personalizedRanking.recipeArn  exact
campaigns.userPersonalizationCampaign.name  exact
campaigns.simsCampaign.minProvisionedTPS  exact
campaigns.personalizedRankingCampaign.name  exact
eventTracker.name  exact
filters.name  exact
filters.filterExpression  exact
"""
_PIPELINE = """
user-personalization.json name  exact
user-personalization.json bucket  exact
user-personalization.json schema_arn  decision
user-personalization.json perform_hpo  exact
user-personalization.json solution_config  exact
user-personalization.json solution_config.algorithmHyperParameters.min_cointeraction_count  dropped
user-personalization.json role_arn  decision
user-personalization.json perform_auto_training  defaulted
user-personalization.json event_tracker  defaulted
user-personalization.json campaign  defaulted
sims.json solution_config  exact
ranking.json name  exact
hrnn-metadata.json route  defaulted
hrnn-metadata.json item_bucket  exact
hrnn-metadata.json item_schema_arn  decision
hrnn-metadata.json user_bucket  exact
hrnn-metadata.json user_schema_arn  decision
metadata-dataset.json item_bucket  exact
metadata-dataset.json user_schema_arn  exact
interactions-dataset.json bucket  exact
interactions-dataset.json recipe_arn  exact
train-recipe.json name  exact
train-recipe.json recipe_arn  exact
batch-inference.json name  exact
batch-inference.json solution_version_arn  decision
batch-inference.json input_path  exact
batch-inference.json output_path  exact
schema.json name  exact
schema.json schema  exact
cleanup.json   dropped
tracking.json   dropped
metrics.json   dropped
campaigns.json   dropped
recommend-sims.json   dropped
recommend-hrnn.json   dropped
recommend-ranking.json   dropped
put-events.json   dropped
"""
_PROJECT = """
STACK_NAME  exact
REGION  exact
RESOURCE_TAGS.APLICACION  exact
USE_ACCOUNT_PERSONALIZE_RESOURCES  decision
APIS  decision
EVENT_TRACKERS  decision
FILTERS  decision
"""
_ARN = "arn:aws:personalize:us-west-2:123456789012:"
_LISTED = {
    **PROJECT_CONFIG,
    "APIS": [{"CAMPAIGN_ARN": f"{_ARN}campaign/c", "API_NAME": "c", "CAMPAIGN_TYPE": "sims"}],
    "EVENT_TRACKERS": [{"TRACKING_ID": "x", "TRACKER_ARN": f"{_ARN}event-tracker/t", "API_NAME": "t"}],
    "FILTERS": [{"name": "f", "filterArn": f"{_ARN}filter/f"}],
}

FORMATS: dict[SourceFormat, tuple[dict[str, dict[str, Any]], str]] = {
    SourceFormat.MPE: ({"config.json": MPE, "video.json": MPE_DOMAIN}, _MPE),
    SourceFormat.CDKP: ({"input.json": CDKP}, _CDKP),
    SourceFormat.ML_OPS: ({"params.json": ML_OPS}, _ML_OPS),
    SourceFormat.PIPELINE_API: (PIPELINE_API, _PIPELINE),
    SourceFormat.PROJECT_CONFIG: ({"project_config.json": _LISTED}, _PROJECT),
}
CASES = [
    (format_, *line.rsplit(maxsplit=1)) if line.strip().count(" ") else (format_, line.rstrip(), "")
    for format_, (_, keys) in FORMATS.items()
    for line in keys.strip().splitlines()
]


@cache
def converted(format_: SourceFormat) -> tuple[Entry, ...]:
    """Return the entries of the input with every key of a format."""
    files, _ = FORMATS[format_]
    parsed = tuple(Parsed(name, name.partition(".")[0], value) for name, value in files.items())
    return convert(format_, parsed).entries


def plain(path: Path) -> str:
    """Return a path without the indexes of lists."""
    return re.sub(r"\[\d+\]", "", str(path))


@pytest.mark.parametrize(("format_", "key", "outcome"), CASES)
def test_every_key_has_its_outcome(format_: SourceFormat, key: str, outcome: str) -> None:
    """A key of the format has an entry with this outcome."""
    file, _, path = key.strip().partition(" ") if format_ is SourceFormat.PIPELINE_API else ("", "", key.strip())
    found = {entry.outcome for entry in converted(format_) if plain(entry.path) == path and file in ("", entry.file)}

    assert Outcome(outcome) in found


@pytest.mark.parametrize("format_", FORMATS)
def test_no_part_of_the_input_is_lost(format_: SourceFormat) -> None:
    """Each scalar of the input has an entry, or is in a part that has one."""
    entries = converted(format_)

    for name, value in FORMATS[format_][0].items():
        assert lost(value, entries, name) == []


@pytest.mark.parametrize("format_", FORMATS)
def test_no_known_key_is_taken_for_an_unknown_one(format_: SourceFormat) -> None:
    """The keys of docs/service/5 are read; none is dropped as unknown."""
    unknown = [entry for entry in converted(format_) if entry.reason and "unknown" in entry.reason.code]

    assert unknown == []


def test_an_unknown_key_is_reported() -> None:
    """A key that the format does not have is dropped with a reason, also inside of a request."""
    config = {"datasetGroup": {"serviceConfig": {"name": "g", "colour": "red"}}, "datsets": {"x": 1}}

    entries = convert(SourceFormat.MPE, (Parsed("c.json", "c", config),)).entries

    dropped = {str(entry.path): entry.reason.code for entry in entries if entry.reason}
    assert dropped == {
        "datasetGroup.serviceConfig.colour": "conversion_unknown_member",
        "datsets": "conversion_unknown_key",
    }


def lost(value: Any, entries: Iterable[Entry], file: str) -> list[Path]:
    """Return the scalars of an input that no entry is about."""
    known = {entry.path for entry in entries if entry.file == file}
    return [path for path in _leaves(value) if not any(Path(path[:end]) in known for end in range(len(path) + 1))]


def _leaves(value: Any, path: Path = Path()) -> list[Path]:  # noqa: B008
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in _leaves(item, path / key)]
    if isinstance(value, list):
        return [leaf for index, item in enumerate(value) for leaf in _leaves(item, path / index)]
    return [] if value is None else [path]
