"""The request of a question, in the words of the service (docs/service/2 §10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.asking.find import Endpoint
from personalize_gitops.catalog.recipes import IdUse, Recipe, RecipeType
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.problem_codes import AskCode
from personalize_gitops.model.reason import Verbatim, because
from personalize_gitops.model.recommendations import Question

_MOST_WITH_METADATA = 50  # docs/service/2 §10.2
_OPERATIONS = {
    RecipeType.PERSONALIZED_RANKING: "GetPersonalizedRanking",
    RecipeType.PERSONALIZED_ACTIONS: "GetActionRecommendations",
}
RECOMMENDATIONS = "GetRecommendations"


def operation_of(endpoint: Endpoint) -> str:
    """Return the operation that a campaign or recommender answers."""
    return _OPERATIONS.get(endpoint.recipe.type, RECOMMENDATIONS) if endpoint.recipe else RECOMMENDATIONS


def request_of(endpoint: Endpoint, question: Question, filtered: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request; `filtered` are its members for the filter. Raises InvalidChoice if the recipe needs more."""
    if endpoint.recipe:
        _check(endpoint.recipe, question)
    kind = endpoint.live.kind
    request: dict[str, Any] = {f"{kind.member()}Arn": endpoint.live.arn, **dict(_subjects(question)), **filtered}
    if question.count is not None and not question.items:
        request["numResults"] = question.count
    if asks_for_metadata(endpoint, question):
        request["metadataColumns"] = {"ITEMS": [*endpoint.columns]}
    return request


def asks_for_metadata(endpoint: Endpoint, question: Question) -> bool:
    """Return whether the service is asked for the columns of the items: it returns them for short lists only."""
    if not (endpoint.has_metadata and endpoint.columns) or operation_of(endpoint) == "GetActionRecommendations":
        return False
    return max(question.count or 0, len(question.items)) <= _MOST_WITH_METADATA


def _subjects(question: Question) -> Iterator[tuple[str, Any]]:
    """Yield who asks, about which items. A session without a user asks as an anonymous user."""
    if user := question.user or question.session:
        yield "userId", user
    if question.item:
        yield "itemId", question.item
    if question.items:
        yield "inputList", [*question.items]


def _check(recipe: Recipe, question: Question) -> None:
    """Raise InvalidChoice for a question without the ids that the recipe needs (docs/service/1 §12, §13.1)."""
    name = Verbatim(recipe.name)
    if recipe.user_id is IdUse.REQUIRED and not (question.user or question.session):
        raise InvalidChoice("--user", "", because(AskCode.NO_USER, recipe=name))
    if recipe.item_id is IdUse.REQUIRED and not question.item:
        raise InvalidChoice("--item", "", because(AskCode.NO_ITEM, recipe=name))
    if recipe.takes_input_list and not question.items:
        raise InvalidChoice("--items", "", because(AskCode.NO_ITEMS, recipe=name))
    if question.items and not recipe.takes_input_list:
        raise InvalidChoice("--items", "", because(AskCode.NOTHING_RANKED, recipe=name))
