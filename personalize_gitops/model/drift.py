"""Drift: what is not as the manifests say, told from the account's side."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import FieldChange


class Finding(StrEnum):
    """What is not as the manifests say."""

    MISSING = "missing"  # declared, and not in the account
    CHANGED = "changed"  # changed in the account behind the manifests' back
    UNAPPLIED = "unapplied"  # the manifest changed since the last apply; the account is as that left it
    UNDECLARED = "undeclared"  # ours in the account, and in no manifest
    UNHEALTHY = "unhealthy"  # its creation or its last update failed
    FOREIGN = "foreign"  # the name is taken by something that is not ours


@dataclass(frozen=True)
class Drift:
    """One resource that is not as the manifests say."""

    address: Address
    finding: Finding
    reason: str
    arn: str | None = None
    fields: tuple[FieldChange, ...] = ()  # before: as declared; after: as found
