"""A recommender: an endpoint for a use case of a domain, which the service trains and retrains by itself."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from personalize_gitops.kinds.types import (
    EXPLORATION,
    Columns,
    Parameters,
    Recipe,
    Reference,
    most_per_group,
    most_per_region,
    raised,
    switched_on,
    typical,
)
from personalize_gitops.model.action import Risk
from personalize_gitops.model.resource import (
    RUNNING,
    STOPPED,
    Default,
    Mutable,
    Note,
    Ref,
    Resource,
    Structure,
    Switch,
)


class TrainingDataConfig(Structure):
    """The columns to train on, or to leave out."""

    excluded_dataset_columns: Columns | None = None
    included_dataset_columns: Columns | None = None


class RecommenderConfig(Structure):
    """How the recommender explores, trains and scales; what that costs is in reference 2 §3.7 and §13.1."""

    item_exploration_config: Annotated[Parameters | None, Default(EXPLORATION)] = None
    min_recommendation_requests_per_second: Annotated[
        int | None,
        Field(ge=1),
        Default(1),
        Note("bills at least that many requests while the recommender runs", Risk.COST, when=raised),
    ] = None
    training_data_config: Annotated[
        TrainingDataConfig | None,
        Note("retrains the recommender from the ground up; the old model serves meanwhile", Risk.COST),
    ] = None
    enable_metadata_with_recommendations: Annotated[
        bool | None, Default(False), Note("metadata in answers is billed extra", Risk.COST, when=switched_on)
    ] = None


class Recommender(Resource):
    """Described in reference 2 §3.7 and 4 §2.9."""

    takes = typical("Recommender")
    most_per_group: ClassVar[int | None] = most_per_group("Recommender")
    most_per_region: ClassVar[int | None] = most_per_region("Recommender")
    loses: ClassVar[str] = "the endpoint that applications ask for recommendations"
    costs: ClassVar[str] = "bills by the hour while it runs"
    fixed: ClassVar[str] = "an update takes only recommenderConfig"  # reference 2 §3.7
    left_behind_by: ClassVar = {  # reference 3 §3.3
        "Schema": "to train on it, change its recommenderConfig.trainingDataConfig, which retrains it"
    }
    after: ClassVar = ("Dataset", "DatasetImportJob")  # its creation trains on what is there (reference 2 §6.1)

    dataset_group: Annotated[Reference, Ref("DatasetGroup")]
    recipe: Annotated[Recipe, Ref("Recipe")]
    recommender_config: Annotated[RecommenderConfig | None, Mutable] = None
    state: Annotated[
        Literal["running", "stopped"] | None,
        Switch,
        Note(
            "stopped, it answers nothing, bills nothing and is not retrained",
            Risk.OUTAGE,
            when=lambda before, after: after == STOPPED,
        ),
        Note(
            "started, it bills and is retrained again, and serves the model it had",
            Risk.COST,
            when=lambda before, after: after == RUNNING,
        ),
    ] = None  # reference 2 §3.7
