"""Accept drift: the values of the account that would make the manifests agree with it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.acceptance import LiveValue
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.drift import Drift, Finding
from personalize_gitops.model.members import members
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.problem_codes import AcceptCode
from personalize_gitops.model.reason import Path, Reason, because
from personalize_gitops.model.tags import PREFIX, TAGS

ACCEPTABLE = frozenset({Finding.CHANGED, Finding.UNDECLARED_MEMBER})
"""The findings that are values which a manifest can declare."""


def live_values(plan: Plan, drift: tuple[Drift, ...], addresses: tuple[Address, ...]) -> tuple[LiveValue, ...]:
    """Return the values of the account that differ, of the resources at some addresses, each once.

    Raises InvalidChoice for a resource without a difference that a manifest can declare.
    """
    found = [value for address in dict.fromkeys(addresses) for value in _values(plan, drift, address)]
    return tuple({(value.address, value.path): value for value in found}.values())


def _values(plan: Plan, drift: tuple[Drift, ...], address: Address) -> Iterator[LiveValue]:
    findings = [item for item in drift if item.address == address]
    if not findings:
        known = tuple(dict.fromkeys(item.address for item in drift if item.finding in ACCEPTABLE))
        raise InvalidChoice("--accept", address, because(AcceptCode.NOTHING_TO_ACCEPT, known=known))
    accepted = [item for item in findings if item.finding in ACCEPTABLE and item.fields]
    if not accepted:
        raise InvalidChoice("--accept", address, because(AcceptCode.NOT_ACCEPTABLE, finding=findings[0].finding))
    change = next(change for change in plan.changes if change.address == address)
    declared = {other.live.arn: other.address for other in plan.changes if other.document and other.live}
    for item in accepted:
        for field in item.fields:
            yield _value(change, field, declared)


def _value(change: Change, field: FieldChange, declared: Mapping[str, Address]) -> LiveValue:
    if field.path[0] == TAGS:
        if field.path[1].startswith(PREFIX):
            raise InvalidChoice("--accept", change.address, Reason(AcceptCode.OWN_TAG))
        return LiveValue(change.address, Path(field.path), field.after)
    path, value = _in_account(change, field)
    if members(change.kind)[path[0]].ref and isinstance(value, str):
        value = declared.get(value, value)
    return LiveValue(change.address, Path(("spec", *path)), value)


def _in_account(change: Change, field: FieldChange) -> tuple[tuple[str, ...], Any]:
    """Return the path of a field in its document, and its value as the service returns it.

    The differences have values in a form in which equal ones can be compared. What the service leaves out is its
    default, which the difference has.
    """
    declared: Any = change.document.attributes if change.document else {}
    live: Any = change.live.after_update.attributes if change.live else {}
    path: list[str] = []
    for step in field.path:
        if not isinstance(declared, Mapping):
            break  # a list, whose elements are compared by their names
        known, found = _key(declared, step), _key(live, step)
        path.append(step if known is None else known)
        declared = declared.get(known) if known is not None else {}
        live = live[found] if found is not None else field.after
        if found is None:
            return (*path, *field.path[len(path) :]), live
    return tuple(path), live


def _key(mapping: Any, step: str) -> str | None:
    """Return the key of a mapping that is a step of a path: dataset types are compared in upper case."""
    if not isinstance(mapping, Mapping):
        return None
    if step in mapping:
        return step
    return next((key for key in mapping if key.casefold() == step.casefold()), None)
