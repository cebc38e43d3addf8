"""The members of a structure, read once from its fields and their marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from personalize_gitops.model.structure import (
    Compare,
    Default,
    Flag,
    FollowsIf,
    ListedBy,
    Note,
    Ref,
    Structure,
    alias_of,
)


@dataclass(frozen=True, slots=True)
class Member:
    """One field of a structure with its marks."""

    alias: str  # the spelling in manifests
    ref: str | None  # the kind it refers to
    flags: frozenset[Flag]
    notes: tuple[Note, ...]
    compare: Callable[[Any], Any] | None
    structure: type[Structure] | None  # of the value, or of each element of a list
    default: Any  # None: no server-side default is known
    required: bool
    listed_by: str | None  # the List operation that returns it, when Describe omits it
    follows_if: tuple[str, ...] | None  # the path of the member that makes the service move this reference

    @property
    def mutable(self) -> bool:
        """Whether the update operation takes the member."""
        return Flag.MUTABLE in self.flags

    @property
    def json_text(self) -> bool:
        """Whether requests carry the value as JSON text."""
        return Flag.JSON_TEXT in self.flags

    @property
    def switch(self) -> bool:
        """Whether the value is changed by starting and stopping."""
        return Flag.SWITCH in self.flags

    @property
    def wire(self) -> str:
        """The spelling in requests and answers."""
        return f"{self.alias}Arn" if self.ref else self.alias


@cache
def members(structure: type[Structure]) -> Mapping[str, Member]:
    """Return the fields of a structure by alias."""
    found = (_member(name, info) for name, info in structure.model_fields.items())
    return {member.alias: member for member in found}


_EARLY = ("datasetGroup", "domain", "dataset", "datasetType", "solution", "recipe")  # they tell what a resource is


@cache
def usual_order(structure: type[Structure]) -> tuple[str, ...]:
    """Return the fields of a structure in the order in which manifests have them."""
    found = members(structure)
    return tuple(dict.fromkeys((*(name for name in _EARLY if name in found), *found)))


def in_usual_order(structure: type[Structure], value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a structure, and of the structures in it, in their usual order."""
    known = members(structure)
    names = dict.fromkeys((*usual_order(structure), *value))
    return {name: _ordered(known.get(name), value[name]) for name in names if name in value}


def _ordered(member: Member | None, value: Any) -> Any:
    if member and member.structure and isinstance(value, Mapping):
        return in_usual_order(member.structure, value)
    if isinstance(value, list):
        return [_ordered(member, each) for each in value]
    return value


def _member(name: str, info: FieldInfo) -> Member:
    marks = [*info.metadata, *_nested_marks(info.annotation)]
    refs = [mark.kind_name for mark in marks if isinstance(mark, Ref)]
    keys = [mark.key for mark in marks if isinstance(mark, Compare)]
    defaults = [mark.value for mark in marks if isinstance(mark, Default)]
    lists = [mark.operation for mark in marks if isinstance(mark, ListedBy)]
    paths = [mark.path for mark in marks if isinstance(mark, FollowsIf)]
    structures = [kind for kind in _classes(info.annotation) if issubclass(kind, Structure)]
    return Member(
        alias=info.alias or alias_of(name),
        ref=next(iter(refs), None),
        flags=frozenset(mark for mark in marks if isinstance(mark, Flag)),
        notes=tuple(mark for mark in marks if isinstance(mark, Note)),
        compare=next(iter(keys), None),
        structure=next(iter(structures), None),
        default=next(iter(defaults), None),
        required=info.is_required(),
        listed_by=next(iter(lists), None),
        follows_if=next(iter(paths), None),
    )


def _nested_marks(annotation: Any) -> Iterator[Any]:
    """Yield marks inside `Annotated[...] | None`, where pydantic leaves them; not those of a container's items."""
    yield from getattr(annotation, "__metadata__", ())
    if get_origin(annotation) in (Union, UnionType):
        for argument in get_args(annotation):
            yield from _nested_marks(argument)


def _classes(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for argument in get_args(annotation):
        yield from _classes(argument)


def references(structure: type[Structure]) -> tuple[Member, ...]:
    """Return the members that refer to other resources."""
    return tuple(member for member in members(structure).values() if member.ref)


@cache
def mutable_members(structure: type[Structure]) -> frozenset[tuple[str, ...]]:
    """Return the paths that an update takes: whole members, or members of a member where only those can change."""
    return frozenset(_mutable_paths(structure, ()))


def _mutable_paths(structure: type[Structure], path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for member in members(structure).values():
        if member.mutable:
            yield (*path, member.alias)
        elif member.structure:
            yield from _mutable_paths(member.structure, (*path, member.alias))


def is_mutable(structure: type[Structure], path: Sequence[str]) -> bool:
    """Return whether the member at `path` changes in place: by an update, or by starting and stopping."""
    if switch_of(structure) == path[0]:
        return True
    return any(tuple(path[: len(mutable)]) == mutable for mutable in mutable_members(structure))


def switch_of(structure: type[Structure]) -> str | None:
    """Return the alias of the member that starts and stops the object, if the kind has one."""
    return next((member.alias for member in members(structure).values() if member.switch), None)


def notes(structure: type[Structure], path: Sequence[str]) -> Iterator[Note]:
    """Yield the possible side effects of changing the member at `path`, those of the members above it included."""
    current: type[Structure] | None = structure
    for step in path:
        member = members(current).get(step) if current else None
        if member is None:
            return
        yield from member.notes
        current = member.structure
