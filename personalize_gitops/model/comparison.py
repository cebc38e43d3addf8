"""Normalization: members in a form in which values with the same meaning are equal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from personalize_gitops.model.diff import overlay
from personalize_gitops.model.members import Member, members
from personalize_gitops.model.structure import Attributes, Flag, Structure


def comparable(structure: type[Structure], attributes: Attributes) -> dict[str, Any]:
    """Return `attributes` with every `Compare` mark applied."""
    known = members(structure)
    return {alias: _comparable(known.get(alias), value) for alias, value in attributes.items()}


def _comparable(member: Member | None, value: Any) -> Any:
    if member is None or value is None:
        return value
    if member.compare:
        return member.compare(value)
    if member.structure and isinstance(value, Mapping):
        return comparable(member.structure, value)
    if member.structure and isinstance(value, list):
        return [comparable(member.structure, item) if isinstance(item, Mapping) else item for item in value]
    return value


def with_defaults(structure: type[Structure], attributes: Attributes) -> dict[str, Any]:
    """Return the attributes of a live object with the server-side defaults it omits (docs/service/1 §19 item 1)."""
    attributes = overlay(structure.dependent_defaults(attributes), attributes)
    filled = dict(attributes)
    for member in members(structure).values():
        found = attributes.get(member.alias)
        if isinstance(member.default, Mapping):
            filled[member.alias] = {**member.default, **(found or {})}
        elif found is None and member.default is not None:
            filled[member.alias] = member.default
        elif member.structure and not member.ref and not isinstance(found, list):
            inner = with_defaults(member.structure, found or {})
            filled |= {member.alias: inner} if inner else {}
    return filled


def is_updated(structure: type[Structure], now: Attributes, wanted: Attributes) -> bool:
    """Return whether every `InTwoUpdates` member has its wanted value."""
    two_steps = {member.alias for member in members(structure).values() if Flag.IN_TWO_UPDATES in member.flags}
    waiting = two_steps & wanted.keys()
    return all(
        comparable(structure, {alias: now.get(alias)}) == comparable(structure, {alias: wanted[alias]})
        for alias in waiting
    )


def follows(structure: type[Structure], attributes: Attributes) -> bool:
    """Return whether the service moves a reference of this object to the newest run automatically."""
    paths = [member.follows_if for member in members(structure).values() if member.follows_if]
    return any(member_at(attributes, path) is True for path in paths)


def member_at(attributes: Attributes, path: tuple[str, ...]) -> Any:
    """Return the value at a path of nested members; None if it does not exist."""
    value: Any = attributes
    for step in path:
        if not isinstance(value, Mapping) or step not in value:
            return None
        value = value[step]
    return value
