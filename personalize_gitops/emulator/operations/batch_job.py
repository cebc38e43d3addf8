"""BatchInferenceJob and BatchSegmentJob: one result for each line of an input file in S3 (docs/service/2 §11, §12).

An inference job recommends items, a segment job finds users. Neither can be deleted.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.recipes import Recipe, RecipeType
from personalize_gitops.emulator.data.csv_rows import text_of
from personalize_gitops.emulator.data.popularity import PopularityModel
from personalize_gitops.emulator.errors import CreationFailed, invalid
from personalize_gitops.emulator.json_text import parsed
from personalize_gitops.emulator.operations import solution_config
from personalize_gitops.emulator.operations.campaign import check_solution_not_deleting
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.service.access import READ, WRITE, DataAccess
from personalize_gitops.emulator.service.kind import CreationStatuses, Kind, Request
from personalize_gitops.emulator.state.objects import split_location
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.filters.values import FilterValueError
from personalize_gitops.render.reasons import text as sentence

_DEFAULT_RESULTS = 25
_MOST_RESULTS = {"BatchInferenceJob": 500, "BatchSegmentJob": 5_000_000}
_ATTRIBUTE = re.compile(r'ITEMS\.(\w+)\s*=\s*"([^"]*)"', re.IGNORECASE)
_WITH_SCORES = (RecipeType.USER_PERSONALIZATION, RecipeType.PERSONALIZED_RANKING)

Line = Mapping[str, Any]  # one line of an input or output file


class _BatchJob(Kind, ABC):
    """What both kinds of batch jobs share."""

    name_member = "jobName"

    @abstractmethod
    def check_recipe(self, recipe: Recipe, request: Request) -> None:
        """Refuse a recipe that does not support this kind of job."""

    @abstractmethod
    def result(self, model: PopularityModel, recipe: Recipe, line: Line, count: int, job_filter: "_JobFilter") -> Line:
        """Return the output line for an input line, with up to `count` items or users."""

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
        """Write one output object for each input object."""
        version = region.find("SolutionVersion", record.fields["solutionVersionArn"])
        recipe = recipe_of(version.fields["recipeArn"])
        model = PopularityModel(region.group_tables(version.fields["datasetGroupArn"]))
        filter_ = region.get(record.fields.get("filterArn", ""))
        job_filter = _JobFilter(model, str(filter_.fields["filterExpression"]) if filter_ else None)
        bucket, prefix = split_location(record.fields["jobInput"]["s3DataSource"]["path"])
        found = region.objects.read(bucket, prefix)
        if not found:
            raise CreationFailed("Invalid S3 input path.")
        target, folder = split_location(record.fields["jobOutput"]["s3DataDestination"]["path"])
        for key, content in found.items():
            lines = self._results(model, recipe, text_of(key, content), record.fields["numResults"], job_filter)
            text = "".join(f"{json.dumps(line)}\n" for line in lines)
            if not region.objects.put(target, f"{folder}{key.rpartition('/')[2]}.out", text.encode()):
                raise CreationFailed("Invalid S3 output path.")
        return record

    def _results(
        self, model: PopularityModel, recipe: Recipe, text: str, count: int, job_filter: "_JobFilter"
    ) -> Iterator[Line]:
        for written in filter(None, text.splitlines()):
            try:
                yield self.result(model, recipe, parsed(written), count, job_filter)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                # An invalid line does not fail the job (docs/service/2 §11.2).
                why = sentence(error.reason) if isinstance(error, FilterValueError) else error
                yield {"input": written, "output": {"recommendedItems": []}, "error": f"User error: {why}"}


class _JobFilter:
    """The filter of a job; without an expression it keeps all candidates."""

    def __init__(self, model: PopularityModel, expression: str | None) -> None:
        self._model = model
        self._expression = expression

    def __call__(self, candidates: Iterable[str], line: Line) -> list[str]:
        """Return the candidates that the filter keeps for an input line."""
        if self._expression is None:
            return list(candidates)
        user, item = str(line.get("userId", "")), str(line.get("itemId", ""))
        values = line.get("filterValues", {})
        return list(self._model.filtered(self._expression, list(candidates), user, item, values))


class BatchInferenceJob(_BatchJob):
    """A job that recommends items."""

    name = "BatchInferenceJob"
    arn_path = "batch-inference-job"

    def check_recipe(self, recipe: Recipe, request: Request) -> None:
        """Refuse a recipe without batch inference, and THEME_GENERATION without support or configuration."""
        if not recipe.batch_inference:
            raise invalid(f"Recipe {recipe.name} does not support batch inference jobs.")
        if request.get("batchInferenceJobMode") == "THEME_GENERATION":
            if not recipe.batch_themes:
                raise invalid(f"Recipe {recipe.name} does not support THEME_GENERATION.")
            if "themeGenerationConfig" not in request:
                raise invalid("THEME_GENERATION needs themeGenerationConfig.")
        config = request.get("batchInferenceJobConfig", {})
        solution_config.check_exploration(recipe, config.get("itemExplorationConfig") or {})

    def new_record(self, region: Region, request: Request, record: Record) -> Record:
        """Add the default mode too."""
        mode = request.get("batchInferenceJobMode", "BATCH_INFERENCE")
        return super().new_record(region, request, record).with_fields(batchInferenceJobMode=mode)

    def result(self, model: PopularityModel, recipe: Recipe, line: Line, count: int, job_filter: _JobFilter) -> Line:
        """Return items for a user, items related to an item, or a given list in order (docs/service/2 §11.2)."""
        if recipe.takes_input_list:
            asked = {"userId": line["userId"], "itemList": line["itemList"]}
            ranked = sorted(job_filter(line["itemList"], line), key=lambda item: -model.scores.get(item, 0.0))
        elif recipe.type is RecipeType.RELATED_ITEMS:
            asked = {"itemId": line["itemId"]}
            ranked = job_filter((item for item in model.items if item != line["itemId"]), line)
        else:
            asked = {"userId": line["userId"]}
            ranked = job_filter(model.items, line)
        output: dict[str, Any] = {"recommendedItems": ranked[:count]}
        if recipe.type in _WITH_SCORES and recipe.name != "aws-popularity-count":
            output["scores"] = [round(model.scores.get(item, 0.0), 7) for item in ranked[:count]]
        return {"input": asked, "output": output, "error": None}


class BatchSegmentJob(_BatchJob):
    """A job that finds users."""

    name = "BatchSegmentJob"
    arn_path = "batch-segment-job"

    def check_recipe(self, recipe: Recipe, request: Request) -> None:
        """Refuse a recipe without user segmentation."""
        if not recipe.batch_segment:
            raise invalid(f"Recipe {recipe.name} does not support batch segment jobs.")

    def result(self, model: PopularityModel, recipe: Recipe, line: Line, count: int, job_filter: _JobFilter) -> Line:
        """Return the users for an item, or for the items with some attributes (docs/service/2 §12)."""
        if "itemAttributes" in line:
            wanted: dict[str, list[str]] = {}
            for name, value in _ATTRIBUTE.findall(line["itemAttributes"]):
                wanted.setdefault(name.upper(), []).append(value)
            users = job_filter(model.users_of(model.items_with(wanted)), line)
            return {"itemAttributes": line["itemAttributes"], "output": {"recommendedUsers": users[:count]}}
        users = job_filter(model.users_of(frozenset([line["itemId"]])), line)
        return {"input": {"itemId": line["itemId"]}, "output": {"recommendedUsers": users[:count]}}
