"""The recipes for solutions: reference 1 §13 and reference 4 §3, one entry each."""

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.parameters import Parameter, ParameterKind, ValueType
from personalize_gitops.catalog.recipe import Exploration, IdUse, MetadataUse, Recipe, RecipeType, Tuning

_INTERACTIONS, _ITEMS, _USERS = DatasetType.INTERACTIONS, DatasetType.ITEMS, DatasetType.USERS


def hidden_dimension(default: int, *, tunable: bool = True) -> Parameter:
    """The width of the hidden layers; only its default and its tunability differ between recipes."""
    return Parameter("hidden_dimension", ParameterKind.ALGORITHM, ValueType.INTEGER, default, 32, 256, tunable=tunable)


def _percentile(name: str, default: float) -> Parameter:
    return Parameter(name, ParameterKind.FEATURIZATION, ValueType.FLOAT, default, 0.0, 1.0)


def history(shortest: float, longest: float) -> tuple[Parameter, Parameter]:
    """The pair that leaves out users with very short and very long histories."""
    return (
        _percentile("min_user_history_length_percentile", shortest),
        _percentile("max_user_history_length_percentile", longest),
    )


def _discount(default: float, *, tunable: bool) -> Parameter:
    name = "popularity_discount_factor"
    return Parameter(name, ParameterKind.ALGORITHM, ValueType.FLOAT, default, 0.0, 1.0, tunable=tunable)


def _search_only(name: str) -> Parameter:
    kind = ParameterKind.ALGORITHM
    return Parameter(name, kind, ValueType.INTEGER, 100, 30, 200, tunable=True, settable=False)


_RECENCY_BIAS = Parameter("apply_recency_bias", ParameterKind.ALGORITHM, ValueType.BOOLEAN, default=True)
NEURAL = (
    Parameter("bptt", ParameterKind.ALGORITHM, ValueType.INTEGER, 32, 2, 32, tunable=True),
    Parameter("recency_mask", ParameterKind.ALGORITHM, ValueType.BOOLEAN, default=True, tunable=True),
)

# The recipe page prints exploration_weight and exploration_item_age_cut_off; these are the API's names (§11.2).
# The cut-off is "positive" there and at least 1 in the console: the wider of the two.
EXPLORATION = (
    Parameter("explorationWeight", ParameterKind.EXPLORATION, ValueType.FLOAT, 0.3, 0.0, 1.0),
    Parameter("explorationItemAgeCutOff", ParameterKind.EXPLORATION, ValueType.FLOAT, 30.0, 0.0, minimum_excluded=True),
)

_PERSONALIZATION = (
    Recipe(
        name="aws-user-personalization-v2",
        title="User-Personalization-v2",
        type=RecipeType.USER_PERSONALIZATION,
        description="Items a user will like next, from a transformer over up to five million items; preferred.",
        source="reference 1 §13.2",
        algorithm="aws-user-personalization-v2",
        optional_datasets=(_ITEMS, _USERS),
        parameters=(_RECENCY_BIAS,),
        batch_inference=True,
        exploration=Exploration.MANAGED,
        automatic_update=True,
        follows_events=True,
        uses_context=True,
        tuning=Tuning.AUTOMATIC,
        metadata=MetadataUse.AUTOMATIC,
        takes_events_config=True,
        most_items=5_000_000,
    ),
    Recipe(
        name="aws-user-personalization",
        title="User-Personalization",
        type=RecipeType.USER_PERSONALIZATION,
        description="Items a user will like next, with exploration one can configure; the v2 recipe is advised.",
        source="reference 1 §13.3",
        algorithm="aws-user-personalization",
        optional_datasets=(_ITEMS, _USERS),
        parameters=(hidden_dimension(149), *NEURAL, *history(0.0, 0.99), *EXPLORATION),
        batch_inference=True,
        exploration=Exploration.CONFIGURABLE,
        automatic_update=True,
        follows_events=True,
        uses_context=True,
        tuning=Tuning.ON_REQUEST,
        takes_objective=True,
        update_mode=True,
    ),
    Recipe(
        name="aws-personalized-ranking-v2",
        title="Personalized-Ranking-v2",
        type=RecipeType.PERSONALIZED_RANKING,
        description="Orders a list of items for a user, from a transformer over up to five million items; preferred.",
        source="reference 1 §13.7",
        algorithm="aws-personalized-ranking-v2",
        optional_datasets=(_ITEMS, _USERS),
        parameters=(_RECENCY_BIAS,),
        batch_inference=True,
        follows_events=True,
        uses_context=True,
        tuning=Tuning.AUTOMATIC,
        metadata=MetadataUse.AUTOMATIC,
        takes_events_config=True,
        most_items=5_000_000,
    ),
    Recipe(
        name="aws-personalized-ranking",
        title="Personalized-Ranking",
        type=RecipeType.PERSONALIZED_RANKING,
        description="Orders a list of items for a user; the v2 recipe is advised.",
        source="reference 1 §13.8",
        algorithm="aws-personalized-ranking",
        feature_transformation="JSON-percentile-filtering",
        optional_datasets=(_ITEMS, _USERS),
        parameters=(hidden_dimension(149), *NEURAL, *history(0.0, 0.99)),
        batch_inference=True,
        follows_events=True,
        uses_context=True,
        tuning=Tuning.ON_REQUEST,
        takes_objective=True,
    ),
)

_POPULAR = (
    Recipe(
        name="aws-trending-now",
        title="Trending-Now",
        type=RecipeType.POPULAR_ITEMS,
        description="Items whose interactions grow fastest from one interval to the next.",
        source="reference 1 §13.5",
        algorithm="aws-trending-now-custom",
        parameters=(
            # The default holds when nothing is set; it is not among the values one may set.
            Parameter(
                "trend_discovery_frequency",
                ParameterKind.FEATURIZATION,
                ValueType.STRING,
                "2 hours",
                values=("30 minutes", "1 hour", "3 hours", "1 day"),
            ),
        ),
        user_id=IdUse.IF_FILTERED,
    ),
    Recipe(
        name="aws-popularity-count",
        title="Popularity-Count",
        # Listed among the popular-items recipes, reported by its own page as this type (reference 1 §17, row 13).
        type=RecipeType.USER_PERSONALIZATION,
        description="The items most users have interacted with, the same for everyone; a baseline.",
        source="reference 1 §13.6",
        algorithm="aws-popularity-count",
        feature_transformation="sims",
        batch_inference=True,
        user_id=IdUse.IF_FILTERED,
    ),
)

_RELATED = (
    Recipe(
        name="aws-similar-items",
        title="Similar-Items",
        type=RecipeType.RELATED_ITEMS,
        description="Items like a given one, from shared users and item metadata.",
        source="reference 1 §13.9",
        algorithm="aws-similar-items",
        optional_datasets=(_ITEMS,),
        parameters=(
            _discount(0.0, tunable=False),
            _search_only("item_id_hidden_dim"),
            _search_only("item_metadata_hidden_dim"),
        ),
        batch_inference=True,
        batch_themes=True,
        user_id=IdUse.IF_FILTERED,
        item_id=IdUse.REQUIRED,
        tuning=Tuning.ON_REQUEST,
    ),
    Recipe(
        name="aws-sims",
        title="SIMS",
        type=RecipeType.RELATED_ITEMS,
        description="Items that occur together with a given one in the histories of users.",
        source="reference 1 §13.9",
        algorithm="aws-sims",
        feature_transformation="sims",
        parameters=(
            _discount(0.5, tunable=True),
            Parameter("min_cointeraction_count", ParameterKind.ALGORITHM, ValueType.INTEGER, 3, 0, 10, tunable=True),
            *history(0.005, 0.995),
            _percentile("min_item_interaction_count_percentile", 0.01),
            _percentile("max_item_interaction_count_percentile", 0.9),
        ),
        batch_inference=True,
        user_id=IdUse.IF_FILTERED,
        item_id=IdUse.REQUIRED,
        tuning=Tuning.ON_REQUEST,
    ),
    Recipe(
        name="aws-semantic-similarity",
        title="Semantic-Similarity",
        type=RecipeType.RELATED_ITEMS,
        description="Items whose names and descriptions mean something similar to those of a given one.",
        # Newer than the digested guide, which leaves its ARN open (reference 4 §3).
        source="developer guide, page “Semantic-Similarity recipe” (late 2025)",
        algorithm="aws-semantic-similarity",
        feature_transformation="aws-semantic-similarity",
        required_datasets=(_ITEMS,),
        optional_datasets=(_INTERACTIONS,),
        parameters=(
            Parameter("POPULARITY", ParameterKind.RANKING, ValueType.FLOAT, 0.0, 0.0, 1.0),
            Parameter("FRESHNESS", ParameterKind.RANKING, ValueType.FLOAT, 0.0, 0.0, 1.0),
        ),
        batch_inference=True,
        user_id=IdUse.IF_FILTERED,
        item_id=IdUse.REQUIRED,
        metadata=MetadataUse.AUTOMATIC,
        incremental_update=True,
        most_items=10_000_000,
    ),
)

_ACTIONS_AND_SEGMENTS = (
    Recipe(
        name="aws-next-best-action",
        title="Next-Best-Action",
        type=RecipeType.PERSONALIZED_ACTIONS,
        description="The actions a user is most likely to take, highest propensity first.",
        source="reference 1 §13.10",
        algorithm="aws-next-best-action",
        required_datasets=(_INTERACTIONS, DatasetType.ACTIONS),
        optional_datasets=(DatasetType.ACTION_INTERACTIONS, _USERS, _ITEMS),
        parameters=(
            Parameter("action_optimization_period", ParameterKind.FEATURIZATION, ValueType.INTEGER, 14, 7, 28),
        ),
        exploration=Exploration.MANAGED,
        automatic_update=True,
        follows_events=True,
        metadata=MetadataUse.NONE,
        most_items=1_000,
    ),
    Recipe(
        name="aws-item-affinity",
        title="Item-Affinity",
        type=RecipeType.USER_SEGMENTATION,
        description="Users most likely to interact with each of some items.",
        source="reference 1 §13.11",
        algorithm="aws-item-affinity",
        feature_transformation="item-affinity",
        optional_datasets=(_ITEMS, _USERS),
        parameters=(hidden_dimension(149, tunable=False),),
        real_time=False,
        batch_segment=True,
        user_id=IdUse.UNUSED,
        metadata=MetadataUse.NONE,
    ),
    Recipe(
        name="aws-item-attribute-affinity",
        title="Item-Attribute-Affinity",
        type=RecipeType.USER_SEGMENTATION,
        description="Users most likely to interact with items that have some attributes.",
        source="reference 1 §13.11",
        algorithm="aws-item-attribute-affinity",
        feature_transformation="item-attribute-affinity",
        required_datasets=(_INTERACTIONS, _ITEMS),
        parameters=(hidden_dimension(149, tunable=False),),
        real_time=False,
        batch_segment=True,
        user_id=IdUse.UNUSED,
        metadata=MetadataUse.NONE,
    ),
)

CUSTOM_RECIPES = (*_PERSONALIZATION, *_POPULAR, *_RELATED, *_ACTIONS_AND_SEGMENTS)
