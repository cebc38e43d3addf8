"""The operations on recipes, algorithms and feature transformations (docs/service/4 §2.16, §3)."""

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.recipes import RECIPES, Parameter, ParameterKind, Recipe, ValueType, find_recipe
from personalize_gitops.emulator.errors import not_found
from personalize_gitops.emulator.service.kind import Handler, Request, Response
from personalize_gitops.emulator.service.paging import slice_page
from personalize_gitops.emulator.state.arns import last_segment
from personalize_gitops.emulator.state.region import Region

_PUBLISHED = 1_559_347_200.0  # 2019-06-01; the real dates are not documented
_TIMES = {"creationDateTime": _PUBLISHED, "lastUpdatedDateTime": _PUBLISHED}


def list_recipes(region: Region, request: Request) -> Response:
    """Return one page of the recipes of a domain; without `domain`, of all recipes (docs/service/4 §1.5).

    They are sorted by name, and an empty page follows the last one with recipes (docs/service/4 §9).
    """
    found = [
        _described(recipe)
        for recipe in sorted(RECIPES.values(), key=lambda recipe: recipe.name)
        if not recipe.legacy and request.get("domain") in (None, recipe.domain)  # SERVICE is the only provider
    ]
    return slice_page("ListRecipes", request, "recipes", found, ends_empty=True)


def describe_recipe(region: Region, request: Request) -> Response:
    """Return one recipe. Legacy recipes are not listed but can be described."""
    return {"recipe": _described(recipe_of(request["recipeArn"]))}


def describe_algorithm(region: Region, request: Request) -> Response:
    """Return the algorithm of a recipe with its parameters and their ranges."""
    arn = request["algorithmArn"]
    recipe = next((recipe for recipe in RECIPES.values() if recipe.algorithm_arn == arn), None)
    if recipe is None:
        raise not_found(arn)
    parameters = recipe.parameters_of(ParameterKind.ALGORITHM)
    return {
        "algorithm": {
            "name": last_segment(arn),
            "algorithmArn": arn,
            "algorithmImage": {"name": last_segment(arn), "dockerURI": f"service/{last_segment(arn)}"},
            "defaultHyperParameters": {parameter.name: parameter.default_text for parameter in parameters},
            "defaultHyperParameterRanges": _ranges(parameters),
            "defaultResourceConfig": {},
            "trainingInputMode": "File",
            **_TIMES,
        }
    }


def describe_feature_transformation(region: Region, request: Request) -> Response:
    """Return a feature transformation with the parameters of the recipes that use it."""
    arn = request["featureTransformationArn"]
    recipes = [recipe for recipe in RECIPES.values() if recipe.feature_transformation_arn == arn]
    if not recipes:
        raise not_found(arn)
    parameters = [each for recipe in recipes for each in recipe.parameters_of(ParameterKind.FEATURIZATION)]
    return {
        "featureTransformation": {
            "name": last_segment(arn),
            "featureTransformationArn": arn,
            "defaultParameters": {parameter.name: parameter.default_text for parameter in parameters},
            "status": "ACTIVE",
            **_TIMES,
        }
    }


def recipe_of(arn: str) -> Recipe:
    """Return the recipe with an ARN. Refuse the request with ResourceNotFoundException if none exists."""
    recipe = find_recipe(arn)
    if recipe is None or recipe.arn != arn:  # find_recipe also accepts names
        raise not_found(arn)
    return recipe


def _described(recipe: Recipe) -> Mapping[str, Any]:
    return {
        "name": recipe.name,
        "recipeArn": recipe.arn,
        "algorithmArn": recipe.algorithm_arn,
        "featureTransformationArn": recipe.feature_transformation_arn,
        "description": recipe.description,
        "recipeType": recipe.type,
        "domain": recipe.domain,
        "status": "ACTIVE",
        **_TIMES,
    }


def _ranges(parameters: tuple[Parameter, ...]) -> Mapping[str, Any]:
    return {
        "integerHyperParameterRanges": [*_numeric_ranges(parameters, ValueType.INTEGER)],
        "continuousHyperParameterRanges": [*_numeric_ranges(parameters, ValueType.FLOAT)],
        "categoricalHyperParameterRanges": [
            {
                "name": parameter.name,
                "values": list(parameter.values) or ["true", "false"],
                "isTunable": parameter.tunable,
            }
            for parameter in parameters
            if parameter.value_type in (ValueType.BOOLEAN, ValueType.STRING)
        ],
    }


def _numeric_ranges(parameters: tuple[Parameter, ...], value_type: ValueType) -> Iterator[Mapping[str, Any]]:
    for parameter in parameters:
        if parameter.value_type is value_type:
            yield {
                "name": parameter.name,
                "minValue": parameter.minimum,
                "maxValue": parameter.maximum,
                "isTunable": parameter.tunable,
            }


HANDLERS: Mapping[str, Handler] = {
    "ListRecipes": list_recipes,
    "DescribeRecipe": describe_recipe,
    "DescribeAlgorithm": describe_algorithm,
    "DescribeFeatureTransformation": describe_feature_transformation,
}
