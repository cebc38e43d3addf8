"""The explanation of one resource of a plan: why it changes, what it needs, and what depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.plan import Change
from personalize_gitops.model.reason import Source
from personalize_gitops.model.tags import TAGS


@dataclass(frozen=True)
class Explanation:
    """What a plan does with a resource and why, and the resources around it."""

    change: Change
    needs: tuple[Change, ...] = ()  # what it needs directly, by address
    dependents: tuple[Change, ...] = ()  # what needs it, directly or indirectly, by address
    trains: tuple[Address, ...] = ()  # of these and itself, those that the plan trains

    @property
    def members(self) -> Iterator[tuple[FieldChange, Source | None]]:
        """The members that differ, each with the place that decides its value; None if nothing declares it."""
        document = self.change.document
        for field in self.change.fields:
            path = field.path if field.path[0] == TAGS else ("spec", *field.path)
            yield field, document.places.deciding(path) if document else None
