"""Whether a filter can be used with a recipe (docs/service/3 §4.3)."""

from collections.abc import Iterator
from typing import Protocol

from personalize_gitops.filters.syntax import Dataset, DatasetField, FilterExpression, Target
from personalize_gitops.filters.text import uses_current_item
from personalize_gitops.model.problem_codes import FilterCode
from personalize_gitops.model.reason import Reason, Verbatim, because


class Filterable(Protocol):
    """What a filter needs to know of a recipe."""

    @property
    def name(self) -> str:
        """The name of the recipe."""

    @property
    def filtered(self) -> str:
        """The target of filters: `ItemID`, `ActionID` or `UserID`."""

    @property
    def has_current_item(self) -> bool:
        """Whether filters can compare with the item of the request."""

    @property
    def filters_by_events(self) -> bool:
        """Whether filters can use item interactions."""


def unfit(tree: FilterExpression, recipe: Filterable) -> Iterator[Reason]:
    """Yield why a filter cannot be used with a recipe."""
    name, expected = Verbatim(recipe.name), Target(recipe.filtered)
    for target in dict.fromkeys(expression.target for expression in tree.expressions):
        if target is not expected:
            yield because(FilterCode.OTHER_TARGET, recipe=name, expected=expected, found=target)
    if uses_current_item(tree) and not recipe.has_current_item:
        yield because(FilterCode.NO_CURRENT_ITEM, recipe=name)
    if _uses_interactions(tree) and not recipe.filters_by_events:
        yield because(FilterCode.NO_FILTER_BY_EVENTS, recipe=name)


def _uses_interactions(tree: FilterExpression) -> bool:
    subjects = (condition.subject for condition in tree.conditions())
    return any(isinstance(subject, DatasetField) and subject.dataset is Dataset.INTERACTIONS for subject in subjects)
