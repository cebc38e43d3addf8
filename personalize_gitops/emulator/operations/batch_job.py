"""Batch jobs: recommendations, or segments of users, for every line of a file in S3 (docs/service/2 §11, §12)."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.recipes import Recipe, RecipeType
from personalize_gitops.emulator import solution_config
from personalize_gitops.emulator.access import READ, WRITE, Place
from personalize_gitops.emulator.csv_import import text_of
from personalize_gitops.emulator.errors import CreationFailed, invalid
from personalize_gitops.emulator.kind import Kind, Request, Words
from personalize_gitops.emulator.objects import split_location
from personalize_gitops.emulator.operations.campaign import check_solution_stays
from personalize_gitops.emulator.recipes import recipe_of
from personalize_gitops.emulator.records import Record
from personalize_gitops.emulator.region import Region
from personalize_gitops.emulator.serving import Serving
from personalize_gitops.filters.values import FilterValueError
from personalize_gitops.render.reasons import text as sentence

_DEFAULT_RESULTS = 25
_MOST_RESULTS = {"BatchInferenceJob": 500, "BatchSegmentJob": 5_000_000}
_ATTRIBUTE = re.compile(r'ITEMS\.(\w+)\s*=\s*"([^"]*)"', re.IGNORECASE)
_SHORT = Words("PENDING", "IN PROGRESS")
_SCORED = (RecipeType.USER_PERSONALIZATION, RecipeType.PERSONALIZED_RANKING)

Line = Mapping[str, Any]


class _BatchJob(Kind, ABC):
    """What both kinds have in common; neither is ever deleted."""

    name_member = "jobName"

    def check(self, region: Region, request: Request) -> None:
        """A recipe that can, and two different places."""
        version = region.find("SolutionVersion", request["solutionVersionArn"])
        check_solution_stays(region, version.arn)
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

    @abstractmethod
    def check_recipe(self, recipe: Recipe, request: Request) -> None:
        """Refuse a recipe this kind of job is not for."""

    @abstractmethod
    def answers(self, serving: Serving, recipe: Recipe, line: Line, count: int, passing: "_Passing") -> Line:
        """The output of one input line."""

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """How many results there will be is shown even when it was left out."""
        return record.showing(numResults=request.get("numResults", _DEFAULT_RESULTS))

    def words_in(self, region: Region) -> Words:
        """With or without `CREATE`, as the sources differ."""
        return _SHORT if region.settings.batch_jobs_lack_create else self.words

    def places(self, record: Record) -> tuple[Place, ...]:
        """Input is read, output written."""
        return (
            (record.fields["jobInput"]["s3DataSource"]["path"], READ),
            (record.fields["jobOutput"]["s3DataDestination"]["path"], WRITE),
        )

    def finished(self, region: Region, record: Record) -> Record:
        """Write one output object for every input object."""
        version = region.find("SolutionVersion", record.fields["solutionVersionArn"])
        recipe = recipe_of(version.fields["recipeArn"])
        serving = Serving(region, version.fields["datasetGroupArn"])
        chosen = region.get(record.fields.get("filterArn", ""))
        passing = _Passing(serving, str(chosen.fields["filterExpression"]) if chosen else None)
        bucket, prefix = split_location(record.fields["jobInput"]["s3DataSource"]["path"])
        found = region.objects.read(bucket, prefix)
        if not found:
            raise CreationFailed("Invalid S3 input path.")
        target, folder = split_location(record.fields["jobOutput"]["s3DataDestination"]["path"])
        for key, content in found.items():
            lines = self._written(serving, recipe, text_of(key, content), record.fields["numResults"], passing)
            text = "".join(f"{json.dumps(line)}\n" for line in lines)
            if not region.objects.put(target, f"{folder}{key.rpartition('/')[2]}.out", text.encode()):
                raise CreationFailed("Invalid S3 output path.")
        return record

    def _written(
        self, serving: Serving, recipe: Recipe, text: str, count: int, passing: "_Passing"
    ) -> Iterator[Mapping[str, Any]]:
        for written in filter(None, text.splitlines()):
            try:
                line = json.loads(written)
                yield self.answers(serving, recipe, line, count, passing)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                # A line that cannot be answered does not fail the job (docs/service/2 §11.2).
                why = sentence(error.reason) if isinstance(error, FilterValueError) else error
                yield {"input": written, "output": {"recommendedItems": []}, "error": f"User error: {why}"}


class _Passing:
    """The job's filter, if it has one."""

    def __init__(self, serving: Serving, expression: str | None) -> None:
        self._serving = serving
        self._expression = expression

    def __call__(self, candidates: Iterable[str], line: Line) -> list[str]:
        """The candidates left for one input line."""
        if self._expression is None:
            return list(candidates)
        user, item = str(line.get("userId", "")), str(line.get("itemId", ""))
        values = line.get("filterValues", {})
        return list(self._serving.passing(self._expression, list(candidates), user, item, values))


class BatchInferenceJob(_BatchJob):
    """Recommendations in bulk."""

    name = "BatchInferenceJob"
    arn_path = "batch-inference-job"

    def check_recipe(self, recipe: Recipe, request: Request) -> None:
        """Not every recipe, and themes for one only."""
        if not recipe.batch_inference:
            raise invalid(f"Recipe {recipe.name} does not support batch inference jobs.")
        if request.get("batchInferenceJobMode") == "THEME_GENERATION":
            if not recipe.batch_themes:
                raise invalid(f"Recipe {recipe.name} does not support THEME_GENERATION.")
            if "themeGenerationConfig" not in request:
                raise invalid("THEME_GENERATION needs themeGenerationConfig.")
        config = request.get("batchInferenceJobConfig", {})
        solution_config.check_exploration(recipe, config.get("itemExplorationConfig") or {})

    def created(self, region: Region, request: Request, record: Record) -> Record:
        """The mode is shown too."""
        mode = request.get("batchInferenceJobMode", "BATCH_INFERENCE")
        return super().created(region, request, record).showing(batchInferenceJobMode=mode)

    def answers(self, serving: Serving, recipe: Recipe, line: Line, count: int, passing: _Passing) -> Line:
        """Items for a user, or like an item, or a given list in order (docs/service/2 §11.2)."""
        if recipe.takes_input_list:
            asked = {"userId": line["userId"], "itemList": line["itemList"]}
            ranked = sorted(passing(line["itemList"], line), key=lambda item: -serving.scores.get(item, 0.0))
        elif recipe.type is RecipeType.RELATED_ITEMS:
            asked = {"itemId": line["itemId"]}
            ranked = passing((item for item in serving.items if item != line["itemId"]), line)
        else:
            asked = {"userId": line["userId"]}
            ranked = passing(serving.items, line)
        output: dict[str, Any] = {"recommendedItems": ranked[:count]}
        if recipe.type in _SCORED and recipe.name != "aws-popularity-count":
            output["scores"] = [round(serving.scores.get(item, 0.0), 7) for item in ranked[:count]]
        return {"input": asked, "output": output, "error": None}


class BatchSegmentJob(_BatchJob):
    """Users for an item, or for attributes of items."""

    name = "BatchSegmentJob"
    arn_path = "batch-segment-job"

    def check_recipe(self, recipe: Recipe, request: Request) -> None:
        """Only the recipes made for it."""
        if not recipe.batch_segment:
            raise invalid(f"Recipe {recipe.name} does not support batch segment jobs.")

    def answers(self, serving: Serving, recipe: Recipe, line: Line, count: int, passing: _Passing) -> Line:
        """The users most likely to interact (docs/service/2 §12)."""
        if "itemAttributes" in line:
            wanted: dict[str, list[str]] = {}
            for name, value in _ATTRIBUTE.findall(line["itemAttributes"]):
                wanted.setdefault(name.upper(), []).append(value)
            users = passing(serving.fans(serving.items_with(wanted)), line)
            return {"itemAttributes": line["itemAttributes"], "output": {"recommendedUsers": users[:count]}}
        users = passing(serving.fans(frozenset([line["itemId"]])), line)
        return {"input": {"itemId": line["itemId"]}, "output": {"recommendedUsers": users[:count]}}
