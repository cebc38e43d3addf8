"""Leave out the members that have the value which the service assumes without them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from personalize_gitops.model.comparison import comparable, with_defaults
from personalize_gitops.model.diff import overlay
from personalize_gitops.model.members import Member, members
from personalize_gitops.model.reason import Path
from personalize_gitops.model.structure import RUNNING, Attributes, Structure

_AT = Path()


def without_defaults(kind: type[Structure], attributes: Attributes) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """Return attributes without the members that have their default, and the paths of those."""
    found, left = _split(kind, attributes, kind.dependent_defaults(attributes), _AT)
    switches = {path[0] for path in left if members(kind)[str(path[0])].switch}
    meant = {**found, **{str(switch): RUNNING for switch in switches}}
    if _meaning(kind, meant) != _meaning(kind, attributes):
        return dict(attributes), ()  # less would mean something else
    return found, tuple(left)


def _meaning(kind: type[Structure], attributes: Attributes) -> Any:
    """Return attributes with their defaults, in comparable form."""
    return _without_empty(comparable(kind, with_defaults(kind, attributes)))


def _without_empty(value: Any) -> Any:
    """Return a value without empty mappings: Describe answers with some that no request had."""
    if not isinstance(value, Mapping):
        return value
    inner = {key: _without_empty(item) for key, item in value.items()}
    return {key: item for key, item in inner.items() if item != {}}


def _split(
    kind: type[Structure], attributes: Attributes, dependent: Attributes, above: Path
) -> tuple[dict[str, Any], list[Path]]:
    """Return the members that remain, and the paths of the others."""
    found: dict[str, Any] = {}
    left: list[Path] = []
    for alias, value in attributes.items():
        member = members(kind)[alias]
        default = _default(member, dependent)
        if _is_default(kind, member, value, default):
            left.append(above / alias)
        elif not isinstance(value, Mapping) or member.json_text or member.ref:
            found[alias] = value
        else:
            inner, paths = _split_mapping(kind, member, value, default, above / alias)
            left += paths
            found |= {alias: inner} if inner or member.required else {}
    return found, left


def _split_mapping(
    kind: type[Structure], member: Member, value: Mapping[str, Any], default: Any, path: Path
) -> tuple[dict[str, Any], list[Path]]:
    """Return what remains of the value of a member that is a structure or a map, and the paths of the rest."""
    known = default if isinstance(default, Mapping) else {}
    if member.structure:
        return _split(member.structure, value, known, path)
    same = {key for key, item in value.items() if key in known and _equal(kind, member, {key: item}, {key: known[key]})}
    return {key: item for key, item in value.items() if key not in same}, [path / key for key in value if key in same]


def _default(member: Member, dependent: Attributes) -> Any:
    """Return the default of a member; what other members decide precedes its own."""
    found = dependent.get(member.alias)
    if isinstance(found, Mapping) and isinstance(member.default, Mapping):
        return overlay(member.default, found)
    own = RUNNING if member.switch else member.default
    return own if found is None else found


def _is_default(kind: type[Structure], member: Member, value: Any, default: Any) -> bool:
    is_whole = not (member.required or default is None or isinstance(value, Mapping))
    return is_whole and _equal(kind, member, value, default)


def _equal(kind: type[Structure], member: Member, value: Any, default: Any) -> bool:
    return comparable(kind, {member.alias: value}) == comparable(kind, {member.alias: default})
