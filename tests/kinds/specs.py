"""Any spec a kind takes, made up from its fields and their marks."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from hypothesis import strategies as st
from pydantic import StringConstraints, ValidationError

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.recipes import RECIPES
from personalize_gitops.kinds.types import DatasetTypeName, JsonObject, Recipe
from personalize_gitops.model.members import members
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.structure import Structure

Specs = st.SearchStrategy[dict[str, Any]]

_ascii = st.characters(codec="ascii", min_codepoint=32, max_codepoint=126)
_json = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(_ascii, max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(_ascii, max_size=5), inner, max_size=3),
    max_leaves=5,
)
_CHECKED: Mapping[Any, st.SearchStrategy[Any]] = {  # types whose values a function of ours checks
    get_args(Recipe)[1]: st.sampled_from(sorted(RECIPES)),
    get_args(DatasetTypeName)[1]: st.sampled_from(list(DatasetType)).flatmap(
        lambda kind: st.sampled_from([kind.value, kind.value.upper(), kind.value.lower()])
    ),
    get_args(JsonObject)[1]: st.dictionaries(st.text(_ascii, max_size=5), _json, max_size=3),
}


def specs(kind: type[Resource]) -> Specs:
    """Valid specs as a manifest spells them, with any of the optional members."""
    return _structures(kind).filter(lambda spec: _is_valid(kind, spec))


def read(kind: type[Resource], spec: Mapping[str, Any]) -> dict[str, Any]:
    """The declared members of a spec as documents carry them."""
    return kind.model_validate(spec).model_dump(by_alias=True, exclude_unset=True, exclude_none=True)


def _is_valid(kind: type[Resource], spec: Mapping[str, Any]) -> bool:
    try:
        kind.model_validate(spec)
    except ValidationError:
        return False
    return True


def _structures(structure: type[Structure]) -> Specs:
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for name, member in zip(structure.model_fields, members(structure).values(), strict=True):
        field = structure.model_fields[name]
        (required if member.required else optional)[member.alias] = _values(field.annotation, field.metadata)
    return st.fixed_dictionaries(required, optional=optional)


def _values(annotation: Any, marks: list[Any]) -> st.SearchStrategy[Any]:
    for mark in marks:
        if mark in _CHECKED:
            return _CHECKED[mark]
    arguments = get_args(annotation)
    origin = get_origin(annotation)
    if origin is Annotated:
        return _values(arguments[0], [*arguments[1:], *marks])
    if origin in (Union, UnionType):
        return st.one_of([_values(argument, marks) for argument in arguments if argument is not NoneType])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is list:
        return st.lists(_values(arguments[0], []), max_size=3)
    if origin is dict:
        return st.dictionaries(_values(arguments[0], []), _values(arguments[1], []), max_size=3)
    if isinstance(annotation, type) and issubclass(annotation, Structure):
        return _structures(annotation)
    return _scalars(annotation, marks)


def _scalars(annotation: Any, marks: list[Any]) -> st.SearchStrategy[Any]:
    low: Any = next((mark.ge for mark in _flat(marks) if isinstance(mark, annotated_types.Ge)), -1_000_000)
    high: Any = next((mark.le for mark in _flat(marks) if isinstance(mark, annotated_types.Le)), 1_000_000)
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        return st.integers(low, high)
    if annotation is float:
        return st.floats(low, high)
    texts = [mark for mark in marks if isinstance(mark, StringConstraints)]
    for pattern in (mark.pattern for mark in texts if mark.pattern):
        return st.from_regex(str(pattern).removeprefix("^").removesuffix("$"), fullmatch=True, alphabet=_ascii)
    return st.text(_ascii, min_size=max((mark.min_length or 0 for mark in texts), default=0), max_size=20)


def _flat(marks: list[Any]) -> list[Any]:
    return [inner for mark in marks for inner in (mark.metadata if hasattr(mark, "metadata") else [mark])]
