"""The filter of a request: whether it fits, and which candidates pass it (docs/service/3 §4)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from personalize_gitops.catalog.recipes import IdUse, Recipe, RecipeType
from personalize_gitops.emulator.data.serving import GroupData
from personalize_gitops.emulator.errors import invalid
from personalize_gitops.emulator.operations.serving import Target
from personalize_gitops.emulator.service.kind import Request
from personalize_gitops.emulator.state.records import ACTIVE
from personalize_gitops.emulator.state.region import Region
from personalize_gitops.filters import FilterExpression, parse, unfit, uses_current_user
from personalize_gitops.filters import Target as Filtered
from personalize_gitops.filters.evaluate import View, passing
from personalize_gitops.filters.values import FilterValueError, unknown_values
from personalize_gitops.render.reasons import text as sentence

_DATASETS = {Filtered.ITEM: "ITEMS", Filtered.ACTION: "ACTIONS", Filtered.USER: "USERS"}
Test = Callable[[str], bool]  # of the id of an item or action
_QUOTAS = {
    "INTERACTIONS": "item interactions a filter sees of each event type",
    "ACTION_INTERACTIONS": "action interactions a filter sees of each event type",
}


@dataclass(frozen=True)
class Kept:
    """The candidates that an answer can have: those that pass a filter, except some."""

    test: Test | None = None
    removed: frozenset[str] = frozenset()

    def __call__(self, ids: Sequence[str]) -> Sequence[str]:
        """Return those of some candidates."""
        left = [id_ for id_ in ids if id_ not in self.removed] if self.removed else ids
        return left if self.test is None else [*filter(self.test, left)]

    def without(self, ids: Iterable[str]) -> "Kept":
        """Return the same without some more candidates."""
        return Kept(self.test, self.removed.union(ids))


class Filtering:
    """What filters need to know of one request. The events of the user are read once, and only if needed."""

    def __init__(self, region: Region, target: Target, request: Request) -> None:
        self._region, self._target = region, target
        self._user, self._item = request.get("userId") or None, request.get("itemId") or None
        self._types: Mapping[str, frozenset[str]] | None = None

    def kept_by(self, request: Request) -> Kept:
        """Return the candidates that the filter of a request or promotion, and the use case, leave."""
        removed = self._removed()
        if self._target.recipe.type is RecipeType.RELATED_ITEMS and self._item is not None:
            removed |= {self._item}
        return Kept(self._test_of(request), removed)

    def _test_of(self, request: Request) -> Test | None:
        """Return the filter that a request or promotion names, as a test. Refuse one that does not fit."""
        arn = request.get("filterArn")
        values = request.get("filterValues", {})
        if arn is None:
            if values and self._region.settings.unknown_filter_values_fail:
                raise invalid("filterValues needs a filterArn.")
            return None
        record = self._region.find("Filter", arn)
        if record.status != ACTIVE:
            raise invalid(f"Filter {arn} is in state {record.status}; it must be ACTIVE.")
        if record.fields["datasetGroupArn"] != self._target.group:
            raise invalid(f"Filter {arn} belongs to another dataset group.")
        tree = tree_of(record.fields["filterExpression"])
        self._check(tree, arn)
        unknown = unknown_values(tree, values)
        if unknown and self._region.settings.unknown_filter_values_fail:
            raise invalid(f"filterValues has no parameter in the filter: {', '.join(sorted(unknown))}.")
        return self.passing(tree, values)

    def passing(self, tree: FilterExpression, values: Mapping[str, str]) -> Test:
        """Return a filter as a test. Refuse values that do not fill its parameters."""
        data, wanted = self._target.data, filtered_by(self._target.recipe)
        items = data.records("ITEMS")
        of_user = self.types if wanted is not Filtered.USER and uses_current_user(tree) else {}
        view = View(
            rows=data.records(_DATASETS[wanted]),
            event_types=_TypesByUser(data, self._most()) if wanted is Filtered.USER else of_user,
            user=data.records("USERS").get(self._user) if self._user is not None else None,
            item=items.get(self._item) if self._item is not None else None,
            values=values,
        )
        try:
            return passing(tree, view)
        except FilterValueError as error:
            raise invalid(f"filterValues: {sentence(error.reason)}.") from error

    @property
    def types(self) -> Mapping[str, frozenset[str]]:
        """The event types of the user by item or action, of the newest events of each type (docs/service/3 §4.6)."""
        if self._types is None:
            data, events = self._target.data, self._target.events
            self._types = {} if self._user is None else data.types_seen(self._user, events, self._most())
        return self._types

    def _most(self) -> int:
        return self._region.settings.limit(_QUOTAS[self._target.events])

    def _removed(self) -> frozenset[str]:
        """Return the items that the use case removes before any filter (docs/service/1 §12)."""
        removes = (self._target.recipe.removes_event or "").casefold()
        if not removes or self._user is None:
            return frozenset()
        return frozenset(
            item for item, types in self.types.items() if any(type_.casefold() == removes for type_ in types)
        )

    def _check(self, tree: FilterExpression, arn: str) -> None:
        recipe = self._target.recipe
        refuse_unfit(tree, recipe, arn)
        of_one = filtered_by(recipe) is not Filtered.USER and recipe.user_id is not IdUse.REQUIRED
        if self._user is None and of_one and uses_current_user(tree):
            raise invalid(f"userId is required, because filter {arn} uses data of the current user.")


class _TypesByUser(Mapping[str, frozenset[str]]):
    """The types of the newest interactions of each user, where users are filtered (docs/service/3 §4.6)."""

    def __init__(self, data: GroupData, most: int) -> None:
        self._data, self._most = data, most

    def __getitem__(self, user: str) -> frozenset[str]:
        return frozenset().union(*self._data.types_seen(user, "INTERACTIONS", self._most).values())

    def __iter__(self) -> Iterator[str]:
        return iter(self._data.records("USERS"))

    def __len__(self) -> int:
        return len(self._data.records("USERS"))


def filtered_by(recipe: Recipe) -> Filtered:
    """Return what filters of a recipe keep or remove."""
    return Filtered(recipe.filtered)


def refuse_unfit(tree: FilterExpression, recipe: Recipe, arn: str) -> None:
    """Refuse a filter that cannot be used with a recipe."""
    for reason in unfit(tree, recipe):
        raise invalid(f"Filter {arn}: {sentence(reason)}.")


@lru_cache(maxsize=1_000)
def tree_of(expression: str) -> FilterExpression:
    """Return a parsed filter expression."""
    return parse(expression)
