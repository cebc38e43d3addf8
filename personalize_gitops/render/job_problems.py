"""The sentences of problems in imports, exports, deletions, batch jobs, metric attributions and targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from personalize_gitops.model.address import Address
from personalize_gitops.model.problem_codes import AttributionCode, JobCode, TargetCode
from personalize_gitops.model.reason import Code, Verbatim


def _names_of_other_target(other: Verbatim, count: int, example: Address) -> str:
    more = f" and {count - 1:,} more" if count > 1 else ""
    return f"target {other}, in the same account and region, creates objects of the same names: {example}{more}"


JOBS: Mapping[Code, str | Callable[..., str]] = {
    JobCode.NO_LOCATION: "the location is missing: expected a CSV file or a folder in S3",
    JobCode.NOT_IN_S3: '"{found}" is not a location in S3: expected s3://, the name of a bucket, and a path',
    JobCode.NEITHER_CSV_NOR_FOLDER: (
        '"{found}" is neither a CSV file nor a folder: expected a path that ends in .csv, or in / for a folder'
    ),
    JobCode.OUTPUT_NOT_A_FOLDER: '"{found}" is not a folder: expected a path that ends in /',
    JobCode.INPUT_IS_A_PREFIX: (
        '"{found}" is a prefix, and the job reads every file whose path begins with it, also in other folders'
    ),
    JobCode.SAME_INPUT_AND_OUTPUT: "jobOutput must be another location than jobInput",
    JobCode.INCREMENTAL_FIRST: "an INCREMENTAL import needs a FULL import of the dataset before it",
    JobCode.FULL_IMPORT_UNDECLARED: (
        "an INCREMENTAL import needs a FULL import of the dataset before it, and none is declared"
    ),
    JobCode.NOTHING_TO_PUBLISH: "metrics count interactions only, so an import of {type} publishes none",
    JobCode.PUBLISHED_WITHOUT_ATTRIBUTION: "no metric attribution is declared for the dataset group",
    JobCode.PUBLISHED_WITHOUT_FOLDER: "the metric attribution has no metricsOutputConfig.s3DataDestination",
    JobCode.NO_EXPORT: "the service cannot export {type} datasets",
    JobCode.NO_BATCH_INFERENCE: "{recipe} does not support batch inference jobs",
    JobCode.NO_BATCH_SEGMENTS: "{recipe} does not support batch segment jobs",
    JobCode.RESULTS_OUT_OF_RANGE: "expected from 1 to {most} results, found {found}",
    JobCode.NO_THEMES: "{recipe} does not support THEME_GENERATION",
    JobCode.NO_THEMES_IN_REGION: "THEME_GENERATION is not offered in {region}, only in {known}",
    JobCode.THEMES_WITHOUT_COLUMN: "THEME_GENERATION requires themeGenerationConfig",
    JobCode.THEMES_NOT_GENERATED: "no effect without batchInferenceJobMode: THEME_GENERATION",
    JobCode.THEMES_WITHOUT_ITEMS: "THEME_GENERATION requires an Items dataset, and the dataset group has none",
    JobCode.THEMES_WITHOUT_TEXT: "THEME_GENERATION requires a textual column in the Items dataset",
    JobCode.NOT_AN_ITEM_NAME: "{column} is not a string column of the Items dataset",
    AttributionCode.SECOND_ATTRIBUTION: "the dataset group already has a metric attribution: {first}",
    AttributionCode.NO_INTERACTIONS: "a metric attribution requires an Interactions dataset, and the group has none",
    AttributionCode.NO_EVENT_TYPE: "a metric attribution requires the column EVENT_TYPE in the Interactions dataset",
    AttributionCode.DUPLICATE_METRIC: 'metric "{metric}" is declared already, in {first}',
    AttributionCode.NOT_A_FUNCTION: (
        'invalid expression "{found}": expected SUM(Items.COLUMN), SUM(Interactions.COLUMN) or SAMPLECOUNT()'
    ),
    AttributionCode.SUM_WITHOUT_DATASET: "the dataset group has no {dataset} dataset",
    AttributionCode.SUM_OF_UNKNOWN: "{dataset} has no column {column}",
    AttributionCode.SUM_OF_TEXT: "{dataset}.{column} is not a numeric column, and SUM adds numbers",
    TargetCode.REGION_WITHOUT_SERVICE: "{region} is not a region where Amazon Personalize is known to be offered",
    TargetCode.NAMES_OF_OTHER_TARGET: _names_of_other_target,
    TargetCode.ARN_OF_OTHER_ACCOUNT: "belongs to account {found}, but target {target} is account {expected}",
    TargetCode.ARN_OF_OTHER_REGION: "is in region {found}, but target {target} is in {expected}",
    TargetCode.FIXED_QUOTA: "the quota of {kind} cannot be raised",
}
