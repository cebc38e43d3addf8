"""Hyperparameters and their optimization (docs/service/1 §13, §14; docs/service/2 §8.3)."""

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.recipes import Parameter, ParameterKind, Recipe, Tuning
from personalize_gitops.catalog.rules.problems import error, warning
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, did_you_mean, use_one_of
from personalize_gitops.model.problem_codes import Remedy, SolutionCode, ValueCode
from personalize_gitops.model.reason import Path, Reason, Verbatim, because

RANGE_LISTS = ("integerHyperParameterRanges", "continuousHyperParameterRanges", "categoricalHyperParameterRanges")
_RANGES = "algorithmHyperParameterRanges"
_KINDS = {
    "algorithmHyperParameters": ParameterKind.ALGORITHM,
    "featureTransformationParameters": ParameterKind.FEATURIZATION,
}
_MOST_JOBS = {"maxNumberOfTrainingJobs": 40, "maxParallelTrainingJobs": 10}  # docs/service/4 §2, HPOResource


def parameter_problems(recipe: Recipe, config: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield the parameters of a solutionConfig that the recipe does not have or whose value it refuses."""
    for member, kind in _KINDS.items():
        known = {parameter.name: parameter for parameter in recipe.parameters_of(kind)}
        for name, value in (config.get(member) or {}).items():
            if name not in known:
                reason = because(SolutionCode.UNKNOWN_PARAMETER, recipe=Verbatim(recipe.name))
                yield error(Check.PG401, reason, member, name, suggestion=_other_than(name, known))
            elif not known[name].settable:
                yield error(Check.PG402, because(SolutionCode.SEARCH_ONLY_PARAMETER), member, name)
            elif against := known[name].problem(value):
                yield error(Check.PG402, against, member, name)


def performed_problems(
    recipe: Recipe | None, performed: bool, hpo: Mapping[str, Any] | None
) -> Iterator[Problem[Path]]:
    """Yield what is wrong with `performHPO` beside the hpoConfig, with paths in the request."""
    if performed and recipe and recipe.tuning is not Tuning.ON_REQUEST:
        yield error(Check.PG403, _untuned(recipe), "performHPO", suggestion=because(Remedy.REMOVE_IT))
    elif performed and not (hpo or {}).get(_RANGES):
        # The guide demands ranges; the service took the request without them (docs/service/4 §9).
        yield warning(Check.PG404, because(SolutionCode.NO_RANGES), "performHPO")
    elif not performed and hpo is not None:
        yield warning(Check.PG404, because(SolutionCode.TUNING_NOT_PERFORMED), "solutionConfig", "hpoConfig")


def _untuned(recipe: Recipe) -> Reason:
    if recipe.tuning is Tuning.AUTOMATIC:
        return because(SolutionCode.TUNED_BY_SERVICE, recipe=Verbatim(recipe.name))
    return because(SolutionCode.NOT_OF_RECIPE, recipe=Verbatim(recipe.name))


def hpo_problems(recipe: Recipe | None, hpo: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield the problems of an hpoConfig."""
    ranges = hpo.get(_RANGES) or {}
    missing = [name for name in RANGE_LISTS if name not in ranges]
    if ranges and missing:
        reason = because(SolutionCode.RANGE_LISTS_MISSING, missing=tuple(map(Verbatim, missing)))
        yield error(Check.PG405, reason, _RANGES)
    if recipe and recipe.tuning is Tuning.ON_REQUEST:
        for list_ in ranges:
            for index, entry in enumerate(ranges[list_]):
                yield from _range_problems(recipe, entry, Path((_RANGES, list_, index)))
    yield from _job_problems(hpo.get("hpoResourceConfig") or {})
    if hpo.get("hpoObjective"):
        yield warning(Check.PG408, because(SolutionCode.TUNING_OBJECTIVE), "hpoObjective")


def _job_problems(resources: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    for member, most in _MOST_JOBS.items():
        text = resources.get(member)
        if text is not None and not (text.isascii() and text.isdecimal() and 1 <= int(text) <= most):
            bounds = {"minimum": 1, "maximum": most}
            reason = because(ValueCode.OUT_OF_RANGE, found=Verbatim(text), whole=True, exclusive=False, **bounds)
            yield error(Check.PG407, reason, "hpoResourceConfig", member)


def _range_problems(recipe: Recipe, entry: Mapping[str, Any], place: Path) -> Iterator[Problem[Path]]:
    name = entry.get("name", "")
    parameter = recipe.parameter.get(name)
    if parameter is None or not parameter.tunable:
        yield _not_tunable(recipe, name, place)
        return
    bounds = {member: entry[member] for member in ("minValue", "maxValue") if entry.get(member) is not None}
    values = [*bounds.items(), *(("values", value) for value in entry.get("values") or ())]
    for member, value in values:
        if against := parameter.problem(str(value)):
            yield error(Check.PG406, against, *place, member)
    if len(bounds) == 2 and bounds["minValue"] > bounds["maxValue"]:
        found = {"minimum": bounds["minValue"], "maximum": bounds["maxValue"]}
        yield error(Check.PG406, because(ValueCode.MINIMUM_ABOVE_MAXIMUM, **found), *place)


def _not_tunable(recipe: Recipe, name: str, place: Path) -> Problem[Path]:
    reason = because(SolutionCode.UNKNOWN_PARAMETER, recipe=Verbatim(recipe.name))
    if name in recipe.parameter:
        reason = because(SolutionCode.NOT_TUNABLE, recipe=Verbatim(recipe.name))
    tunable = {parameter.name: parameter for parameter in recipe.parameters if parameter.tunable}
    # The name may come from Describe, which adds a prefix: `training.bptt` (docs/service/2 §3.8).
    suggestion = _other_than(name.rpartition(".")[2], tunable)
    return error(Check.PG405, reason, *place, "name", suggestion=suggestion)


def _other_than(name: str, known: Mapping[str, Parameter]) -> Reason:
    """Return the remedy for an unknown parameter: the nearest one, else those that the recipe has."""
    return did_you_mean(name, known) or use_one_of(sorted(known)) or because(Remedy.REMOVE_IT)
