"""Checks of recipes and configurations (docs/service/2 §3.8, §8; docs/service/1 §13, §14).

Most are for solutions; campaigns, recommenders and batch jobs share some.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType, find_dataset_type
from personalize_gitops.catalog.recipes import Exploration, ParameterKind, Recipe, Tuning
from personalize_gitops.catalog.schemas import Schema
from personalize_gitops.emulator.errors import invalid
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.service.kind import Request
from personalize_gitops.emulator.settings import Settings
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.render.reasons import text as sentence

_RATE = re.compile(r"rate\((\d+) days?\)")
_MOST_DAYS = 30
_RANGE_LISTS = ("integerHyperParameterRanges", "continuousHyperParameterRanges", "categoricalHyperParameterRanges")
_MOST_JOBS = {"maxNumberOfTrainingJobs": 40, "maxParallelTrainingJobs": 10}  # docs/service/4 §2, HPOResource
_OF_DATA = "recency_mask"  # the only range with the prefix `data.` in a sample of the guide (docs/service/2 §3.8)


def check(region: Region, request: Request) -> None:
    """Refuse the creation of a solution for the first problem found."""
    for problem in _problems(region, request):
        raise invalid(problem)


def check_update(recipe: Recipe, config: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Refuse an update of a solution for the first problem found."""
    for problem in (*_schedule_problems(config), *_events_problems(recipe, config), *_update_problems(recipe, wanted)):
        raise invalid(problem)


def check_exploration(recipe: Recipe, exploration: Mapping[str, str]) -> None:
    """Refuse exploration settings of a campaign, recommender or batch job (docs/service/1 §11.2)."""
    if exploration and recipe.exploration is not Exploration.CONFIGURABLE:
        raise invalid(f"itemExplorationConfig is not supported by recipe {recipe.name}.")
    for name, text in exploration.items():
        parameter = recipe.parameter.get(name)
        if parameter is None or parameter.kind is not ParameterKind.EXPLORATION:
            raise invalid(f"itemExplorationConfig has no parameter {name}.")
        if problem := parameter.problem(text):
            raise invalid(f"itemExplorationConfig.{name}: {sentence(problem)}")


def check_columns(region: Region, group: str, training: Mapping[str, Any]) -> None:
    """Refuse a trainingDataConfig with columns that the group does not have (docs/service/2 §8.2)."""
    for problem in _column_problems(training, _schemas(region, group)):
        raise invalid(problem)


def days(expression: str) -> int:
    """Return the days of a scheduling expression; 0 if it has another form than `rate(7 days)`."""
    found = _RATE.fullmatch(expression)
    return int(found[1]) if found else 0


def with_prefixes(hpo: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an hpoConfig with the names of ranges as Describe shows them: `training.bptt` (docs/service/2 §3.8)."""
    ranges = {
        kind: [{**entry, "name": _with_prefix(entry["name"])} for entry in entries]
        for kind, entries in hpo.get("algorithmHyperParameterRanges", {}).items()
    }
    return {**hpo, "algorithmHyperParameterRanges": ranges} if ranges else hpo


def _with_prefix(name: str) -> str:
    return f"data.{name}" if name == _OF_DATA else f"training.{name}"


def _problems(region: Region, request: Request) -> Iterator[str]:
    if request.get("performAutoML"):
        # The recipes that it chose from no longer exist (docs/service/1 §14).
        yield "performAutoML is no longer supported; give a recipeArn."
    if "recipeArn" not in request:
        yield "recipeArn is required unless performAutoML is true."
    recipe = recipe_of(request["recipeArn"])
    group = region.find("DatasetGroup", request["datasetGroupArn"])
    config = request.get("solutionConfig", {})
    schemas = _schemas(region, group.arn)
    yield from _recipe_problems(recipe, group.fields.get("domain"))
    yield from _schedule_problems(config)
    yield from _events_problems(recipe, config)
    yield from _update_problems(recipe, request)
    yield from _event_type_problems(request, schemas)
    yield from _parameter_problems(recipe, config)
    yield from _hpo_problems(recipe, request.get("performHPO", False), config.get("hpoConfig"), region.settings)
    yield from _objective_problems(recipe, config.get("optimizationObjective"), schemas)
    yield from _column_problems(config.get("trainingDataConfig", {}), schemas)


def _schemas(region: Region, group: str) -> Mapping[str, Schema]:
    return {type_: region.schema_of(dataset) for type_, dataset in region.group_datasets(group).items()}


def _recipe_problems(recipe: Recipe, domain: str | None) -> Iterator[str]:
    if recipe.legacy:
        yield f"Recipe {recipe.name} is no longer available for new solutions."
    if recipe.domain:
        yield f"Recipe {recipe.name} is a use case for recommenders, not for solutions."
    if domain and any(not dataset_type.in_domain_groups for dataset_type in recipe.required_datasets):
        yield f"Recipe {recipe.name} needs datasets that a group with domain {domain} cannot have."


def _schedule_problems(config: Mapping[str, Any]) -> Iterator[str]:
    expression = config.get("autoTrainingConfig", {}).get("schedulingExpression")
    if expression is not None and not 1 <= days(expression) <= _MOST_DAYS:
        yield f"schedulingExpression {expression} must be from 1 to {_MOST_DAYS} days."


def _events_problems(recipe: Recipe, config: Mapping[str, Any]) -> Iterator[str]:
    if config.get("eventsConfig") and not recipe.takes_events_config:
        yield f"eventsConfig is not supported by recipe {recipe.name}."


def _update_problems(recipe: Recipe, request: Request) -> Iterator[str]:
    if request.get("performIncrementalUpdate") and not recipe.incremental_update:
        yield f"performIncrementalUpdate is not supported by recipe {recipe.name}."


def _event_type_problems(request: Request, schemas: Mapping[str, Schema]) -> Iterator[str]:
    threshold = request.get("solutionConfig", {}).get("eventValueThreshold")
    interactions = schemas.get(DatasetType.INTERACTIONS.arn_spelling)
    columns = interactions.field if interactions else None
    if "eventType" in request and columns is not None and "EVENT_TYPE" not in columns:
        yield "eventType needs the column EVENT_TYPE in the Interactions dataset."
    if threshold is None:
        return
    if "eventType" not in request:
        yield "eventValueThreshold needs eventType."
    if columns is not None and "EVENT_VALUE" not in columns:
        yield "eventValueThreshold needs the column EVENT_VALUE in the Interactions dataset."
    try:
        float(threshold)
    except ValueError:
        yield f"eventValueThreshold {threshold} is not a number."


def _parameter_problems(recipe: Recipe, config: Mapping[str, Any]) -> Iterator[str]:
    for member, kind in (
        ("algorithmHyperParameters", ParameterKind.ALGORITHM),
        ("featureTransformationParameters", ParameterKind.FEATURIZATION),
    ):
        for name, text in config.get(member, {}).items():
            parameter = recipe.parameter.get(name)
            if parameter is None or parameter.kind is not kind:
                yield f"{member} of recipe {recipe.name} has no parameter {name}."
            elif problem := parameter.problem(text):
                yield f"{member}.{name}: {sentence(problem)}"


def _hpo_problems(recipe: Recipe, performed: bool, hpo: Mapping[str, Any] | None, settings: Settings) -> Iterator[str]:
    if not performed:
        return
    if recipe.tuning is not Tuning.ON_REQUEST:
        yield f"performHPO is not supported by recipe {recipe.name}."
    if hpo is None:
        if settings.hpo_needs_ranges:
            yield "performHPO needs hpoConfig."
        return
    ranges = hpo.get("algorithmHyperParameterRanges", {})
    missing = [name for name in _RANGE_LISTS if name not in ranges]
    if missing and (ranges or settings.hpo_needs_ranges):
        yield f"algorithmHyperParameterRanges needs all three lists, empty ones too; missing: {', '.join(missing)}."
    for entry in (entry for entries in ranges.values() for entry in entries):
        yield from _range_problems(recipe, entry)
    for member, most in _MOST_JOBS.items():
        text = hpo.get("hpoResourceConfig", {}).get(member)
        if text is not None and not (text.isdecimal() and 1 <= int(text) <= most):
            yield f"hpoResourceConfig.{member} {text} must be from 1 to {most}."


def _range_problems(recipe: Recipe, entry: Mapping[str, Any]) -> Iterator[str]:
    name = entry.get("name", "")
    parameter = recipe.parameter.get(name)
    if parameter is None or not parameter.tunable:
        yield f"Hyperparameter {name} of recipe {recipe.name} cannot be tuned."
        return
    bounds = [entry[bound] for bound in ("minValue", "maxValue") if bound in entry]
    for value in (*bounds, *entry.get("values", ())):
        problem = parameter.problem(str(value))
        if problem:
            yield f"Range of {name}: {sentence(problem)}"
    if len(bounds) == 2 and bounds[0] > bounds[1]:
        yield f"Range of {name}: {bounds[0]} is above {bounds[1]}."


def _objective_problems(
    recipe: Recipe, objective: Mapping[str, Any] | None, schemas: Mapping[str, Schema]
) -> Iterator[str]:
    if not objective or "itemAttribute" not in objective:
        return
    if not recipe.takes_objective:
        yield f"optimizationObjective is not supported by recipe {recipe.name}."
    items, name = schemas.get(DatasetType.ITEMS.arn_spelling), objective["itemAttribute"]
    field = items.field.get(name) if items else None
    if field is None or not field.numeric or field.nullable:
        yield f"optimizationObjective needs a numeric column {name} without null in the Items dataset."


def _column_problems(training: Mapping[str, Any], schemas: Mapping[str, Schema]) -> Iterator[str]:
    excluded, included = training.get("excludedDatasetColumns", {}), training.get("includedDatasetColumns", {})
    both = [name for name in excluded if name in included]
    if both:
        yield f"Columns of {', '.join(both)} are excluded and included at once."
    for chosen in (excluded, included):
        for name, columns in chosen.items():
            found = find_dataset_type(name)
            schema = schemas.get(found.arn_spelling) if found else None
            if schema is None:
                yield f"The dataset group has no dataset of type {name}."
                continue
            unknown = [column for column in columns if column not in schema.field]
            if unknown:
                yield f"The {name} dataset has no column {', '.join(unknown)}."
            if chosen is excluded and "EVENT_TYPE" in columns:
                yield "EVENT_TYPE cannot be excluded from training."
