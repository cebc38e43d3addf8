"""Random campaigns, recommenders and filters, some of them wrong in a way or two."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from personalize_gitops.catalog.recipes import RECIPES
from tests.support.agreement import Draft, Group

_CUSTOM = [recipe.name for recipe in RECIPES.values() if not recipe.domain and not recipe.legacy]
_USE_CASES = {recipe.name: recipe.domain for recipe in RECIPES.values() if recipe.domain}
_EXPLORATION = st.dictionaries(
    st.sampled_from(["explorationWeight", "explorationItemAgeCutOff", "courage"]),
    st.sampled_from(["0", "0.5", "1", "30", "-1", "much"]),
    min_size=1,
    max_size=2,
)
_EXCLUDED = st.dictionaries(
    st.sampled_from(["Interactions", "Items", "Users", "Actions"]),
    st.lists(st.sampled_from(["EVENT_TYPE", "EVENT_VALUE", "PRICE", "AGE"]), min_size=1, max_size=2, unique=True),
    min_size=1,
    max_size=1,
)
_CONFIG: dict[str, st.SearchStrategy[Any]] = {
    "itemExplorationConfig": _EXPLORATION,
    "enableMetadataWithRecommendations": st.booleans(),
}
_CONDITIONS = (
    'Items.GENRES IN ("x")',
    "Items.PRICE < 5",
    "Items.PRICE < CurrentItem.PRICE",
    "Items.PLOT IN ($PLOT)",
    'Interactions.EVENT_TYPE IN ("*")',
    "Users.AGE > 18",
    'Actions.MEMBERSHIP IN ("gold")',
)


@st.composite
def campaigns(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return a solution, its training and a campaign."""
    influence = st.dictionaries(st.sampled_from(["POPULARITY", "FRESHNESS"]), st.sampled_from([0, 0.5]), min_size=1)
    config = draw(_some({**_CONFIG, "rankingInfluence": influence}))
    version = draw(st.sampled_from(["v", {"solution": "s", "version": "$LATEST"}]))
    tps = draw(st.sampled_from([{}, {"minProvisionedTPS": 5_000}]))
    return [
        Draft("Solution", "s", {"datasetGroup": "g", "recipe": draw(st.sampled_from(_CUSTOM))}),
        Draft("SolutionVersion", "v", {"solution": "s"}),
        Draft("Campaign", "c", {"solutionVersion": version, "campaignConfig": config, **tps}),
    ]


@st.composite
def recommenders(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return a recommender; none in a group without datasets, which may get them elsewhere (PG415)."""
    if not group.columns:
        return []
    fitting = [name for name, domain in _USE_CASES.items() if domain == group.domain]
    recipe = draw(st.sampled_from((fitting or [*_USE_CASES]) if draw(st.integers(0, 9)) else [*RECIPES]))
    training = st.fixed_dictionaries({"excludedDatasetColumns": _EXCLUDED})
    config = draw(_some({**_CONFIG, "trainingDataConfig": training}))
    return [Draft("Recommender", "r", {"datasetGroup": "g", "recipe": recipe, "recommenderConfig": config})]


@st.composite
def filters(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return a filter with one or two conditions."""
    target = draw(st.sampled_from(["ItemID", "UserID", "ActionID"]))
    conditions = draw(st.lists(st.sampled_from(_CONDITIONS), min_size=1, max_size=2, unique=True))
    expression = f"INCLUDE {target} WHERE {' AND '.join(conditions)}"
    return [Draft("Filter", "f", {"datasetGroup": "g", "filterExpression": expression})]


def _some(members: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=members)
