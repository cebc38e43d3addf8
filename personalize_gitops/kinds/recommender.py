"""A recommender: an endpoint for a use case of a domain. The service trains and retrains it automatically."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from personalize_gitops.catalog.durations import RECOMMENDER_CREATIONS
from personalize_gitops.catalog.recipes import find_recipe
from personalize_gitops.kinds.types import (
    EXPLORATION,
    Parameters,
    Reference,
    TrainingDataConfig,
    UseCase,
    by_dataset_type,
    most_per_group,
    most_per_region,
    raised,
    switched_on,
    typical,
)
from personalize_gitops.model.action import Risk
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.resource import Most, Resource
from personalize_gitops.model.structure import (
    RUNNING,
    STOPPED,
    Attributes,
    Default,
    Mutable,
    Note,
    Ref,
    ServiceSets,
    Structure,
    Switch,
)


class RecommenderConfig(Structure):
    """The settings of exploration, training and capacity. Sources of the costs: docs/service/2 §3.7 and §13.1."""

    item_exploration_config: Annotated[Parameters | None, Default(EXPLORATION)] = None
    min_recommendation_requests_per_second: Annotated[
        int | None,
        Field(ge=1),
        Default(1),
        Note(Fact.BILLS_REQUEST_RATE, Risk.COST, when=raised),
    ] = None
    training_data_config: Annotated[
        TrainingDataConfig | None,
        ServiceSets,  # it excludes the columns that a schema adds (docs/service/2 §5)
        Note(Fact.RETRAINS, Risk.COST),
    ] = None
    enable_metadata_with_recommendations: Annotated[
        bool | None, Default(False), Note(Fact.BILLS_METADATA, Risk.COST, when=switched_on)
    ] = None


class Recommender(Resource):
    """Described in docs/service/2 §3.7 and 4 §2.9."""

    durations = typical("Recommender")
    most_per_group: ClassVar[Most | None] = most_per_group("Recommender")
    most_per_region: ClassVar[Most | None] = most_per_region("Recommender")
    loses: ClassVar[Fact | None] = Fact.LOSES_ENDPOINT
    billing: ClassVar[Fact | None] = Fact.BILLS_WHILE_RUNNING
    immutable: ClassVar[Fact | None] = Fact.UPDATE_TAKES_RECOMMENDER_CONFIG  # docs/service/2 §3.7
    catch_up: ClassVar = {  # docs/service/3 §3.3
        "Schema": Fact.RETRAIN_RECOMMENDER
    }
    after: ClassVar = ("Dataset", "DatasetImportJob", "DataDeletionJob")  # its creation trains (docs/service/2 §6.1)

    dataset_group: Annotated[Reference, Ref("DatasetGroup")]
    recipe: Annotated[UseCase, Ref("Recipe")]
    recommender_config: Annotated[RecommenderConfig | None, Mutable] = None
    state: Annotated[
        Literal["running", "stopped"] | None,
        Switch,
        Note(
            Fact.STOPPING_ENDS_SERVICE,
            Risk.OUTAGE,
            when=lambda before, after: after == STOPPED,
        ),
        Note(
            Fact.STARTING_BILLS,
            Risk.COST,
            when=lambda before, after: after == RUNNING,
        ),
    ] = None  # docs/service/2 §3.7

    @classmethod
    def update_request(cls, before: Attributes, after: Attributes) -> dict[str, Any]:
        """Return the update request, in which a dataset type has either excluded or included columns.

        The service refuses both for one dataset type (docs/service/2 §8.2); the changed list is sent.
        """
        config = after.get("recommenderConfig") or {}
        if columns := config.get("trainingDataConfig"):
            earlier = (before.get("recommenderConfig") or {}).get("trainingDataConfig") or {}
            after = {**after, "recommenderConfig": {**config, "trainingDataConfig": _one_list_each(earlier, columns)}}
        return super().update_request(before, after)

    @classmethod
    def needs_data(cls, attributes: Attributes) -> Reason | None:
        """Return the event types that the use case trains on (docs/service/1 §12); None if any type will do."""
        recipe = find_recipe(str(attributes.get("recipe")))
        types = tuple(map(Verbatim, recipe.needs_events)) if recipe else ()
        return because(ReasonCode.EVENTS_NEEDED, types=types) if types else None

    @classmethod
    def usual(cls, verb: str, attributes: Attributes) -> timedelta:
        """Return how long a transition usually takes; a creation depends on the use case (docs/service/7 §2 row 7)."""
        use_case = str(attributes.get("recipe")).rpartition("/")[2]
        if verb == "create" and use_case in RECOMMENDER_CREATIONS:
            return RECOMMENDER_CREATIONS[use_case].typical
        return super().usual(verb, attributes)


def _one_list_each(before: Attributes, after: Attributes) -> dict[str, Any]:
    """Return the lists of columns, without an unchanged list if the other list of its dataset type changed."""
    earlier = {sort: by_dataset_type(before.get(sort) or {}) for sort in after}
    now = {sort: by_dataset_type(lists or {}) for sort, lists in after.items()}
    new = {sort: {of for of in lists if lists[of] != earlier[sort].get(of)} for sort, lists in now.items()}
    others = {sort: set().union(*(new[other] for other in new if other != sort)) for sort in new}
    spelled = {
        of.upper(): of for lists in after.values() for of in lists or {}
    }  # the last spelling is the declared one
    return {
        sort: {spelled[of]: columns for of, columns in lists.items() if of in new[sort] or of not in others[sort]}
        for sort, lists in now.items()
    }
