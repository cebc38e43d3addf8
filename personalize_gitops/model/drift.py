"""Drift: how the account differs from the manifests, with declared values before and live values after."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.reason import Reason


class Finding(StrEnum):
    """How one resource differs from the manifests."""

    MISSING = "missing"  # declared, and not in the account
    CHANGED = "changed"  # the account changed since the last apply
    UNAPPLIED = "unapplied"  # the manifest changed since the last apply
    UNDECLARED = "undeclared"  # owned, and in no manifest
    UNHEALTHY = "unhealthy"  # its creation or last update failed
    FOREIGN = "foreign"  # an object that we do not own has the name


@dataclass(frozen=True)
class Drift:
    """One resource that differs from the manifests."""

    address: Address
    finding: Finding
    reasons: tuple[Reason, ...]
    arn: str | None = None
    fields: tuple[FieldChange, ...] = ()  # before: as declared; after: as found
