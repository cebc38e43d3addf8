"""Hyperparameters and their optimization (docs/service/1 §13, §14; docs/service/2 §8.3)."""

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.recipes import Parameter, ParameterKind, Recipe, Tuning, ValueType
from personalize_gitops.catalog.rules.problems import error, warning
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, did_you_mean, use_instead, use_one_of
from personalize_gitops.model.problem_codes import Remedy, SolutionCode, ValueCode
from personalize_gitops.model.reason import Path, Reason, Verbatim, because

_TYPES_OF_LISTS = {
    "integerHyperParameterRanges": (ValueType.INTEGER,),
    "continuousHyperParameterRanges": (ValueType.FLOAT,),
    "categoricalHyperParameterRanges": (ValueType.BOOLEAN, ValueType.STRING),
}
RANGE_LISTS = tuple(_TYPES_OF_LISTS)
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
                yield _unknown(recipe, member, name, known)
            elif not known[name].settable:
                yield error(Check.PG402, because(SolutionCode.SEARCH_ONLY_PARAMETER), member, name)
            elif against := known[name].problem(value):
                yield error(Check.PG402, against, member, name)


def _unknown(recipe: Recipe, member: str, name: str, known: Mapping[str, Parameter]) -> Problem[Path]:
    parameter = recipe.parameter.get(name)
    right = [other for other, kind in _KINDS.items() if parameter and parameter.kind is kind]
    if right:
        reason = because(SolutionCode.PARAMETER_OF_OTHER_MEMBER, member=Verbatim(right[0]))
        return error(Check.PG401, reason, member, name)
    reason = because(SolutionCode.UNKNOWN_PARAMETER, recipe=Verbatim(recipe.name))
    return error(Check.PG401, reason, member, name, suggestion=_other_than(name, known))


def bound_problems(recipe: Recipe, config: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield percentiles that leave no users or items to train on (docs/service/1 §13.3). The guide names no refusal."""
    member = "featureTransformationParameters"
    given = config.get(member) or {}
    for lower, upper in _bounds(recipe):
        low, high = (given.get(bound.name, bound.default_text) for bound in (lower, upper))
        if lower.problem(low) or upper.problem(high) or float(low) < float(high):
            continue
        reason = because(
            SolutionCode.BOUNDS_CROSSED,
            lower=Verbatim(lower.name),
            low=Verbatim(low),
            upper=Verbatim(upper.name),
            high=Verbatim(high),
        )
        yield warning(Check.PG425, reason, member, upper.name if upper.name in given else lower.name)


def _bounds(recipe: Recipe) -> Iterator[tuple[Parameter, Parameter]]:
    """Yield the pairs of parameters that select between a lower and an upper bound."""
    for parameter in recipe.parameters_of(ParameterKind.FEATURIZATION):
        twin = recipe.parameter.get(parameter.name.replace("min_", "max_", 1))
        if twin and twin is not parameter:
            yield parameter, twin


def repeated_problems(config: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield hyperparameters of a solutionConfig that are searched twice, or searched and set."""
    first: dict[str, Path] = {}
    ranges = (config.get("hpoConfig") or {}).get(_RANGES) or {}
    for place, entry in _entries(ranges):
        name, inside = entry.get("name", ""), ("hpoConfig", *place)
        if name in first:
            reason = because(SolutionCode.SEARCHED_TWICE, first=first[name])
            yield warning(Check.PG426, reason, *inside, "name")
        elif name in (config.get("algorithmHyperParameters") or {}):
            yield warning(Check.PG426, because(SolutionCode.SET_AND_SEARCHED), *inside, "name")
        first.setdefault(name, Path(inside[2:]))


def _entries(ranges: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the ranges of an hpoConfig with their paths in it."""
    for list_, entries in ranges.items():
        yield from ((Path((_RANGES, list_, index)), entry) for index, entry in enumerate(entries or ()))


def performed_problems(
    recipe: Recipe | None, performed: bool, hpo: Mapping[str, Any] | None
) -> Iterator[Problem[Path]]:
    """Yield what is wrong with `performHPO` beside the hpoConfig, with paths in the request."""
    if performed and recipe and recipe.tuning is not Tuning.ON_REQUEST:
        yield error(Check.PG403, _untuned(recipe), "performHPO", suggestion=because(Remedy.REMOVE_IT))
    elif performed and not any(((hpo or {}).get(_RANGES) or {}).values()):
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
        for place, entry in _entries(ranges):
            yield from _range_problems(recipe, entry, place)
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
    if parameter.value_type not in _TYPES_OF_LISTS[str(place[1])]:
        (right,) = (list_ for list_, types in _TYPES_OF_LISTS.items() if parameter.value_type in types)
        yield error(Check.PG405, because(SolutionCode.RANGE_IN_OTHER_LIST), *place, suggestion=use_instead(right))
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
