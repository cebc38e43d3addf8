"""A recipe or use case: its abilities, requirements and parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from personalize_gitops.catalog.datasets import DatasetType, Domain
from personalize_gitops.catalog.recipes.parameters import Parameter, ParameterKind


class RecipeType(StrEnum):
    """The recipeType of DescribeRecipe: the guide's six, of which the API text names three (docs/service/4 §2.16)."""

    USER_PERSONALIZATION = "USER_PERSONALIZATION"
    POPULAR_ITEMS = "POPULAR_ITEMS"
    PERSONALIZED_RANKING = "PERSONALIZED_RANKING"
    RELATED_ITEMS = "RELATED_ITEMS"
    PERSONALIZED_ACTIONS = "PERSONALIZED_ACTIONS"
    USER_SEGMENTATION = "USER_SEGMENTATION"


class IdUse(StrEnum):
    """Whether a request needs an id (docs/service/1 §12, §13.1)."""

    REQUIRED = "required"
    IF_FILTERED = "if filtered"  # required only if a filter uses the current user
    UNUSED = "unused"


class Exploration(StrEnum):
    """Who configures exploration (docs/service/1 §11.2)."""

    NONE = "none"
    MANAGED = "managed"  # by the service; itemExplorationConfig does not apply
    CONFIGURABLE = "configurable"


class Tuning(StrEnum):
    """How hyperparameters are optimized (docs/service/1 §13.1, §14)."""

    UNSUPPORTED = "unsupported"
    ON_REQUEST = "on request"  # performHPO with ranges
    AUTOMATIC = "automatic"  # every 90 days, if automatic training is on


class MetadataUse(StrEnum):
    """How responses get item metadata (docs/service/1 §13.1)."""

    NONE = "none"
    OPT_IN = "opt-in"  # enableMetadataWithRecommendations, billed extra
    AUTOMATIC = "automatic"  # always available, not billed


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A recipe of the service: for a solution, or, with a domain, a use case for a recommender."""

    name: str
    title: str
    type: RecipeType
    description: str
    source: str
    domain: Domain | None = None  # of a use case, which is for recommenders only
    algorithm: str | None = None  # not documented for use cases
    feature_transformation: str | None = None
    required_datasets: tuple[DatasetType, ...] = (DatasetType.INTERACTIONS,)
    optional_datasets: tuple[DatasetType, ...] = ()  # used in training if they exist
    parameters: tuple[Parameter, ...] = ()
    legacy: bool = False  # new solutions cannot use it

    real_time: bool = True  # for a campaign or recommender
    batch_inference: bool = False
    batch_segment: bool = False
    batch_themes: bool = False
    user_id: IdUse = IdUse.REQUIRED
    item_id: IdUse = IdUse.UNUSED

    needs_events: tuple[str, ...] = ()  # requires at least 1,000 interactions of each type
    advised_events: tuple[str, ...] = ()
    filters_by_events: bool = True  # filters can use item interactions
    removes_event: str | None = None  # items with this event of the user are removed before any filter

    exploration: Exploration = Exploration.NONE
    automatic_update: bool = False  # considers new items every two hours without training
    follows_events: bool = False  # new events of a known user change the results immediately
    uses_context: bool = False  # contextual metadata
    tuning: Tuning = Tuning.UNSUPPORTED
    metadata: MetadataUse = MetadataUse.OPT_IN
    takes_objective: bool = False  # optimizationObjective
    takes_events_config: bool = False  # eventsConfig: several event types with weights
    update_mode: bool = False  # trainingMode UPDATE
    incremental_update: bool = False  # performIncrementalUpdate
    most_items: int = 750_000  # items (actions) considered in training

    @property
    def arn(self) -> str:
        """The ARN, without region or account, because recipes belong to the service."""
        return f"arn:aws:personalize:::recipe/{self.name}"

    @property
    def algorithm_arn(self) -> str | None:
        """The ARN of the algorithm; None if it is not documented."""
        return f"arn:aws:personalize:::algorithm/{self.algorithm}" if self.algorithm else None

    @property
    def feature_transformation_arn(self) -> str | None:
        """The ARN of the feature transformation; None if it is not documented."""
        name = self.feature_transformation
        return f"arn:aws:personalize:::feature-transformation/{name}" if name else None

    @property
    def takes_input_list(self) -> bool:
        """Whether requests contain the items to rank, in `inputList` (docs/service/1 §13.1)."""
        return self.type is RecipeType.PERSONALIZED_RANKING

    @property
    def takes_promotions(self) -> bool:
        """Whether a request can promote items (docs/service/3 §4.7)."""
        recommending = (RecipeType.USER_PERSONALIZATION, RecipeType.RELATED_ITEMS, RecipeType.POPULAR_ITEMS)
        return self.type in recommending and self.real_time

    @property
    def filtered(self) -> str:
        """What filters keep or remove: `ItemID`, `ActionID` or `UserID` (docs/service/3 §4.3)."""
        special = {RecipeType.PERSONALIZED_ACTIONS: "ActionID", RecipeType.USER_SEGMENTATION: "UserID"}
        return special.get(self.type, "ItemID")

    @property
    def has_current_item(self) -> bool:
        """Whether filters can compare with the item of the request (docs/service/3 §4.3)."""
        return self.type is RecipeType.RELATED_ITEMS

    @cached_property
    def parameter(self) -> Mapping[str, Parameter]:
        """The parameters by name."""
        return MappingProxyType({parameter.name: parameter for parameter in self.parameters})

    def parameters_of(self, kind: ParameterKind) -> tuple[Parameter, ...]:
        """Return the parameters of one kind, e.g. all hyperparameters of the algorithm."""
        return tuple(parameter for parameter in self.parameters if parameter.kind is kind)
