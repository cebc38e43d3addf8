"""What a recipe or use case needs of its dataset group: kind, datasets and columns (docs/service/1 §12, §13)."""

from collections.abc import Callable, Iterator, Mapping

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.recipes import Recipe
from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.catalog.rules.problems import error, warning
from personalize_gitops.catalog.schemas import Field, column_rules
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import LintCode, SolutionCode
from personalize_gitops.model.reason import Path, Verbatim, because


def group_problems(recipe: Recipe, group: Group) -> Iterator[Problem[Path]]:
    """Yield a recipe for data that the kind of group cannot have (docs/service/1 §2)."""
    if group.domain and any(not type_.in_domain_groups for type_ in recipe.required_datasets):
        reason = because(SolutionCode.CUSTOM_GROUP_NEEDED, recipe=Verbatim(recipe.name), domain=group.domain)
        yield error(Check.PG417, reason, "recipeArn")


def type_problems(type_: DatasetType, group: Group) -> Iterator[Problem[Path]]:
    """Yield a dataset of a type that the kind of group cannot have (docs/service/1 §2)."""
    if group.domain and not type_.in_domain_groups:
        reason = because(LintCode.ACTIONS_IN_DOMAIN, type=type_, domain=group.domain)
        yield error(Check.PG204, reason, "datasetType")


def data_problems(recipe: Recipe, group: Group) -> Iterator[Problem[Path]]:
    """Yield the datasets and columns that a training with the recipe misses; the service finds out when it trains."""
    possible = (type_ for type_ in recipe.required_datasets if type_.in_domain_groups or not group.domain)
    missing = [type_ for type_ in possible if group.lacks(type_)]
    if missing:
        name, types = Verbatim(recipe.name), tuple(missing)
        if group.schemas:
            reason = because(SolutionCode.DATASETS_NEEDED, recipe=name, types=types)
            yield error(Check.PG415, reason, "recipeArn")
        else:  # it may get them elsewhere
            reason = because(SolutionCode.DATASETS_UNDECLARED, recipe=name, types=types)
            yield warning(Check.PG415, reason, "recipeArn")
    if check := _OF_ITEMS.get(recipe.name):
        columns = group.columns(DatasetType.ITEMS)
        if columns is not None:
            yield from check(recipe, group, [*columns.values()])


def _attribute_problems(recipe: Recipe, group: Group, fields: list[Field]) -> Iterator[Problem[Path]]:
    """Yield an Items dataset without an attribute to segment by (docs/service/1 §13.11)."""
    rules = column_rules(DatasetType.ITEMS, group.domain)
    attributes = [field.name for field in fields if field.numeric or field.categorical]
    usable = {*attributes} - {"ITEM_ID", "CREATION_TIMESTAMP"}
    reserved = {*rules.required, *rules.reserved} if rules else set()
    name = Verbatim(recipe.name)
    if not usable:
        yield error(Check.PG416, because(SolutionCode.ATTRIBUTE_NEEDED, recipe=name), "recipeArn")
    elif usable <= reserved:
        columns = tuple(map(Verbatim, sorted(usable)))
        reason = because(SolutionCode.ONLY_RESERVED_ATTRIBUTES, recipe=name, columns=columns)
        yield warning(Check.PG416, reason, "recipeArn")


def _text_problems(recipe: Recipe, _group: Group, fields: list[Field]) -> Iterator[Problem[Path]]:
    """Yield an Items dataset without the texts whose meaning is compared (docs/service/2 §14)."""
    name = Verbatim(recipe.name)
    if not any(field.item_name for field in fields):
        yield error(Check.PG416, because(SolutionCode.ITEM_NAME_NEEDED, recipe=name), "recipeArn")
    if not any(field.textual for field in fields):
        yield error(Check.PG416, because(SolutionCode.TEXT_NEEDED, recipe=name), "recipeArn")


_OF_ITEMS: Mapping[str, Callable[[Recipe, Group, list[Field]], Iterator[Problem[Path]]]] = {
    "aws-item-attribute-affinity": _attribute_problems,
    "aws-semantic-similarity": _text_problems,
}
"""The checks of the Items dataset, by the name of the recipe."""
