"""Promotions: some places of an answer are for items that a filter of their own keeps (docs/service/2 §10.4)."""

from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from personalize_gitops.emulator.operations.filtering import Kept
from personalize_gitops.emulator.service.kind import Request
from personalize_gitops.emulator.settings import Settings

if TYPE_CHECKING:
    from personalize_gitops.emulator.models.ranking import Ranking, Scored

    Promoted = tuple[Scored, str | None]  # a result, and the name of the promotion that it is due to


def with_promotion(
    settings: Settings, ranking: "Ranking", count: int, promotion: Request, promoting: Kept, keep: Kept
) -> "list[Promoted]":
    """Return results with promoted ones among them; both keep their order. If few qualify, there are fewer."""
    most = _most(settings, count, promotion.get("percentPromotedItems", 100))
    promoted = ranking.best(most, promoting) if most else []
    ids = [each.id for each in promoted]
    others = ranking.best(count - len(ids), keep.without(ids)) if count > len(ids) else []
    places = _places(ids, [each.id for each in others])
    first, second = iter(promoted), iter(others)
    name = promotion.get("name", "")
    return [(next(first), name) if place in places else (next(second), None) for place in range(len(ids) + len(others))]


def _most(settings: Settings, count: int, percent: int) -> int:
    whole, rest = divmod(count * percent, 100)
    return whole + (1 if rest and settings.promotions_round_up else 0)


def _places(promoted: Sequence[str], others: Sequence[str]) -> frozenset[int]:
    """Return random places for the promoted items, the same ones for the same answer."""
    random = Random("\n".join((*promoted, "", *others)))  # noqa: S311 - no secret depends on it
    return frozenset(random.sample(range(len(promoted) + len(others)), len(promoted)))
