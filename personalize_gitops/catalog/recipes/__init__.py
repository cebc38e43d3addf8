"""Every recipe and use case of the service, with its parameters.

* `recipe`: the facts about one recipe
* `parameters`: one parameter, with its type, default and range
* `shared_parameters`: the parameters that several recipes have
* `custom`: the recipes for solutions
* `legacy`: the recipes that new solutions cannot use
* `use_cases`: the use cases for recommenders
* `index`: all of them by name, and the lookup by name or ARN
"""

from personalize_gitops.catalog.recipes.index import RECIPES, find_recipe
from personalize_gitops.catalog.recipes.parameters import Parameter, ParameterKind, ValueType
from personalize_gitops.catalog.recipes.recipe import Exploration, IdUse, MetadataUse, Recipe, RecipeType, Tuning

__all__ = [
    "RECIPES",
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
