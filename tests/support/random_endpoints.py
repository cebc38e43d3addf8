"""Random campaigns and recommenders, some of them wrong in a way or two."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from personalize_gitops.catalog.recipes import RECIPES, Exploration, Recipe
from tests.support.agreement import Draft, Group
from tests.support.random_solutions import now_and_then, training_columns

_CUSTOM = [recipe for recipe in RECIPES.values() if not recipe.domain and not recipe.legacy]


@st.composite
def trained(draw: st.DrawFn, group: Group, recipes: list[Recipe]) -> list[Draft]:
    """Return a solution without settings and its training; most recipes are ones that the group can have."""
    fitting = [recipe for recipe in recipes if {str(type_) for type_ in recipe.required_datasets} <= {*group.columns}]
    fits = bool(fitting) and draw(st.integers(0, 9)) > 0
    recipe = draw(st.sampled_from(fitting if fits else recipes))
    spec = {"datasetGroup": "g", "recipe": recipe.name, "performAutoTraining": False}
    return [Draft("Solution", "s", spec), Draft("SolutionVersion", "v", {"solution": "s"})]


@st.composite
def campaigns(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return a campaign with its solution and training."""
    drafts = draw(trained(group, _CUSTOM))
    latest = {"solution": "s", "version": "$LATEST"}
    spec: dict[str, Any] = {"solutionVersion": draw(st.sampled_from(["v", latest]))}
    optional: dict[str, st.SearchStrategy[Any]] = {
        "itemExplorationConfig": exploration(),
        "enableMetadataWithRecommendations": st.booleans(),
        "rankingInfluence": st.just({"POPULARITY": 0.5}),
    }
    config = {member: draw(strategy) for member, strategy in optional.items() if draw(now_and_then())}
    written = draw(st.booleans())
    if config or written:
        spec["campaignConfig"] = config
    if draw(now_and_then()):
        spec["minProvisionedTPS"] = draw(st.sampled_from([1, 20, 500, 501]))
    return [*drafts, Draft("Campaign", "c", spec)]


@st.composite
def recommenders(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return a recommender, mostly with a use case of the domain."""
    fitting = [recipe for recipe in RECIPES.values() if recipe.domain == group.domain and recipe.domain]
    fits = bool(fitting) and draw(st.integers(0, 9)) > 0
    recipe = draw(st.sampled_from(fitting if fits else [*RECIPES.values()]))
    optional: dict[str, st.SearchStrategy[Any]] = {
        "itemExplorationConfig": exploration(),
        "enableMetadataWithRecommendations": st.booleans(),
        "minRecommendationRequestsPerSecond": st.sampled_from([1, 20, 2_500, 2_501]),
        "trainingDataConfig": training_columns(),
    }
    config = {member: draw(strategy) for member, strategy in optional.items() if draw(now_and_then())}
    if recipe.exploration is Exploration.CONFIGURABLE and draw(st.booleans()):
        config["itemExplorationConfig"] = draw(exploration())
    spec = {"datasetGroup": "g", "recipe": recipe.name, **({"recommenderConfig": config} if config else {})}
    return [Draft("Recommender", "r", spec)]


def exploration() -> st.SearchStrategy[dict[str, str]]:
    """Return exploration settings whose names and values are mostly right."""
    names = st.sampled_from(["explorationWeight", "explorationWeight", "explorationItemAgeCutOff", "courage"])
    return st.dictionaries(names, st.sampled_from(["0.3", "0.5", "1", "30", "-1", "much"]), max_size=2)
