"""BatchInferenceJob and BatchSegmentJob: one result for each line of an input file in S3 (docs/service/2 §11, §12).

An inference job recommends items, a segment job finds users. Neither can be deleted.
"""

import json
from abc import ABC, abstractmethod

from personalize_gitops.catalog.recipes import Recipe
from personalize_gitops.emulator.data.csv_rows import text_of
from personalize_gitops.emulator.errors import CreationFailed, invalid
from personalize_gitops.emulator.operations import solution_config, themes
from personalize_gitops.emulator.operations.batch_lines import Batch
from personalize_gitops.emulator.operations.campaign import check_solution_not_deleting
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.operations.serving import target_from
from personalize_gitops.emulator.service.access import READ, WRITE, DataAccess
from personalize_gitops.emulator.service.kind import CreationStatuses, Kind, Request
from personalize_gitops.emulator.state.objects import split_location
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region

_DEFAULT_RESULTS = 25
_MOST_RESULTS = {"BatchInferenceJob": 500, "BatchSegmentJob": 5_000_000}
_THEMES = "THEME_GENERATION"
_CHECK, _RESULT = "_CHECK", ".out"
# docs/service/3 §13.5
_MOST_FILES, _MOST_BYTES, _MOST_RECORDS = 1_000, 1024**3, 50_000_000


class _BatchJob(Kind, ABC):
    """What both kinds of batch jobs share."""

    name_member = "jobName"

    @abstractmethod
    def check_recipe(self, recipe: Recipe, request: Request) -> None:
        """Refuse a recipe that does not support this kind of job."""

    @abstractmethod
    def most_lines(self, batch: Batch) -> int:
        """Return how many lines an input file can have (docs/service/3 §13.5)."""

    def statuses(self, region: Region) -> CreationStatuses:
        """Return statuses with or without `CREATE`, because the sources differ."""
        if region.settings.batch_jobs_lack_create:
            return CreationStatuses("PENDING", "IN PROGRESS")
        return CreationStatuses()

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse an unsuitable recipe, invalid or equal paths, and a number of results out of range."""
        version = region.find("SolutionVersion", request["solutionVersionArn"])
        check_solution_not_deleting(region, version.arn)
        recipe = recipe_of(version.fields["recipeArn"])
        self.check_recipe(recipe, request)
        _check_filter(region, version, request.get("filterArn"))
        source = request["jobInput"]["s3DataSource"]["path"]
        target = request["jobOutput"]["s3DataDestination"]["path"]
        if not source.startswith("s3://"):
            raise invalid("Invalid S3 input path.")
        if not target.startswith("s3://") or not target.endswith("/") or target == source:
            raise invalid("Invalid S3 output path.")
        most = _MOST_RESULTS[self.name]
        if not 0 < request.get("numResults", _DEFAULT_RESULTS) <= most:
            raise invalid(f"numResults must be from 1 to {most}.")

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Add the default number of results."""
        return record.with_fields(numResults=request.get("numResults", _DEFAULT_RESULTS))

    def data_access(self, record: Record) -> tuple[DataAccess, ...]:
        """Return read access to the input and write access to the output."""
        return (
            (record.fields["jobInput"]["s3DataSource"]["path"], READ),
            (record.fields["jobOutput"]["s3DataDestination"]["path"], WRITE),
        )

    def finish_work(self, region: Region, record: Record) -> Record:
        """Write one output object for each input object, and an empty one that shows the access to the folder."""
        batch = self._batch(region, record)
        found = _input_of(region, record)
        if not found:
            raise CreationFailed("Invalid S3 input path.")
        if len(found) > _MOST_FILES or sum(map(len, found.values())) > _MOST_BYTES:
            raise CreationFailed(f"The input has more than {_MOST_FILES} files or {_MOST_BYTES} bytes.")
        texts = {key.rpartition("/")[2]: text_of(key, content) for key, content in found.items()}
        for name, text in texts.items():
            if sum(1 for line in text.splitlines() if line.strip()) > self.most_lines(batch):
                raise CreationFailed(f"{name} has more than {self.most_lines(batch)} lines.")
        written = {
            f"{name}{_RESULT}": "".join(f"{json.dumps(line)}\n" for line in batch.results(texts[name]))
            for name in texts
        }
        if region.settings.batch_jobs_write_check:
            written[_CHECK] = ""
        target, folder = split_location(record.fields["jobOutput"]["s3DataDestination"]["path"])
        for name, text in written.items():
            if not region.objects.put(target, f"{folder}{name}", text.encode(), region.now):
                raise CreationFailed("Invalid S3 output path.")
        return record

    def _batch(self, region: Region, record: Record) -> Batch:
        job_filter = {"filterArn": record.fields["filterArn"]} if "filterArn" in record.fields else {}
        themes = record.fields.get("batchInferenceJobMode") == _THEMES
        return Batch(region, target_from(region, record), record.fields["numResults"], job_filter, themes)


class BatchInferenceJob(_BatchJob):
    """A job that recommends items."""

    name = "BatchInferenceJob"
    arn_path = "batch-inference-job"

    def check_recipe(self, recipe: Recipe, request: Request) -> None:
        """Refuse a recipe without batch inference, and THEME_GENERATION without support or configuration."""
        if not recipe.batch_inference:
            raise invalid(f"Recipe {recipe.name} does not support batch inference jobs.")
        if request.get("batchInferenceJobMode") == _THEMES:
            if not recipe.batch_themes:
                raise invalid(f"Recipe {recipe.name} does not support {_THEMES}.")
            if "themeGenerationConfig" not in request:
                raise invalid(f"{_THEMES} needs themeGenerationConfig.")
        config = request.get("batchInferenceJobConfig", {})
        solution_config.check_exploration(recipe, config.get("itemExplorationConfig") or {})

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse themes in a region without them, or for items without the columns (docs/service/2 §11.3)."""
        super().check_create(region, request)
        if request.get("batchInferenceJobMode") != _THEMES:
            return
        if region.name not in themes.REGIONS:
            raise invalid(f"{_THEMES} is not supported in {region.name}.")
        version = region.find("SolutionVersion", request["solutionVersionArn"])
        items = region.group_datasets(version.fields["datasetGroupArn"]).get("ITEMS")
        column = request["themeGenerationConfig"]["fieldsForThemeGeneration"]["itemName"]
        lacking = themes.lacks(region.schema_of(items) if items else None, column)
        if lacking:
            raise invalid(f"{_THEMES} needs an Items dataset with {lacking}.")

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Add the default mode too."""
        mode = request.get("batchInferenceJobMode", "BATCH_INFERENCE")
        return super().new_record(region, request, record).with_fields(batchInferenceJobMode=mode)

    def most_lines(self, batch: Batch) -> int:
        """Return the lines that a file can have."""
        return themes.MOST_ITEMS if batch.themes else _MOST_RECORDS


class BatchSegmentJob(_BatchJob):
    """A job that finds users."""

    name = "BatchSegmentJob"
    arn_path = "batch-segment-job"

    def check_recipe(self, recipe: Recipe, request: Request) -> None:
        """Refuse a recipe without user segmentation."""
        if not recipe.batch_segment:
            raise invalid(f"Recipe {recipe.name} does not support batch segment jobs.")

    def most_lines(self, batch: Batch) -> int:
        """Return the queries that a file can have: by item, or by attributes."""
        return 10 if batch.target.recipe.name == "aws-item-attribute-affinity" else 500


def _input_of(region: Region, record: Record) -> dict[str, bytes]:
    """Return the objects with the prefix of the input, without the results of earlier jobs, which may lie beside it."""
    bucket, prefix = split_location(record.fields["jobInput"]["s3DataSource"]["path"])
    found = region.objects.read(bucket, prefix) or {}
    return {
        key: content
        for key, content in found.items()
        if key.rpartition("/")[2] != _CHECK and not (key.endswith(_RESULT) and key.removesuffix(_RESULT) in found)
    }


def _check_filter(region: Region, version: Record, arn: str | None) -> None:
    if arn is not None and region.find("Filter", arn).fields["datasetGroupArn"] != version.fields["datasetGroupArn"]:
        raise invalid(f"Filter {arn} belongs to another dataset group.")
