"""Acceptance: values of the account that `drift --accept` writes into the manifests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from personalize_gitops.model.address import Address
from personalize_gitops.model.reason import Path, Source


@dataclass(frozen=True)
class LiveValue:
    """The value of one member in the account. The value of a reference to a declared resource is its address."""

    address: Address
    path: Path  # in the document: spec.minProvisionedTPS, tags.team
    value: Any  # ABSENT if the object does not have the member


@dataclass(frozen=True)
class Written:
    """One value that was written into a manifest."""

    address: Address
    path: Path
    place: Source
    before: Any  # as written in the file; ABSENT if it was not there
    after: Any
