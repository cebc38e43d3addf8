"""Live values that no manifest declares and that are not the default of the service. Pure.

A plan compares declared members only, so nothing else shows that somebody raised the capacity of an endpoint whose
manifest leaves it out. Only members that an update can change are compared: others are as they were created.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.model.action import gravest
from personalize_gitops.model.change_class import side_effects
from personalize_gitops.model.comparison import comparable
from personalize_gitops.model.desired import Document, Manage
from personalize_gitops.model.diff import ABSENT, FieldChange
from personalize_gitops.model.drift import Drift, Finding, bills_since
from personalize_gitops.model.live import Live
from personalize_gitops.model.members import Member, is_mutable, members
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.reason import Path, Reason, ReasonCode, because
from personalize_gitops.model.status import Condition
from personalize_gitops.model.structure import RUNNING, Attributes, Flag, Structure


def undeclared_members(plan: Plan) -> Iterator[Drift]:
    """Yield a finding for each declared resource with such values."""
    for change in plan.changes:
        if change.document is None or change.live is None or not _is_compared(change, change.live):
            continue
        if fields := tuple(_undeclared(change.document, change.live)):
            yield _drift(change, change.document, change.live, fields)


def _is_compared(change: Change, live: Live) -> bool:
    is_usable = live.condition in (Condition.READY, Condition.PENDING, Condition.STOPPED)
    return live.described and is_usable and not change.kind.is_run and change.manage is not Manage.PAUSED


def _drift(change: Change, document: Document, live: Live, fields: tuple[FieldChange, ...]) -> Drift:
    effects = [note for field in fields for note in side_effects(change.kind, field)]
    risk = gravest(note.risk for note in effects)
    since = bills_since(live)
    updated = live.update.updated if live.update and live.update.updated else since
    return Drift(
        change.address,
        Finding.UNDECLARED_MEMBER,
        (
            because(ReasonCode.UNDECLARED_MEMBERS, fields=tuple(Path(field.path) for field in fields)),
            *dict.fromkeys(Reason(note.fact) for note in effects if note.risk is risk),
        ),
        live.arn,
        fields,
        document.source,
        risk,
        None if since is None else updated,
    )


def _undeclared(document: Document, live: Live) -> Iterator[FieldChange]:
    found = live.after_update.attributes
    for field in _in_structure(document.kind, document.attributes, found, ()):
        bounds = document.lifecycle.bounds.get(f"spec.{field}")
        ignored = document.lifecycle.ignores(field.path) or (bounds is not None and bounds.contain(field.after))
        if is_mutable(document.kind, field.path) and not ignored:
            yield field


def _in_structure(
    structure: type[Structure], declared: Attributes, live: Attributes, path: tuple[str, ...]
) -> Iterator[FieldChange]:
    """Yield the members that are not declared and not the default; before is the default, after the live value."""
    for member in members(structure).values():
        value, wanted = live.get(member.alias), declared.get(member.alias)
        if value is None or member.ref or Flag.SERVICE_SETS in member.flags:
            continue
        here = (*path, member.alias)
        if member.structure and isinstance(value, Mapping):
            yield from _in_structure(member.structure, wanted or {}, value, here)
        elif isinstance(member.default, Mapping) and isinstance(value, Mapping):
            yield from _in_mapping(structure, member, wanted or {}, value, here)
        elif wanted is None and not _is_default(structure, member, value):
            yield FieldChange(here, _default(member), value)


def _in_mapping(
    structure: type[Structure], member: Member, declared: Attributes, live: Attributes, path: tuple[str, ...]
) -> Iterator[FieldChange]:
    """Yield the keys of a map with defaults for each key. A key without a known default is left out."""
    default, found = (comparable(structure, {member.alias: each})[member.alias] for each in (member.default, live))
    for key in sorted(default.keys() & found.keys() - declared.keys()):
        if default[key] != found[key]:
            yield FieldChange((*path, key), member.default[key], live[key])


def _is_default(structure: type[Structure], member: Member, value: Any) -> bool:
    default = _default(member)
    if default is ABSENT:
        return value in ({}, [], "")
    return comparable(structure, {member.alias: value}) == comparable(structure, {member.alias: default})


def _default(member: Member) -> Any:
    """Return the value of a member that is not declared: a resource that can be stopped is created running."""
    if member.switch:
        return RUNNING
    return ABSENT if member.default is None else member.default
