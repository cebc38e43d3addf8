"""References: the values of members marked `Ref`: a name, a `Kind/name`, an ARN, or the newest run of a resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from personalize_gitops.model.address import Address


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest successful run of a kind that belongs to a resource, such as a solution's newest version."""

    kind: str  # of the run
    of: Address | str  # the resource; an ARN if it is not declared here
    followed: bool  # the service follows by itself: the reference is `<arn of the resource>/$LATEST`


Reference = Address | str | Newest
"""A declared resource by address, any other by ARN, or the newest run of one of these."""


def read_reference(kind: str, value: Any) -> Reference:
    """The reference to a `kind` that a manifest value spells. Raises ValueError for `Kind/name` of another kind."""
    if isinstance(value, Mapping):
        parent = next(key for key in value if key != "version")
        owner = read_reference(parent[0].upper() + parent[1:], value[parent])
        if isinstance(owner, Newest):
            raise ValueError(f"{value[parent]!r} is not the name of a resource")
        return Newest(kind, owner, followed=value["version"] == "$LATEST")
    if value.startswith("arn:"):
        return str(value)
    if "/" not in value:
        return Address(kind, value)
    address = Address.parse(value)
    if address.kind != kind:
        raise ValueError(f"{address} is a {address.kind}; a {kind} is wanted")
    return address
