"""Parameters that several recipes have, with their differences as arguments: docs/service/1 §11.2 and §13."""

from personalize_gitops.catalog.recipes.parameters import Parameter, ParameterKind, ValueType


def hidden_dimension(default: int, *, tunable: bool = True) -> Parameter:
    """Return the width of the hidden layers; only its default and whether it is tunable differ between recipes."""
    return Parameter("hidden_dimension", ParameterKind.ALGORITHM, ValueType.INTEGER, default, 32, 256, tunable=tunable)


def percentile(name: str, default: float) -> Parameter:
    """Return a bound on the training data, as a share of all users or items."""
    return Parameter(name, ParameterKind.FEATURIZATION, ValueType.FLOAT, default, 0.0, 1.0)


def history(shortest: float, longest: float) -> tuple[Parameter, Parameter]:
    """Return the two parameters that exclude users with very short and very long histories."""
    return (
        percentile("min_user_history_length_percentile", shortest),
        percentile("max_user_history_length_percentile", longest),
    )


def discount(default: float, *, tunable: bool) -> Parameter:
    """Return the factor that lowers popular items; only SIMS can tune it."""
    name = "popularity_discount_factor"
    return Parameter(name, ParameterKind.ALGORITHM, ValueType.FLOAT, default, 0.0, 1.0, tunable=tunable)


def search_only(name: str) -> Parameter:
    """Return a dimension of Similar-Items that can only be tuned."""
    kind = ParameterKind.ALGORITHM
    return Parameter(name, kind, ValueType.INTEGER, 100, 30, 200, tunable=True, settable=False)


RECENCY_BIAS = Parameter("apply_recency_bias", ParameterKind.ALGORITHM, ValueType.BOOLEAN, default=True)
NEURAL = (
    Parameter("bptt", ParameterKind.ALGORITHM, ValueType.INTEGER, 32, 2, 32, tunable=True),
    Parameter("recency_mask", ParameterKind.ALGORITHM, ValueType.BOOLEAN, default=True, tunable=True),
)

# Names of the API; the recipe page has exploration_weight and exploration_item_age_cut_off (docs/service/1 §11.2).
# The page says the cut-off is "positive", the console at least 1; this is the wider of the two.
EXPLORATION = (
    Parameter("explorationWeight", ParameterKind.EXPLORATION, ValueType.FLOAT, 0.3, 0.0, 1.0),
    Parameter("explorationItemAgeCutOff", ParameterKind.EXPLORATION, ValueType.FLOAT, 30.0, 0.0, minimum_excluded=True),
)
