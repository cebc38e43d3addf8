"""Recommendations in real time (docs/service/2 §10, docs/service/4 §6.2)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from personalize_gitops.catalog.recipes import IdUse, Recipe
from personalize_gitops.emulator.errors import invalid
from personalize_gitops.emulator.models import family_of
from personalize_gitops.emulator.operations.filtering import Filtering
from personalize_gitops.emulator.operations.promoting import with_promotion
from personalize_gitops.emulator.operations.serving import (
    Target,
    ask,
    new_recommendation_id,
    question_of,
    target_of,
)
from personalize_gitops.emulator.service.kind import Handler, Request, Response
from personalize_gitops.emulator.state.region import Region

if TYPE_CHECKING:
    from personalize_gitops.emulator.models.ranking import Scored

# docs/service/3 §13.3
_DEFAULT_ITEMS, _MOST_ITEMS, _MOST_WITH_METADATA, _MOST_COLUMNS = 25, 500, 50, 10
_DEFAULT_ACTIONS, _MOST_ACTIONS = 5, 100

_WITH_REASONS = "aws-user-personalization-v2"  # docs/service/2 §10.3


def get_recommendations(region: Region, request: Request) -> Response:
    """Return items for a user, or items related to an item."""
    target = target_of(region, request, "GetRecommendations")
    _check_ids(target.recipe, request)
    columns = _metadata_columns(target, request)
    count = _count(region, request, _DEFAULT_ITEMS, _MOST_WITH_METADATA if columns else _MOST_ITEMS)
    promotion = next(iter(request.get("promotions", ())), None)
    if promotion is not None and not target.recipe.takes_promotions:
        raise invalid(f"Recipe {target.recipe.name} does not support promotions.")
    filtering = Filtering(region, target, request)
    keep = filtering.kept_by(request)
    promoting = filtering.kept_by(promotion) if promotion is not None else None
    ranking = ask(region, target, question_of(region, target, request))
    if promotion is not None and promoting is not None:
        found = with_promotion(region.settings, ranking, count, promotion, promoting, keep)
    else:
        found = [(scored, None) for scored in ranking.best(count, keep)]
    return {
        "itemList": [_item(region, target, columns, scored, name) for scored, name in found],
        "recommendationId": new_recommendation_id(target),
    }


def get_personalized_ranking(region: Region, request: Request) -> Response:
    """Return a list of items in the order that suits a user (docs/service/2 §10.5)."""
    target = target_of(region, request, "GetPersonalizedRanking")
    _check_ids(target.recipe, request)
    columns = _metadata_columns(target, request)
    asked, most = request["inputList"], _MOST_WITH_METADATA if columns else _MOST_ITEMS
    if not 1 <= len(asked) <= most:
        raise invalid(f"inputList must have from 1 to {most} items.")
    keep = Filtering(region, target, request).kept_by(request)
    ranking = ask(region, target, question_of(region, target, request))
    found = [_item(region, target, columns, scored) for scored in ranking.best(len(asked), keep)]
    return {"personalizedRanking": found, "recommendationId": new_recommendation_id(target)}


def get_action_recommendations(region: Region, request: Request) -> Response:
    """Return the actions that a user will most likely take (docs/service/2 §10.6)."""
    target = target_of(region, request, "GetActionRecommendations")
    _check_ids(target.recipe, request)
    count = _count(region, request, _DEFAULT_ACTIONS, _MOST_ACTIONS)
    keep = Filtering(region, target, request).kept_by(request)
    ranking = ask(region, target, question_of(region, target, request))
    found = [{"actionId": each.id, "score": each.score or 0.0} for each in ranking.best(count, keep)]
    return {"actionList": found, "recommendationId": new_recommendation_id(target)}


def _check_ids(recipe: Recipe, request: Request) -> None:
    """Refuse a request without the ids that the recipe or use case needs (docs/service/1 §12, §13.1)."""
    if recipe.user_id is IdUse.REQUIRED and not request.get("userId"):
        raise invalid(f"userId is required by recipe {recipe.name}.")
    if recipe.item_id is IdUse.REQUIRED and not request.get("itemId"):
        raise invalid(f"itemId is required by recipe {recipe.name}.")


def _count(region: Region, request: Request, default: int, most: int) -> int:
    count: int = request.get("numResults", default)
    if count > most:
        raise invalid(f"numResults must be at most {most}.")
    return default if count == 0 and region.settings.zero_results_are_the_default else count


def _metadata_columns(target: Target, request: Request) -> Sequence[str]:
    """Return the columns of the items that the results show (docs/service/2 §10.8)."""
    given: Mapping[str, Sequence[str]] = request.get("metadataColumns", {})
    columns = [column for names in given.values() for column in names]
    if not columns:
        return ()
    if set(given) != {"ITEMS"}:
        raise invalid("metadataColumns can have columns of ITEMS only.")
    if not target.has_metadata:
        raise invalid(f"{target.record.arn} is not configured to return metadata: enableMetadataWithRecommendations.")
    if len(columns) > _MOST_COLUMNS:
        raise invalid(f"metadataColumns can have at most {_MOST_COLUMNS} columns.")
    schema = target.data.schemas.get("ITEMS")
    unknown = [name for name in columns if schema is None or name not in schema.field]
    if unknown:
        raise invalid(f"metadataColumns has columns that the Items schema lacks: {', '.join(unknown)}.")
    return columns


def _item(
    region: Region, target: Target, columns: Sequence[str], scored: "Scored", promotion: str | None = None
) -> Mapping[str, Any]:
    """Return one result."""
    shown: dict[str, Any] = {"itemId": scored.id, "promotionName": promotion}
    if family_of(target.recipe.name).scores:
        shown["score"] = scored.score
    if columns:
        values = {name: target.data.text("ITEMS", scored.id, name) for name in columns}
        lower = region.settings.metadata_keys_are_lower_case
        shown["metadata"] = {name.lower() if lower else name: value for name, value in values.items() if value}
    if target.recipe.name == _WITH_REASONS:
        shown["reason"] = _reasons(scored, promotion)
    return shown


def _reasons(scored: "Scored", promotion: str | None) -> list[str]:
    if promotion is not None:
        return ["Promoted item"]
    if scored.explored:
        return ["Exploration"]
    return ["Popular item"] if scored.score is None else []


def _counted(operation: str, handler: Handler) -> Handler:
    """Return a handler that counts its answers for campaigns; recommenders have no metric (docs/service/3 §12.1)."""

    def handle(region: Region, request: Request) -> Response:
        response = handler(region, request)
        if "campaignArn" in request:
            region.asked.add(operation, request["campaignArn"], region.now)
        return response

    return handle


HANDLERS: Mapping[str, Handler] = {
    "GetRecommendations": _counted("GetRecommendations", get_recommendations),
    "GetPersonalizedRanking": _counted("GetPersonalizedRanking", get_personalized_ranking),
    "GetActionRecommendations": get_action_recommendations,
}
