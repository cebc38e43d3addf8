"""The rules of recommenders (docs/service/2 §3.7, docs/service/1 §12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from personalize_gitops.catalog.datasets import Domain
from personalize_gitops.catalog.recipes import RECIPES, Recipe
from personalize_gitops.catalog.rules.campaigns import exploration_problems, metadata_problems, rate_problems
from personalize_gitops.catalog.rules.columns import training_column_problems
from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.catalog.rules.problems import below, error, warning
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, use_one_of
from personalize_gitops.model.problem_codes import EndpointCode
from personalize_gitops.model.reason import Path, Reason, Verbatim, because

if TYPE_CHECKING:
    from personalize_gitops.model.address import Address

MOST_OF_ACCOUNT = 2_500  # requests a second; the guide has no limit for one recommender (docs/service/3 §13.3)
_CONFIG, _TRAINING = Path(("recommenderConfig",)), Path(("trainingDataConfig",))


def recommender_problems(recipe: Recipe | None, request: Mapping[str, Any], group: Group) -> Iterator[Problem[Path]]:
    """Yield the problems of a CreateRecommender request in a dataset group."""
    unfit = [*use_case_problems(recipe, group)]
    yield from unfit
    if not unfit:
        yield from recommender_config_problems(recipe, request.get("recommenderConfig") or {}, group)


def use_case_problems(recipe: Recipe | None, group: Group) -> Iterator[Problem[Path]]:
    """Yield a recipe that is not a use case of the domain of the group (docs/service/1 §2, §12)."""
    if recipe and not recipe.domain:
        reason = because(EndpointCode.RECIPE_FOR_RECOMMENDER, recipe=Verbatim(recipe.name))
        yield error(Check.PG506, reason, "recipeArn", suggestion=_use_cases(group.domain))
    elif group.known and group.domain is None:
        yield error(Check.PG507, because(EndpointCode.GROUP_WITHOUT_DOMAIN), "datasetGroupArn")
    elif recipe and recipe.domain and group.known and group.domain and recipe.domain is not group.domain:
        name, domain = Verbatim(recipe.name), recipe.domain
        reason = because(EndpointCode.USE_CASE_OF_OTHER_DOMAIN, recipe=name, domain=domain, of_group=group.domain)
        yield error(Check.PG507, reason, "recipeArn", suggestion=_use_cases(group.domain))


def recommender_config_problems(
    recipe: Recipe | None, config: Mapping[str, Any], group: Group
) -> Iterator[Problem[Path]]:
    """Yield the problems of the configuration in a CreateRecommender or UpdateRecommender request."""
    yield from below(_CONFIG, exploration_problems(recipe, config))
    yield from below(_CONFIG, metadata_problems(recipe, config, group))
    yield from below(_CONFIG, rate_problems(config, "minRecommendationRequestsPerSecond", MOST_OF_ACCOUNT))
    training = config.get("trainingDataConfig") or {}
    yield from below(Path((*_CONFIG, *_TRAINING)), training_column_problems(recipe, training, group))


def event_name_problems(recipe: Recipe, named: Iterable[tuple[str, Address]]) -> Iterator[Problem[Path]]:
    """Yield event types of other resources in the group that differ only in case from one that the use case needs.

    `named` are event types with the resources that name them. It is a warning: the guide does not say whether case
    counts, and only the data shows how the types are written (docs/service/1 §12.2).
    """
    for needed in recipe.needs_events:
        for name, by in named:
            if name != needed and name.casefold() == needed.casefold():
                use_case, types = Verbatim(recipe.name), (Verbatim(needed), Verbatim(name))
                reason = because(
                    EndpointCode.EVENT_IN_OTHER_CASE, recipe=use_case, needed=types[0], found=types[1], by=by
                )
                yield warning(Check.PG509, reason, "recipeArn")


def _use_cases(domain: Domain | None) -> Reason | None:
    """Return the remedy to use a use case of a domain; None without a domain."""
    return use_one_of(recipe.name for recipe in RECIPES.values() if recipe.domain and recipe.domain is domain)
