"""References: the values of members marked `Ref`: a name, a `Kind/name`, an ARN, or the newest run of a resource."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from personalize_gitops.model.address import Address
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import Reason, Verbatim, because

_OF_SOLUTION = "SolutionVersion"  # whose ARN is that of its solution with an id


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest successful run of a kind that belongs to a resource, such as a solution's newest version."""

    kind_name: str  # of the run
    of: Address | str  # the resource; an ARN if it is not declared here
    followed: bool  # the service follows automatically: the reference is `<ARN of the resource>/$LATEST`


Reference = Address | str | Newest
"""A declared resource by address, any other by ARN, or the newest run of one of these."""


class InvalidReference(ValueError):
    """The value of a member marked `Ref` does not refer to a resource of its kind. Carries the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code.about)
        self.reason = reason


def read_reference(kind_name: str, value: Any) -> Reference:
    """Return the reference of a manifest value to a resource of a kind. Raises InvalidReference for anything else."""
    if isinstance(value, Mapping):
        parent = next(key for key in value if key != "version")
        owner = read_reference(parent[0].upper() + parent[1:], value[parent])
        if isinstance(owner, Newest):
            raise _invalid(value[parent])
        return Newest(kind_name, owner, followed=value["version"] == "$LATEST")
    if value.startswith("arn:"):
        return _arn(kind_name, value)
    if "/" not in value:
        return Address(kind_name, value)
    try:
        address = Address.parse(value)
    except ValueError as error:
        raise _invalid(value) from error
    if address.kind_name != kind_name:
        raise InvalidReference(
            because(ManifestCode.REFERENCE_OF_OTHER_KIND, expected=Verbatim(kind_name), found=address)
        )
    return address


def arn_word(kind_name: str) -> str:
    """Return what the ARNs of a kind have after the account: `event-tracker` (docs/service/4 §3)."""
    owner = "Solution" if kind_name == _OF_SOLUTION else kind_name
    return re.sub(r"(?<!^)(?=[A-Z])", "-", owner).lower()


def _arn(kind_name: str, arn: str) -> str:
    """Return an ARN. Raises InvalidReference unless it is one of the kind (docs/service/4 §3)."""
    tail = arn.split(":", 5)[-1]
    is_version = tail.startswith("solution/") and tail.count("/") > 1
    if not tail.startswith(f"{arn_word(kind_name)}/") or is_version != (kind_name == _OF_SOLUTION):
        reason = because(ManifestCode.ARN_OF_OTHER_KIND, expected=Verbatim(kind_name), found=Verbatim(arn))
        raise InvalidReference(reason)
    return arn


def _invalid(value: object) -> InvalidReference:
    return InvalidReference(because(ManifestCode.INVALID_REFERENCE, found=Verbatim(value)))
