"""Outputs: what applications need to know of the resources of a target."""

from __future__ import annotations

from dataclasses import dataclass

from personalize_gitops.model.address import Address


@dataclass(frozen=True)
class Output:
    """One resource that exists in the account."""

    address: Address
    name: str  # its AWS name
    arn: str
    tracking_id: str = ""  # of an event tracker: applications send events with it
    filters: tuple[Address, ...] | None = None  # that requests to a campaign or recommender can name; None: not asked
