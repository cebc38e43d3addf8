"""Every recipe of the service by name, and the way to find one."""

from collections.abc import Mapping
from types import MappingProxyType

from personalize_gitops.catalog.custom_recipes import CUSTOM_RECIPES
from personalize_gitops.catalog.datasets import Domain
from personalize_gitops.catalog.legacy_recipes import LEGACY_RECIPES
from personalize_gitops.catalog.parameters import Parameter, ParameterKind, ValueType
from personalize_gitops.catalog.recipe import Exploration, IdUse, MetadataUse, Recipe, RecipeType, Tuning
from personalize_gitops.catalog.use_cases import USE_CASES

__all__ = [
    "RECIPES",
    "Domain",
    "Exploration",
    "IdUse",
    "MetadataUse",
    "Parameter",
    "ParameterKind",
    "Recipe",
    "RecipeType",
    "Tuning",
    "ValueType",
    "find_recipe",
]

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {recipe.name: recipe for recipe in (*CUSTOM_RECIPES, *LEGACY_RECIPES, *USE_CASES)}
)
_BY_ARN = MappingProxyType({recipe.arn: recipe for recipe in RECIPES.values()})


def find_recipe(name_or_arn: str) -> Recipe | None:
    """The recipe of this short name or exact ARN.

    An ARN of another partition (China) is not found: the guide prints only `arn:aws:`, and two lines of it lack a
    colon, which is an error worth reporting (docs/service/1 §3.2).
    """
    return RECIPES.get(name_or_arn) or _BY_ARN.get(name_or_arn)
