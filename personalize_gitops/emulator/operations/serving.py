"""What answers a request in real time: a campaign or recommender, its model, and the rows of its group.

A campaign answers with the version that it serves, also during an update (docs/service/2 §3.10).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from personalize_gitops.catalog.recipes import Exploration as Explores
from personalize_gitops.catalog.recipes import MetadataUse, Recipe, RecipeType
from personalize_gitops.emulator.data.serving import GroupData
from personalize_gitops.emulator.errors import invalid
from personalize_gitops.emulator.models import Event, Exploration, Question
from personalize_gitops.emulator.operations.models import model_of
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.service.kind import Request
from personalize_gitops.emulator.state.records import ACTIVE, Record
from personalize_gitops.emulator.state.region import Region

if TYPE_CHECKING:
    from personalize_gitops.emulator.models.ranking import Ranking

_SOURCES = {"campaignArn": "Campaign", "recommenderArn": "Recommender"}
_CALLS = {
    RecipeType.PERSONALIZED_RANKING: "GetPersonalizedRanking",
    RecipeType.PERSONALIZED_ACTIONS: "GetActionRecommendations",
}
_VERSION = "solutionVersionArn"
_ACTIONS, _ITEMS = "ACTION_INTERACTIONS", "INTERACTIONS"


@dataclass(frozen=True)
class Target:
    """A campaign or recommender that is ACTIVE, or a batch job."""

    record: Record
    trained: Record  # the solution version, or the recommender itself
    recipe: Recipe
    data: GroupData
    config: Mapping[str, Any]  # of the campaign, recommender or job

    @property
    def group(self) -> str:
        """The ARN of the dataset group."""
        return str(self.trained.fields["datasetGroupArn"])

    @property
    def events(self) -> str:
        """The dataset type with the events that the recipe is about."""
        return _ACTIONS if self.recipe.type is RecipeType.PERSONALIZED_ACTIONS else _ITEMS

    @property
    def has_metadata(self) -> bool:
        """Whether results can have metadata (docs/service/2 §10.8)."""
        enabled = bool(self.config.get("enableMetadataWithRecommendations"))
        return enabled or self.recipe.metadata is MetadataUse.AUTOMATIC


def target_of(region: Region, request: Request, operation: str) -> Target:
    """Return what a request names. Refuse one that is not ACTIVE, or whose recipe needs another operation."""
    given = [member for member in _SOURCES if member in request]
    if len(given) != 1:
        raise invalid("Exactly one of campaignArn and recommenderArn is required.")
    record = region.find(_SOURCES[given[0]], request[given[0]])
    if record.status != ACTIVE:
        raise invalid(f"{record.arn} is in state {record.status}; it must be ACTIVE.")
    target = target_from(region, record)
    needed = operation_of(target.recipe)
    if needed != operation:
        raise invalid(f"{record.arn} uses recipe {target.recipe.name}, which needs {needed}.")
    return target


def operation_of(recipe: Recipe) -> str:
    """Return the operation that asks a recipe."""
    return _CALLS.get(recipe.type, "GetRecommendations")


def target_from(region: Region, record: Record) -> Target:
    """Return what a campaign, recommender or batch job answers with."""
    trained = record if record.kind == "Recommender" else region.find("SolutionVersion", record.fields[_VERSION])
    recipe, data = recipe_of(trained.fields["recipeArn"]), region.group_data(trained.fields["datasetGroupArn"])
    config: Mapping[str, Any] = record.fields.get(f"{record.kind[0].lower()}{record.kind[1:]}Config", {})
    return Target(record, trained, recipe, data, config)


def question_of(region: Region, target: Target, request: Request) -> Question:
    """Return the question to the model: who asks, about which item, in which context, after which events."""
    user = request.get("userId") or None
    return Question(
        user=user,
        item=request.get("itemId"),
        attributes=request.get("attributes", ()),
        events=_new_events(target, user) if user is not None else (),
        context=_context(region, target, request.get("context", {})),
        among=request.get("inputList"),
        exploration=_exploration(target),
        influence=target.config.get("rankingInfluence", {}),
        now=region.now,
    )


def ask(region: Region, target: Target, question: Question) -> "Ranking":
    """Return the ranking that the model answers."""
    return model_of(region, target.trained).answer(question)


def new_recommendation_id(target: Target) -> str:
    """Return the id of an answer. It contains the number of the campaign or recommender; see `source_of`."""
    return f"RID-{UUID(hex=f'{target.record.number % 16**8:08x}{uuid4().hex[8:]}')}"


def source_of(region: Region, recommendation_id: str) -> str | None:
    """Return the ARN of the campaign or recommender that gave an answer, if it still exists (docs/service/3 §2.4)."""
    try:
        number = int(recommendation_id.removeprefix("RID-").partition("-")[0], 16)
    except ValueError:
        return None
    record = region.with_number(number)
    return record.arn if record is not None and record.kind in _SOURCES.values() else None


def _new_events(target: Target, user: str) -> list[Event]:
    """Return the user's events since the training, if the recipe follows them at once (docs/service/1 §11.1)."""
    if not target.recipe.follows_events:
        return []
    return target.data.newer_events(user, target.events, target.trained.arn)


def _context(region: Region, target: Target, given: Mapping[str, str]) -> Mapping[str, str]:
    """Return the contextual metadata, if the recipe uses any (docs/service/2 §10.7)."""
    schema = target.data.schemas.get(_ITEMS)
    unknown = [name for name in given if schema is None or name not in schema.field]
    if unknown and region.settings.unknown_context_fails:
        raise invalid(f"context has fields that the Interactions schema lacks: {', '.join(unknown)}.")
    return given if target.recipe.uses_context else {}


def _exploration(target: Target) -> Exploration | None:
    """Return how much the recipe explores: as configured, or as the service manages it (docs/service/1 §11.2)."""
    if target.recipe.exploration is Explores.NONE:
        return None
    config = (
        target.config.get("itemExplorationConfig", {}) if target.recipe.exploration is Explores.CONFIGURABLE else {}
    )
    default = Exploration()
    return Exploration(
        float(config.get("explorationWeight", default.weight)),
        float(config.get("explorationItemAgeCutOff", default.age_cut_off)),
    )
