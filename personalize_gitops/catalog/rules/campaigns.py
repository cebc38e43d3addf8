"""The rules of campaigns, and of settings that recommenders and batch jobs have too (docs/service/2 §3.10)."""

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.recipes import Exploration, MetadataUse, ParameterKind, Recipe
from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.catalog.rules.problems import below, error, warning
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, did_you_mean, use_one_of
from personalize_gitops.model.problem_codes import EndpointCode, Remedy, SolutionCode
from personalize_gitops.model.reason import Path, Verbatim, because

MOST_OF_CAMPAIGN = 500  # requests a second (docs/service/3 §13.3)
_METADATA = "enableMetadataWithRecommendations"


def campaign_problems(recipe: Recipe | None, request: Mapping[str, Any], group: Group) -> Iterator[Problem[Path]]:
    """Yield the problems of a CreateCampaign or UpdateCampaign request, with the recipe of its version."""
    if recipe and not recipe.real_time:
        yield error(
            Check.PG501, because(EndpointCode.NOT_REAL_TIME, recipe=Verbatim(recipe.name)), "solutionVersionArn"
        )
        return
    config = request.get("campaignConfig") or {}
    yield from below(Path(("campaignConfig",)), ranking_problems(recipe, config))
    yield from below(Path(("campaignConfig",)), metadata_problems(recipe, config, group))
    yield from rate_problems(request, "minProvisionedTPS", MOST_OF_CAMPAIGN)


def ranking_problems(recipe: Recipe | None, config: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield the problems of what campaigns and batch inference configure alike."""
    yield from exploration_problems(recipe, config)
    yield from _influence_problems(recipe, config)


def exploration_problems(recipe: Recipe | None, config: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield the problems of `itemExplorationConfig` in a configuration (docs/service/1 §11.2)."""
    member = "itemExplorationConfig"
    exploration = config.get(member) or {}
    if recipe is None or not exploration:
        return
    if recipe.exploration is not Exploration.CONFIGURABLE:
        managed = recipe.exploration is Exploration.MANAGED
        reason = because(EndpointCode.EXPLORATION_NOT_CONFIGURED, recipe=Verbatim(recipe.name), managed=managed)
        yield error(Check.PG502, reason, member, suggestion=because(Remedy.REMOVE_IT))
        return
    known = {parameter.name: parameter for parameter in recipe.parameters_of(ParameterKind.EXPLORATION)}
    for name, text in exploration.items():
        if name not in known:
            remedy = did_you_mean(name, known) or use_one_of(known)
            yield error(Check.PG503, because(EndpointCode.UNKNOWN_EXPLORATION), member, name, suggestion=remedy)
        elif reason_against := known[name].problem(text):
            yield error(Check.PG503, reason_against, member, name)


def _influence_problems(recipe: Recipe | None, config: Mapping[str, Any]) -> Iterator[Problem[Path]]:
    """Yield `rankingInfluence` in a configuration of a recipe that has none (docs/service/2 §14)."""
    if config.get("rankingInfluence") and recipe and not recipe.parameters_of(ParameterKind.RANKING):
        reason = because(SolutionCode.NOT_OF_RECIPE, recipe=Verbatim(recipe.name))
        yield error(Check.PG505, reason, "rankingInfluence", suggestion=because(Remedy.REMOVE_IT))


def metadata_problems(recipe: Recipe | None, config: Mapping[str, Any], group: Group) -> Iterator[Problem[Path]]:
    """Yield item metadata in recommendations without items (docs/service/1 §12.2, docs/service/2 §3.7)."""
    if not config.get(_METADATA):
        return
    if recipe and recipe.metadata is MetadataUse.NONE:
        # GetActionRecommendations takes no metadataColumns (docs/service/2 §10.6); nothing says that this is refused.
        yield warning(Check.PG504, because(EndpointCode.NO_METADATA, recipe=Verbatim(recipe.name)), _METADATA)
    elif group.lacks(DatasetType.ITEMS):
        if group.schemas:
            yield error(Check.PG504, because(EndpointCode.METADATA_WITHOUT_ITEMS), _METADATA)
        else:  # it may get them elsewhere
            yield warning(Check.PG504, because(EndpointCode.ITEMS_UNDECLARED), _METADATA)


def rate_problems(config: Mapping[str, Any], member: str, most: int) -> Iterator[Problem[Path]]:
    """Yield a throughput above the quota on requests. It is a warning: nothing says that the service refuses it."""
    found = config.get(member)
    if found is not None and found > most:
        yield warning(Check.PG508, because(EndpointCode.MORE_THAN_ANSWERED, found=found, most=most), member)
