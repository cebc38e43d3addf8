"""The columns that a training uses, and the column that it optimizes for (docs/service/2 §8.2, §8.4)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType, find_dataset_type
from personalize_gitops.catalog.recipes import Recipe, RecipeType
from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.catalog.rules.problems import error, warning
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, did_you_mean
from personalize_gitops.model.problem_codes import Remedy, SolutionCode
from personalize_gitops.model.reason import Path, Verbatim, because

_KEYS = {
    DatasetType.INTERACTIONS: ("USER_ID", "ITEM_ID", "TIMESTAMP"),
    DatasetType.ITEMS: ("ITEM_ID",),
    DatasetType.USERS: ("USER_ID",),
}
_EXCLUDED, _INCLUDED = "excludedDatasetColumns", "includedDatasetColumns"


def training_column_problems(
    recipe: Recipe | None, training: Mapping[str, Any], group: Group
) -> Iterator[Problem[Path]]:
    """Yield the problems of a trainingDataConfig, of a solution or recommender."""
    if training and recipe and recipe.type is RecipeType.PERSONALIZED_ACTIONS:
        reason = because(SolutionCode.NOT_OF_RECIPE, recipe=Verbatim(recipe.name))
        yield error(Check.PG414, reason, suggestion=because(Remedy.REMOVE_IT))
    chosen = {member: training.get(member) or {} for member in (_EXCLUDED, _INCLUDED)}
    included = {name.casefold() for name in chosen[_INCLUDED]}
    for name in chosen[_EXCLUDED]:
        if name.casefold() in included:
            # Which of them would count is not documented.
            yield error(Check.PG414, because(SolutionCode.EXCLUDED_AND_INCLUDED), _EXCLUDED, name)
    for member, by_type in chosen.items():
        for name, columns in by_type.items():
            yield from _choice_problems(group, member, name, columns)


def _choice_problems(group: Group, member: str, name: str, columns: Sequence[str]) -> Iterator[Problem[Path]]:
    type_ = find_dataset_type(name)
    if type_ is None or group.lacks(type_):
        yield error(Check.PG414, because(SolutionCode.NO_SUCH_DATASET, type=type_ or Verbatim(name)), member, name)
        return
    known = group.columns(type_)
    for index, column in enumerate(columns):
        if member == _EXCLUDED and column == "EVENT_TYPE":
            yield error(Check.PG414, because(SolutionCode.EVENT_TYPE_EXCLUDED), member, name, index)
        elif member == _EXCLUDED and column in _KEYS.get(type_, ()):
            # The guide says it of EVENT_TYPE alone.
            reason = because(SolutionCode.KEY_EXCLUDED, column=Verbatim(column))
            yield warning(Check.PG414, reason, member, name, index)
        elif known is not None and column not in known:
            reason = because(SolutionCode.NO_SUCH_COLUMN, type=type_)
            yield error(Check.PG414, reason, member, name, index, suggestion=did_you_mean(column, known))


def objective_problems(recipe: Recipe | None, objective: Mapping[str, Any], group: Group) -> Iterator[Problem[Path]]:
    """Yield the problems of an optimizationObjective."""
    if objective and recipe and not recipe.takes_objective:
        reason = because(SolutionCode.NOT_OF_RECIPE, recipe=Verbatim(recipe.name))
        yield error(Check.PG409, reason, suggestion=because(Remedy.REMOVE_IT))
        return
    name = objective.get("itemAttribute")
    if name is None:
        if "objectiveSensitivity" in objective:
            reason = because(SolutionCode.OBJECTIVE_WITHOUT_COLUMN)
            yield warning(Check.PG410, reason, "objectiveSensitivity")
        return
    if group.lacks(DatasetType.ITEMS):
        reason = because(SolutionCode.NO_SUCH_DATASET, type=DatasetType.ITEMS)
        yield error(Check.PG410, reason, "itemAttribute")
        return
    columns = group.columns(DatasetType.ITEMS)
    if columns is None:
        return
    field = columns.get(name)
    if field is None:
        reason = because(SolutionCode.NO_SUCH_COLUMN, type=DatasetType.ITEMS)
        numbers = [column for column, each in columns.items() if each.numeric and not each.nullable]
        yield error(Check.PG410, reason, "itemAttribute", suggestion=did_you_mean(name, numbers))
    elif not field.numeric:
        yield error(Check.PG410, because(SolutionCode.OBJECTIVE_NOT_NUMERIC), "itemAttribute")
    elif field.nullable:
        yield error(Check.PG410, because(SolutionCode.OBJECTIVE_NULLABLE), "itemAttribute")
