"""Kinds with members that the service has and the kind does not declare yet."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import Field, create_model

from personalize_gitops.model.members import members
from personalize_gitops.model.structure import Mutable, Structure, alias_of

S = TypeVar("S", bound=Structure)

Added = Mapping[tuple[str, ...], bool]
"""Whether an update takes a member, by its path."""


def extended(structure: type[S], added: Added) -> type[S]:
    """Return a structure of the same name that has more members. Their values are compared and sent as they are."""
    fields: dict[str, Any] = {
        f"extra_{alias}": (Annotated[Any, Mutable] if mutable else Any, Field(default=None, alias=alias))
        for (alias, *inside), mutable in added.items()
        if not inside
    }
    for name, info in structure.model_fields.items():
        alias = info.alias or alias_of(name)
        inner = {path[1:]: mutable for path, mutable in added.items() if path[0] == alias and len(path) > 1}
        below = members(structure)[alias].structure
        if inner and below:
            changed = copy(info)
            changed.annotation = _replaced(info.annotation, below, extended(below, inner))
            fields[name] = (changed.annotation, changed)
    found = create_model(structure.__name__, __base__=structure, __module__=structure.__module__, **fields)
    found.__doc__ = structure.__doc__
    return found


def _replaced(annotation: Any, old: type[Structure], new: type[Structure]) -> Any:
    """Return an annotation with one structure in place of another."""
    if annotation is old:
        return new
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is None:
        return annotation
    first, *others = arguments
    if origin is Annotated:
        return Annotated[(_replaced(first, old, new), *others)]
    inner = tuple(_replaced(argument, old, new) for argument in arguments)
    return Union[inner] if origin in (Union, UnionType) else origin[inner]  # noqa: UP007  # made at run time
