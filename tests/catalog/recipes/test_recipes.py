"""The recipes are complete and consistent, and can be looked up."""

from collections import Counter

import pytest

from personalize_gitops.catalog.datasets import DatasetType, Domain
from personalize_gitops.catalog.recipes import (
    RECIPES,
    Exploration,
    IdUse,
    Parameter,
    ParameterKind,
    Recipe,
    RecipeType,
    Tuning,
    ValueType,
    find_recipe,
)
from personalize_gitops.render.reasons import text

PARAMETERS = [
    pytest.param(recipe.name, parameter, id=f"{recipe.name}-{parameter.name}")
    for recipe in RECIPES.values()
    for parameter in recipe.parameters
]


def test_counts() -> None:
    """There are twelve current recipes, three legacy ones and five use cases for each domain."""
    kinds = Counter("legacy" if recipe.legacy else recipe.domain or "custom" for recipe in RECIPES.values())

    assert kinds == {"custom": 12, "legacy": 3, Domain.ECOMMERCE: 5, Domain.VIDEO_ON_DEMAND: 5}


def test_types() -> None:
    """Custom recipes have the types of docs/service/1 §13.1; Popularity-Count has the type of its own page."""
    types = {recipe.name: recipe.type for recipe in RECIPES.values() if not recipe.domain and not recipe.legacy}

    assert types == {
        "aws-user-personalization-v2": RecipeType.USER_PERSONALIZATION,
        "aws-user-personalization": RecipeType.USER_PERSONALIZATION,
        "aws-popularity-count": RecipeType.USER_PERSONALIZATION,
        "aws-trending-now": RecipeType.POPULAR_ITEMS,
        "aws-personalized-ranking-v2": RecipeType.PERSONALIZED_RANKING,
        "aws-personalized-ranking": RecipeType.PERSONALIZED_RANKING,
        "aws-similar-items": RecipeType.RELATED_ITEMS,
        "aws-sims": RecipeType.RELATED_ITEMS,
        "aws-semantic-similarity": RecipeType.RELATED_ITEMS,
        "aws-next-best-action": RecipeType.PERSONALIZED_ACTIONS,
        "aws-item-affinity": RecipeType.USER_SEGMENTATION,
        "aws-item-attribute-affinity": RecipeType.USER_SEGMENTATION,
    }


def test_arns_have_neither_region_nor_account() -> None:
    """A recipe's ARN and those of its parts belong to the service."""
    recipe = RECIPES["aws-sims"]

    assert recipe.arn == "arn:aws:personalize:::recipe/aws-sims"
    assert recipe.algorithm_arn == "arn:aws:personalize:::algorithm/aws-sims"
    assert recipe.feature_transformation_arn == "arn:aws:personalize:::feature-transformation/sims"


def test_unknown_parts_have_no_arn() -> None:
    """Parts that are not documented are None."""
    recipe = RECIPES["aws-vod-top-picks"]

    assert recipe.algorithm_arn is None
    assert recipe.feature_transformation_arn is None


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_found_by_name_and_arn(recipe: Recipe) -> None:
    """Every recipe is found by its short name and by its ARN."""
    assert find_recipe(recipe.name) is recipe
    assert find_recipe(f"arn:aws:personalize:::recipe/{recipe.name}") is recipe


@pytest.mark.parametrize("unknown", ["", "aws-none", "arn:aws:personalize::recipe/aws-sims", "AWS-SIMS"])
def test_not_found(unknown: str) -> None:
    """Unknown names, other cases and the guide's ARN with a missing colon find nothing."""
    assert find_recipe(unknown) is None


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_facts_agree(recipe: Recipe) -> None:
    """The facts of a recipe do not contradict each other."""
    assert not set(recipe.required_datasets) & set(recipe.optional_datasets)
    assert bool(recipe.parameters_of(ParameterKind.EXPLORATION)) == (recipe.exploration is Exploration.CONFIGURABLE)
    assert recipe.batch_segment == (recipe.type is RecipeType.USER_SEGMENTATION) == (not recipe.real_time)
    assert (recipe.item_id is IdUse.REQUIRED) == (recipe.type is RecipeType.RELATED_ITEMS)
    if recipe.domain:
        assert all(type_.in_domain_groups for type_ in recipe.required_datasets)
        assert recipe.tuning is Tuning.UNSUPPORTED
    if any(parameter.tunable for parameter in recipe.parameters):
        assert recipe.tuning is Tuning.ON_REQUEST
    assert recipe.description
    assert recipe.source


def test_only_next_best_action_needs_actions() -> None:
    """Only one recipe trains on actions."""
    assert [r.name for r in RECIPES.values() if DatasetType.ACTIONS in r.required_datasets] == ["aws-next-best-action"]


@pytest.mark.parametrize(
    ("name", "needs", "removes"),
    [
        ("aws-vod-because-you-watched-x", ("Watch",), "Watch"),
        ("aws-vod-more-like-x", (), "Watch"),
        ("aws-vod-most-popular", ("Watch",), None),
        ("aws-vod-trending-now", (), None),
        ("aws-vod-top-picks", (), "Watch"),
        ("aws-ecomm-popular-items-by-views", ("View",), None),
        ("aws-ecomm-popular-items-by-purchases", ("Purchase",), None),
        ("aws-ecomm-frequently-bought-together", ("Purchase",), None),
        ("aws-ecomm-customers-who-viewed-x-also-viewed", ("View",), "Purchase"),
        ("aws-ecomm-recommended-for-you", (), "Purchase"),
    ],
)
def test_events_of_use_cases(name: str, needs: tuple[str, ...], removes: str | None) -> None:
    """Each use case needs and removes the event types of docs/service/1 §12."""
    assert (RECIPES[name].needs_events, RECIPES[name].removes_event) == (needs, removes)


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_defaults_are_in_range(name: str, parameter: Parameter) -> None:
    """Every default would be accepted as a value, except Trending-Now's, which cannot be set (docs/service/1 §13.5)."""
    problem = parameter.problem(parameter.default_text)

    assert (problem is None) == (name != "aws-trending-now")


@pytest.mark.parametrize(
    ("recipe", "name", "value", "accepted"),
    [
        ("aws-user-personalization", "hidden_dimension", "32", True),
        ("aws-user-personalization", "hidden_dimension", "31", False),
        ("aws-user-personalization", "hidden_dimension", "149.5", False),
        ("aws-user-personalization", "bptt", "many", False),
        ("aws-user-personalization", "recency_mask", "True", True),
        ("aws-user-personalization", "recency_mask", "yes", False),
        ("aws-user-personalization", "explorationItemAgeCutOff", "0", False),
        ("aws-user-personalization", "explorationItemAgeCutOff", "30", True),
        ("aws-user-personalization", "explorationWeight", "nan", False),
        ("aws-user-personalization", "explorationItemAgeCutOff", "inf", False),
        ("aws-user-personalization", "max_user_history_length_percentile", "1.01", False),
        ("aws-trending-now", "trend_discovery_frequency", "1 day", True),
        ("aws-trending-now", "trend_discovery_frequency", "2 hours", False),
        ("aws-next-best-action", "action_optimization_period", "28", True),
        ("aws-next-best-action", "action_optimization_period", "29", False),
    ],
)
def test_values(recipe: str, name: str, value: str, accepted: bool) -> None:
    """A value is accepted when its text reads as the parameter's type and lies in its range."""
    assert (RECIPES[recipe].parameter[name].problem(value) is None) == accepted


def test_problem_names_the_range() -> None:
    """The reason for a refused value has the values that are accepted."""
    period = RECIPES["aws-next-best-action"].parameter["action_optimization_period"]

    reason = period.problem("99")

    assert reason is not None
    assert text(reason) == "expected a whole number from 7 to 28, found 99"


@pytest.mark.parametrize(
    ("minimum", "maximum", "expected"),
    [(0.0, None, " of at least 0"), (None, 5.0, " of at most 5"), (None, None, ""), (1.0, 2.0, " from 1 to 2")],
)
def test_ranges(minimum: float | None, maximum: float | None, expected: str) -> None:
    """The reason for a refused value has the bounds of the parameter."""
    reason = Parameter("p", ParameterKind.ALGORITHM, ValueType.FLOAT, 0.0, minimum, maximum).problem("many")

    assert reason is not None
    assert text(reason) == f"expected a number{expected}, found many"


def test_search_only_parameters() -> None:
    """Two dimensions of Similar-Items take effect only as search ranges (docs/service/1 §13.9)."""
    search_only = {(r.name, p.name) for r in RECIPES.values() for p in r.parameters if not p.settable}

    assert search_only == {
        ("aws-similar-items", "item_id_hidden_dim"),
        ("aws-similar-items", "item_metadata_hidden_dim"),
    }


def test_popularity_discount_differs_between_recipes() -> None:
    """One parameter name has two defaults, and is tunable for SIMS only."""
    similar, sims = (RECIPES[n].parameter["popularity_discount_factor"] for n in ("aws-similar-items", "aws-sims"))

    assert (similar.default, similar.tunable, sims.default, sims.tunable) == (0.0, False, 0.5, True)


def test_what_requests_may_bring() -> None:
    """Ranking recipes order a list; promotions go with items recommended in real time (docs/service/3 §4.7)."""
    assert [r.name for r in RECIPES.values() if r.takes_input_list] == [
        "aws-personalized-ranking-v2",
        "aws-personalized-ranking",
    ]
    assert {r.type for r in RECIPES.values() if not r.takes_promotions} == {
        RecipeType.PERSONALIZED_RANKING,
        RecipeType.PERSONALIZED_ACTIONS,
        RecipeType.USER_SEGMENTATION,
    }
