"""Calls that read the account, several at the same time; their errors are raised, or kept where that is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from personalize_gitops.errors import CloudError
from personalize_gitops.model.live import Live, Unread
from personalize_gitops.model.ports import Pool
from personalize_gitops.model.resource import Resource

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Reads:
    """Reads over a pool. If they tolerate errors, `unread` collects what could not be read."""

    pool: Pool
    tolerant: bool = False
    unread: list[Unread] = field(default_factory=list)

    def lists(
        self, call: Callable[[type[Resource]], Sequence[Live]], kinds: Sequence[type[Resource]]
    ) -> list[Sequence[Live]]:
        """Return the objects of each kind. Raises CloudError if no kind can be listed."""
        found, errors = self._each(call, kinds)
        if errors and not found:
            raise errors[0][1]
        self.unread.extend(Unread(str(error), kind.kind_name()) for kind, error in errors)
        return [listed for _, listed in found]

    def objects(self, call: Callable[[Live], Live | None], objects: Iterable[Live]) -> list[Live]:
        """Return the objects as a call reads them, without those that do not exist any more."""
        found, errors = self._each(call, objects)
        self.unread.extend(Unread(str(error), live.kind.kind_name(), live) for live, error in errors)
        return [read for _, read in found if read is not None]

    def locations(self, call: Callable[[str], str], locations: Sequence[str]) -> dict[str, str]:
        """Return what a call reads at each location."""
        found, errors = self._each(call, locations)
        self.unread.extend(Unread(str(error), location=location) for location, error in errors)
        return dict(found)

    def _each(self, call: Callable[[T], R], items: Iterable[T]) -> tuple[list[tuple[T, R]], list[tuple[T, CloudError]]]:
        """Return each item with its result, in the order of the items, and each with its error."""
        found: list[tuple[T, R]] = []
        errors: list[tuple[T, CloudError]] = []
        for item, result, error in self.pool.map(lambda item: self._tried(call, item), items):
            if error is None:
                found += [(item, each) for each in result]
            else:
                errors.append((item, error))
        return found, errors

    def _tried(self, call: Callable[[T], R], item: T) -> tuple[T, Sequence[R], CloudError | None]:
        try:
            return item, [call(item)], None
        except CloudError as error:
            if not self.tolerant:
                raise
            return item, [], error
