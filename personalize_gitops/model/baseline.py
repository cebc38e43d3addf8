"""The baseline: known findings of drift checks that are muted until a day."""

from __future__ import annotations

from dataclasses import dataclass

from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.reason import Source
from personalize_gitops.model.tags import TAGS


@dataclass(frozen=True, slots=True)
class Mute:
    """One entry of the baseline."""

    address: Address
    path: str  # of a member, as `spec.minProvisionedTPS` or `tags.team`; "": every finding about the resource
    target: str  # "": every target
    reason: str
    ends: float  # epoch seconds, when its last day is over
    source: Source

    def covers(self, field: FieldChange) -> bool:
        """Return whether the member that differs is the one of the path, or below it."""
        full = str(field) if field.path[0] == TAGS else f"spec.{field}"
        return full == self.path or full.startswith(f"{self.path}.")
