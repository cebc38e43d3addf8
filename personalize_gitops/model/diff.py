"""Differences between two sets of members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from personalize_gitops.model.address import Address


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that is known only after the resource at `address` has been applied."""

    address: Address
    ending: str = ""  # follows the ARN of the resource

    def __str__(self) -> str:
        return f"(known after {self.address})"


class _Absent:
    def __repr__(self) -> str:
        return "(absent)"


ABSENT: Final = _Absent()
"""The member does not exist, which is not the same as null."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One member that differs."""

    path: tuple[str, ...]
    before: Any
    after: Any
    secret: bool = field(default=False, kw_only=True)  # from the environment: masked in every output

    def __str__(self) -> str:
        return ".".join(self.path)


def diff(before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[FieldChange]:
    """Yield the members of `after` that have another value in `before`. Members that only `before` has are left out."""
    for member, wanted in after.items():
        here = (*path, member)
        match before.get(member, ABSENT), wanted:
            case found, _ if found == wanted:
                continue
            case Mapping() as found, Mapping():
                yield from diff(found, wanted, here)
            case _Absent(), Mapping():
                yield from diff({}, wanted, here)  # an absent structure is an empty one (docs/service/2 §16.2)
            case list() as found, list() if _alike(found, wanted):
                continue
            case found, _:
                yield FieldChange(here, found, wanted)


def _alike(found: list[Any], wanted: list[Any]) -> bool:
    """Return whether two lists are equal by the declared members of their elements: the service may add defaults."""
    pairs = list(zip(found, wanted, strict=False))
    mappings = all(isinstance(element, Mapping) for pair in pairs for element in pair)
    return len(found) == len(wanted) and mappings and not any(True for one, other in pairs for _ in diff(one, other))


def overlay(below: Any, above: Any) -> Any:
    """Return `below` merged with `above`, whose members override those of `below`. Mappings are merged recursively."""
    if isinstance(below, Mapping) and isinstance(above, Mapping):
        return {**below, **{key: overlay(below.get(key), value) for key, value in above.items()}}
    return above
