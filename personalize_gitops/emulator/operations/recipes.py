"""The service's own catalogue: recipes, algorithms, feature transformations (docs/service/4 §2.16, §3)."""

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.recipes import RECIPES, Parameter, ParameterKind, Recipe, ValueType, find_recipe
from personalize_gitops.emulator.errors import not_found
from personalize_gitops.emulator.service.kind import Answer, Carry, Request
from personalize_gitops.emulator.service.paging import DEFAULT_SIZE, filters_of, position, token_for
from personalize_gitops.emulator.state.arns import last_segment
from personalize_gitops.emulator.state.region import Region

_PUBLISHED = 1_559_347_200.0  # 2019-06-01, a date for what has been there from the beginning
_TIMES = {"creationDateTime": _PUBLISHED, "lastUpdatedDateTime": _PUBLISHED}


def list_recipes(region: Region, request: Request) -> Answer:
    """One page of recipes; without `domain` all of them, those of the use cases too (docs/service/4 §1.5)."""
    wanted = [
        recipe
        for recipe in RECIPES.values()
        if not recipe.legacy and request.get("domain") in (None, recipe.domain)  # SERVICE is the only provider
    ]
    size, filters = request.get("maxResults") or DEFAULT_SIZE, filters_of(request)
    start = position("ListRecipes", filters, request["nextToken"]) if "nextToken" in request else 0
    answer: dict[str, Any] = {"recipes": [_shown(recipe) for recipe in wanted[start : start + size]]}
    if start + size < len(wanted):
        answer["nextToken"] = token_for("ListRecipes", filters, start + size)
    return answer


def describe_recipe(region: Region, request: Request) -> Answer:
    """One recipe, legacy ones included: they can still be described."""
    return {"recipe": _shown(recipe_of(request["recipeArn"]))}


def describe_algorithm(region: Region, request: Request) -> Answer:
    """The algorithm behind a recipe with its parameters and their ranges."""
    arn = request["algorithmArn"]
    recipe = next((recipe for recipe in RECIPES.values() if recipe.algorithm_arn == arn), None)
    if recipe is None:
        raise not_found(arn)
    settings = recipe.parameters_of(ParameterKind.ALGORITHM)
    return {
        "algorithm": {
            "name": last_segment(arn),
            "algorithmArn": arn,
            "algorithmImage": {"name": last_segment(arn), "dockerURI": f"service/{last_segment(arn)}"},
            "defaultHyperParameters": {setting.name: setting.default_text for setting in settings},
            "defaultHyperParameterRanges": _ranges(settings),
            "defaultResourceConfig": {},
            "trainingInputMode": "File",
            **_TIMES,
        }
    }


def describe_feature_transformation(region: Region, request: Request) -> Answer:
    """What prepares the data for an algorithm."""
    arn = request["featureTransformationArn"]
    recipe = next((recipe for recipe in RECIPES.values() if recipe.feature_transformation_arn == arn), None)
    if recipe is None:
        raise not_found(arn)
    settings = recipe.parameters_of(ParameterKind.FEATURIZATION)
    return {
        "featureTransformation": {
            "name": last_segment(arn),
            "featureTransformationArn": arn,
            "defaultParameters": {setting.name: setting.default_text for setting in settings},
            "status": "ACTIVE",
            **_TIMES,
        }
    }


def recipe_of(arn: str) -> Recipe:
    """The recipe of an ARN, or the service's ResourceNotFoundException; a bare name is no ARN."""
    recipe = find_recipe(arn)
    if recipe is None or recipe.arn != arn:
        raise not_found(arn)
    return recipe


def _shown(recipe: Recipe) -> Mapping[str, Any]:
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


def _ranges(settings: tuple[Parameter, ...]) -> Mapping[str, Any]:
    return {
        "integerHyperParameterRanges": [*_numeric(settings, ValueType.INTEGER)],
        "continuousHyperParameterRanges": [*_numeric(settings, ValueType.FLOAT)],
        "categoricalHyperParameterRanges": [
            {"name": setting.name, "values": list(setting.values) or ["true", "false"], "isTunable": setting.tunable}
            for setting in settings
            if setting.value_type in (ValueType.BOOLEAN, ValueType.STRING)
        ],
    }


def _numeric(settings: tuple[Parameter, ...], value_type: ValueType) -> Iterator[Mapping[str, Any]]:
    for setting in settings:
        if setting.value_type is value_type:
            yield {
                "name": setting.name,
                "minValue": setting.minimum,
                "maxValue": setting.maximum,
                "isTunable": setting.tunable,
            }


OPERATIONS: Mapping[str, Carry] = {
    "ListRecipes": list_recipes,
    "DescribeRecipe": describe_recipe,
    "DescribeAlgorithm": describe_algorithm,
    "DescribeFeatureTransformation": describe_feature_transformation,
}
