"""Check a JSON document from a fork against one of the schemas that the package ships. Pure.

The validator knows the keywords that those schemas use, so that checking needs no further library; a test compares it
with one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

Schema = Mapping[str, Any]

_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: not isinstance(value, bool) and (isinstance(value, int) or _is_whole(value)),
}


def first_error(document: Any, schema: Schema) -> str | None:
    """Return where a document breaks a schema, such as `changes.0.action`; None if it fits."""
    return next(_errors(document, schema, schema, ""), None)


def _errors(value: Any, schema: Schema, root: Schema, place: str) -> Iterator[str]:
    """Yield the places that break a schema."""
    if "$ref" in schema:
        yield from _errors(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, place)
    if "anyOf" in schema and all(any(_errors(value, each, root, place)) for each in schema["anyOf"]):
        yield place or "the document"
    if not _fits(value, schema):
        yield place or "the document"
    elif isinstance(value, dict):
        yield from _errors_of_members(value, schema, root, place)
    elif isinstance(value, list) and "items" in schema:
        items = (_errors(item, schema["items"], root, f"{place}.{index}") for index, item in enumerate(value))
        yield from chain.from_iterable(items)


def _errors_of_members(value: Mapping[str, Any], schema: Schema, root: Schema, place: str) -> Iterator[str]:
    before, known = f"{place}." if place else "", schema.get("properties", {})
    yield from (f"{before}{name}" for name in schema.get("required", ()) if name not in value)
    if schema.get("additionalProperties") is False and not value.keys() <= known.keys():
        yield place or "the document"  # the name of an unknown member is not repeated: it is of the fork
    for name in value.keys() & known.keys():
        yield from _errors(value[name], known[name], root, f"{before}{name}")


def _fits(value: Any, schema: Schema) -> bool:
    """Return whether a value itself fits, without its members and items."""
    types = schema.get("type", ())
    if types and not any(_TYPES[name](value) for name in ([types] if isinstance(types, str) else types)):
        return False
    if "enum" in schema and not any(type(each) is type(value) and each == value for each in schema["enum"]):
        return False
    if "pattern" in schema and isinstance(value, str) and not re.search(schema["pattern"], value):
        return False
    return not ("minimum" in schema and _TYPES["number"](value) and value < schema["minimum"])


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()
