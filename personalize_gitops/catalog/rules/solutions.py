"""The rules of solutions and their versions (docs/service/2 §3.8, §3.9, §8)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.recipes import Recipe, find_recipe
from personalize_gitops.catalog.rules.columns import objective_problems, training_column_problems
from personalize_gitops.catalog.rules.events import event_problems, events_config_problems
from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.catalog.rules.needs import group_problems
from personalize_gitops.catalog.rules.problems import below, error, warning
from personalize_gitops.catalog.rules.tuning import (
    bound_problems,
    hpo_problems,
    parameter_problems,
    performed_problems,
    repeated_problems,
)
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, use_instead
from personalize_gitops.model.problem_codes import Remedy, SolutionCode
from personalize_gitops.model.reason import Path, Verbatim, because

_RECOMMENDED = "aws-user-personalization-v2"
_CONFIG = Path(("solutionConfig",))
_RATE = re.compile(r"rate\((\d+) days?\)")
_WEEK = 7
_MOST_DAYS = 30


def solution_problems(request: Mapping[str, Any], group: Group) -> Iterator[Problem[Path]]:
    """Yield the problems of a CreateSolution request in a dataset group."""
    recipe = find_recipe(request.get("recipeArn") or "")
    config = request.get("solutionConfig") or {}
    if request.get("performAutoML"):
        # The recipes that it chose from no longer exist (docs/service/1 §14).
        remedy = use_instead(f"recipe: {_RECOMMENDED}")
        yield error(Check.PG422, because(SolutionCode.NO_AUTO_ML), "performAutoML", suggestion=remedy)
    yield from _recipe_problems(recipe, group)
    yield from _schedule_problems(config, *_CONFIG)
    yield from _automatic_problems(request, config)
    yield from incremental_problems(recipe, request)
    yield from event_problems(recipe, request, group)
    yield from performed_problems(recipe, request.get("performHPO") or False, config.get("hpoConfig"))
    yield from below(_CONFIG, _config_problems(recipe, config, group, tuned=bool(request.get("performHPO"))))


def update_problems(recipe: Recipe, request: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield the problems of an UpdateSolution request."""
    member = "solutionUpdateConfig"
    config = request.get(member) or {}
    yield from _schedule_problems(config, member)
    yield from events_config_problems(recipe, config.get("eventsConfig") or {}, member, "eventsConfig")
    yield from incremental_problems(recipe, request)


def version_problems(recipe: Recipe | None, request: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield the problems of a CreateSolutionVersion request."""
    if request.get("trainingMode") == "UPDATE" and recipe and not recipe.update_mode:
        yield error(Check.PG418, because(SolutionCode.NOT_OF_RECIPE, recipe=Verbatim(recipe.name)), "trainingMode")


def incremental_problems(recipe: Recipe | None, request: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield incremental updates of a recipe that has none (docs/service/2 §14)."""
    if request.get("performIncrementalUpdate") and recipe and not recipe.incremental_update:
        reason = because(SolutionCode.NOT_OF_RECIPE, recipe=Verbatim(recipe.name))
        yield error(Check.PG420, reason, "performIncrementalUpdate", suggestion=because(Remedy.REMOVE_IT))


def days_between_trainings(config: Mapping[str, Any]) -> int:
    """Return the days between the automatic trainings of a solutionConfig; 0 for an invalid schedule."""
    expression = (config.get("autoTrainingConfig") or {}).get("schedulingExpression")
    if expression is None:
        return _WEEK
    found = _RATE.fullmatch(expression)
    return int(found[1]) if found else 0


def _recipe_problems(recipe: Recipe | None, group: Group) -> Iterator[Problem[Path]]:
    """Yield a recipe that is not for solutions, or not for this group (docs/service/1 §13.1)."""
    if recipe is None:
        return
    name = Verbatim(recipe.name)
    if recipe.domain:
        reason = because(SolutionCode.USE_CASE_FOR_SOLUTION, recipe=name, domain=recipe.domain)
        yield error(Check.PG203, reason, "recipeArn")
    if recipe.legacy:
        reason = because(SolutionCode.LEGACY_RECIPE, recipe=name)
        yield error(Check.PG203, reason, "recipeArn", suggestion=use_instead(_RECOMMENDED))
    yield from group_problems(recipe, group)


def _schedule_problems(config: Mapping[str, Any], *place: str) -> Iterator[Problem[Path]]:
    if not 1 <= days_between_trainings(config) <= _MOST_DAYS:
        text = config["autoTrainingConfig"]["schedulingExpression"]
        reason = because(SolutionCode.SCHEDULE_OUT_OF_RANGE, found=Verbatim(text), most=_MOST_DAYS)
        yield error(Check.PG421, reason, *place, "autoTrainingConfig", "schedulingExpression")


def _automatic_problems(request: Mapping[str, Any], config: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield settings of automatic training and of AutoML that have no effect."""
    if config.get("autoTrainingConfig") and request.get("performAutoTraining") is False:
        yield warning(Check.PG421, because(SolutionCode.SCHEDULE_WITHOUT_TRAINING), *_CONFIG, "autoTrainingConfig")
    if config.get("autoMLConfig") and not request.get("performAutoML"):
        remedy = because(Remedy.REMOVE_IT)
        yield warning(Check.PG422, because(SolutionCode.NO_AUTO_ML), *_CONFIG, "autoMLConfig", suggestion=remedy)


def _config_problems(
    recipe: Recipe | None, config: Mapping[str, Any], group: Group, *, tuned: bool
) -> Iterator[Problem[Path]]:
    if recipe:
        yield from parameter_problems(recipe, config)
        yield from bound_problems(recipe, config)
    if tuned:
        yield from repeated_problems(config)
        yield from below(Path(("hpoConfig",)), hpo_problems(recipe, config.get("hpoConfig") or {}))
    objective = config.get("optimizationObjective") or {}
    yield from below(Path(("optimizationObjective",)), objective_problems(recipe, objective, group))
    training = config.get("trainingDataConfig") or {}
    yield from below(Path(("trainingDataConfig",)), training_column_problems(recipe, training, group))
