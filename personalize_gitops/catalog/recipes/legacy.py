"""The HRNN recipes, which new solutions cannot use; an account can still have some (docs/service/1 §13.4)."""

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.recipes.parameters import Parameter, ParameterKind, ValueType
from personalize_gitops.catalog.recipes.recipe import Recipe, RecipeType, Tuning
from personalize_gitops.catalog.recipes.shared_parameters import NEURAL, hidden_dimension, history

_COLD_START = (
    Parameter("cold_start_max_interactions", ParameterKind.FEATURIZATION, ValueType.INTEGER, 15, 1),
    Parameter("cold_start_max_duration", ParameterKind.FEATURIZATION, ValueType.FLOAT, 5.0, 0.0, minimum_excluded=True),
    Parameter(
        "cold_start_relative_from",
        ParameterKind.FEATURIZATION,
        ValueType.STRING,
        "latestItem",
        values=("latestItem", "currentTime"),
    ),
)


def _hrnn(suffix: str, description: str, transformation: str, default: int, *more: Parameter) -> Recipe:
    metadata = (DatasetType.ITEMS, DatasetType.USERS) if suffix else ()  # which of them are required is not documented
    return Recipe(
        name=f"aws-hrnn{suffix.lower()}",
        title=f"HRNN{suffix}",
        type=RecipeType.USER_PERSONALIZATION,
        description=description,
        source="docs/service/1 §13.4",
        algorithm=f"aws-hrnn{suffix.lower()}",
        feature_transformation=transformation,
        optional_datasets=metadata,
        parameters=(hidden_dimension(default), *NEURAL, *history(0.0, 0.99), *more),
        legacy=True,
        tuning=Tuning.ON_REQUEST,
    )


LEGACY_RECIPES = (
    _hrnn("", "Items a user will like next; replaced by User-Personalization.", "JSON-percentile-filtering", 43),
    _hrnn("-Metadata", "As HRNN, with item and user metadata; replaced.", "featurize_metadata", 43),
    _hrnn("-Coldstart", "As HRNN-Metadata, exploring new items; replaced.", "featurize_coldstart", 149, *_COLD_START),
)
