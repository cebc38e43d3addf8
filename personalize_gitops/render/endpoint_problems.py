"""The sentences of problems in campaigns and recommenders."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from personalize_gitops.model.problem_codes import EndpointCode
from personalize_gitops.model.reason import Code


def _exploration(recipe: str, managed: bool) -> str:
    return f"{recipe} manages exploration by itself" if managed else f"{recipe} does not explore"


ENDPOINTS: Mapping[Code, str | Callable[..., str]] = {
    EndpointCode.NOT_REAL_TIME: "{recipe} has no real-time recommendations: use a BatchSegmentJob",
    EndpointCode.EXPLORATION_NOT_CONFIGURED: _exploration,
    EndpointCode.UNKNOWN_EXPLORATION: "exploration has no such setting",
    EndpointCode.NO_METADATA: "no effect: {recipe} recommends no items",
    EndpointCode.ITEMS_UNDECLARED: "item metadata needs an Items dataset, and no dataset of the group is declared",
    EndpointCode.METADATA_WITHOUT_ITEMS: (
        "item metadata needs an Items dataset, which the dataset group does not have"
    ),
    EndpointCode.MORE_THAN_ANSWERED: (
        "{found} requests a second are billed, and the service answers {most} by default"
    ),
    EndpointCode.RECIPE_FOR_RECOMMENDER: "{recipe} is a recipe for solutions, not a use case for recommenders",
    EndpointCode.GROUP_WITHOUT_DOMAIN: (
        "the dataset group has no domain: use a domain-specific dataset group for recommenders, or a solution"
    ),
    EndpointCode.USE_CASE_OF_OTHER_DOMAIN: (
        "{recipe} is a use case of the domain {domain}, but the dataset group has the domain {of_group}"
    ),
    EndpointCode.EVENT_IN_OTHER_CASE: (
        "{recipe} needs 1,000 interactions of type {needed}, but {by} names {found}: check the case in the data"
    ),
}
