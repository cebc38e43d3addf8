"""Members of the service that a kind does not know yet: `extra: {member: value}` in a spec, or unknown fields of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from personalize_gitops.manifest.nodes import MappingNode, member_at, pairs, patched
from personalize_gitops.manifest.service_model import takes
from personalize_gitops.model.extension import Added
from personalize_gitops.model.members import members
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.problem_codes import Remedy, ValueCode
from personalize_gitops.model.reason import Path, Reason, Source, because
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.structure import Structure

EXTRA = "extra"

_Path = tuple[str | int, ...]


def has_extra(value: Any) -> bool:
    """Return whether the value of a document has members in `extra`."""
    spec = value.get("spec")
    return isinstance(spec, dict) and isinstance(spec.get(EXTRA), dict)


def with_extra(node: Any) -> Any:
    """Return the node of a document with the members in its `extra` where the request has them."""
    spec, extra = member_at(node, ("spec",)), member_at(node, ("spec", EXTRA))
    own = [pair for pair in pairs(spec) if pair[0].value != EXTRA]
    whole = patched(MappingNode(spec.tag, own, spec.start_mark, spec.end_mark), extra)
    others = [(key, whole if key.value == "spec" else value) for key, value in pairs(node)]
    return MappingNode(node.tag, others, node.start_mark, node.end_mark)


def declared_in(kind: type[Resource], node: Any) -> tuple[Added, list[tuple[_Path, Reason]]]:
    """Return the members in the `extra` of a document, and the paths of those that cannot be there with the reason."""
    added: dict[tuple[str, ...], bool] = {}
    wrong: list[tuple[_Path, Reason]] = []
    for path, is_known in _leaves(kind, member_at(node, ("spec", EXTRA)), ()):
        if is_known or _is_ours(kind, path):
            wrong.append((("spec", EXTRA, *path), because(ValueCode.KNOWN_IN_EXTRA)))
        elif not takes(kind.operation("Create"), path):
            wrong.append((("spec", EXTRA, *path), because(ValueCode.UNKNOWN_TO_SERVICE)))
        else:
            added[path] = takes(kind.operation("Update"), path)
    return added, wrong


def _leaves(structure: type[Structure], node: Any, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the paths of members with whether the kind knows them; of a structure that it knows, those inside."""
    known = members(structure)
    for key, value in pairs(node):
        path = (*above, key.value)
        found = known.get(key.value)
        if found and found.structure and isinstance(value, MappingNode):
            yield from _leaves(found.structure, value, path)
        else:
            yield path, found is not None


def newer(kind: type[Resource], problems: Sequence[Problem[Source]]) -> tuple[Added, list[Problem[Source]]]:
    """Return the unknown fields that the service knows, and the problems with warnings in place of their errors."""
    added: dict[tuple[str, ...], bool] = {}
    told: list[Problem[Source]] = []
    for problem in problems:
        path = problem.field
        is_unknown = problem.reason.code is ValueCode.UNKNOWN_FIELD and not _is_ours(kind, path)
        if not (is_unknown and takes(kind.operation("Create"), path)):
            told.append(problem)
            continue
        names = tuple(step for step in path if isinstance(step, str))
        added[names] = takes(kind.operation("Update"), path)
        reason, remedy = because(ValueCode.NEWER_MEMBER), because(Remedy.USE_EXTRA, field=Path(path))
        told.append(replace(problem, reason=reason, severity=Severity.WARNING, suggestion=remedy, check=None))
    return added, told


def _is_ours(kind: type[Resource], path: Sequence[str | int]) -> bool:
    """Return whether a document says by other means what the member of the request at a path says."""
    wires = {found.wire for found in members(kind).values()}
    return len(path) == 1 and path[0] in {*wires, kind.name_member, "tags"}
