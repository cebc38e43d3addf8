"""BatchInferenceJob and BatchSegmentJob: one result for each line of an input file in S3 (docs/service/2 §11, §12).

An inference job recommends items, a segment job finds users. Neither can be deleted.
"""

import json
from abc import ABC, abstractmethod
from typing import ClassVar

from personalize_gitops.catalog.recipes import Recipe
from personalize_gitops.catalog.rows.lines import most_lines
from personalize_gitops.catalog.rules import batch as rules
from personalize_gitops.emulator.data.csv_rows import text_of
from personalize_gitops.emulator.errors import CreationFailed, invalid
from personalize_gitops.emulator.operations.batch_lines import Batch
from personalize_gitops.emulator.operations.campaign import check_solution_not_deleting
from personalize_gitops.emulator.operations.filtering import refuse_unfit, tree_of
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.operations.refusing import known_group, refuse_first
from personalize_gitops.emulator.operations.serving import target_from
from personalize_gitops.emulator.service.access import READ, WRITE, DataAccess
from personalize_gitops.emulator.service.kind import CreationStatuses, Kind, Request
from personalize_gitops.emulator.state.objects import split_location
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.model.checks import Check

_CHECK, _RESULT = "_CHECK", ".out"
# docs/service/3 §13.5
_MOST_FILES, _MOST_BYTES = 1_000, 1024**3


class _BatchJob(Kind, ABC):
    """What both kinds of batch jobs share."""

    name_member = "jobName"
    path_check: ClassVar[Check]

    @abstractmethod
    def check_recipe(self, region: Region, recipe: Recipe, request: Request) -> None:
        """Refuse what the recipe of the version does not support, and too many results."""

    def statuses(self, region: Region) -> CreationStatuses:
        """Return statuses with or without `CREATE`, because the sources differ."""
        if region.settings.batch_jobs_lack_create:
            return CreationStatuses("PENDING", "IN PROGRESS")
        return CreationStatuses()

    def check_create(self, region: Region, request: Request) -> None:
        """Refuse an unsuitable recipe, invalid or equal paths, and a number of results out of range."""
        version = region.find("SolutionVersion", request["solutionVersionArn"])
        check_solution_not_deleting(region, version.arn)
        self.check_recipe(region, recipe_of(version.fields["recipeArn"]), request)
        _check_filter(region, version, request.get("filterArn"))
        input_problems = rules.input_path_problems(self.path_check, request)
        refuse_first(region.settings, input_problems, "Invalid S3 input path.")
        output_problems = rules.output_path_problems(self.path_check, request)
        refuse_first(region.settings, output_problems, "Invalid S3 output path.")

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Add the default number of results."""
        return record.with_fields(numResults=request.get("numResults", rules.DEFAULT_RESULTS))

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
        most = most_lines(batch.target.recipe, themed=batch.themes)
        for name, text in texts.items():
            if sum(1 for line in text.splitlines() if line.strip()) > most:
                raise CreationFailed(f"{name} has more than {most} lines.")
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
        themed = rules.is_themed(record.fields)
        return Batch(region, target_from(region, record), record.fields["numResults"], job_filter, themed)


class BatchInferenceJob(_BatchJob):
    """A job that recommends items."""

    name = "BatchInferenceJob"
    arn_path = "batch-inference-job"

    path_check = Check.PG632

    def check_recipe(self, region: Region, recipe: Recipe, request: Request) -> None:
        """Refuse a recipe without batch inference, or without what the request asks for."""
        version = region.find("SolutionVersion", request["solutionVersionArn"])
        group = known_group(region, version.fields["datasetGroupArn"])
        refuse_first(region.settings, rules.inference_problems(request, recipe, group, region.name))

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Add the default mode too."""
        mode = request.get("batchInferenceJobMode", "BATCH_INFERENCE")
        return super().new_record(region, request, record).with_fields(batchInferenceJobMode=mode)


class BatchSegmentJob(_BatchJob):
    """A job that finds users."""

    name = "BatchSegmentJob"
    arn_path = "batch-segment-job"

    path_check = Check.PG642

    def check_recipe(self, region: Region, recipe: Recipe, request: Request) -> None:
        """Refuse a recipe without user segmentation."""
        refuse_first(region.settings, rules.segment_problems(request, recipe))


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
    """Refuse a filter of another dataset group, or for other recipes (docs/service/3 §4.3)."""
    if arn is None:
        return
    found = region.find("Filter", arn).fields
    if found["datasetGroupArn"] != version.fields["datasetGroupArn"]:
        raise invalid(f"Filter {arn} belongs to another dataset group.")
    refuse_unfit(tree_of(found["filterExpression"]), recipe_of(version.fields["recipeArn"]), arn)
