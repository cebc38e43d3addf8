"""The members that a manifest can declare, and which of them a change, a value or a spec contains."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from personalize_gitops.model.diff import FieldChange, diff
from personalize_gitops.model.members import members
from personalize_gitops.model.structure import Structure

Path = tuple[str, ...]


def declarable(structure: type[Structure], at: Path = ()) -> Iterator[Path]:
    """Yield every member that a manifest can declare, down to those without members of their own."""
    for member in members(structure).values():
        here = (*at, member.alias)
        if member.structure and not member.ref:
            yield from declarable(member.structure, here)
        else:
            yield here


def edited(structure: type[Structure], change: FieldChange, at: Path = ()) -> Iterator[Path]:
    """Yield the members that a field change changes; of a list, those in which its elements differ."""
    inner: type[Structure] | None = structure
    for step in change.path:
        member = members(inner).get(step) if inner else None
        if member is None:
            return  # a tag
        at = (*at, step)
        inner = member.structure if not member.ref else None
        if inner is None:
            yield at
            return
    assert inner is not None
    before: dict[str, Any]
    after: dict[str, Any]
    for before, after in zip_longest(change.before or (), change.after or (), fillvalue={}):
        for differing in diff(before, after):
            yield from edited(inner, differing, at)


def within(kind: type[Structure], at: str, value: Any) -> Iterator[Path]:
    """Yield the members that a value at a dotted path sets; of a list, those of its element at an index."""
    for step in reversed(at.split(".")):
        value = [value] if step.isdigit() else {step: value}
    yield from _within(kind, value)


def _within(structure: type[Structure], value: Any, at: Path = ()) -> Iterator[Path]:
    for element in value if isinstance(value, list) else [value]:
        for alias, inner in (element or {}).items():
            member = members(structure)[alias]
            if member.structure and not member.ref:
                yield from _within(member.structure, inner, (*at, alias))
            else:
                yield (*at, alias)


def unknown(structure: type[Structure], spec: Any, at: Path = ()) -> Iterator[Path]:
    """Yield the members of a spec that its kind does not have."""
    for element in spec if isinstance(spec, list) else [spec]:
        for alias, inner in element.items() if isinstance(element, dict) else ():
            member = members(structure).get(alias)
            if member is None:
                yield (*at, alias)
            elif member.structure and not member.ref:
                yield from unknown(member.structure, inner, (*at, alias))
