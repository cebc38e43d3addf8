"""Every recipe by name, and the lookup by name or ARN."""

from collections.abc import Mapping
from types import MappingProxyType

from personalize_gitops.catalog.recipes.custom import CUSTOM_RECIPES
from personalize_gitops.catalog.recipes.legacy import LEGACY_RECIPES
from personalize_gitops.catalog.recipes.recipe import Recipe
from personalize_gitops.catalog.recipes.use_cases import USE_CASES

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {recipe.name: recipe for recipe in (*CUSTOM_RECIPES, *LEGACY_RECIPES, *USE_CASES)}
)
_BY_ARN = MappingProxyType({recipe.arn: recipe for recipe in RECIPES.values()})


def find_recipe(name_or_arn: str) -> Recipe | None:
    """Return the recipe with this short name or exact ARN; None if there is none.

    An ARN of another partition (China) is not found: the guide prints only `arn:aws:`. Two ARNs of the guide lack a
    colon; they are not found either, so that the mistake is reported (docs/service/1 §3.2).
    """
    return RECIPES.get(name_or_arn) or _BY_ARN.get(name_or_arn)
