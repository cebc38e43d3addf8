"""Rows that arrive one by one: from the members and the `properties` of a Put call to the columns of a schema.

Property names are the column names in lower camel case, `NUM_RATINGS` as `numRatings` (docs/service/3 §2.2).
"""

import json
from collections.abc import Mapping
from typing import Any

from personalize_gitops.catalog.schemas import Field, Schema
from personalize_gitops.emulator.data.csv_rows import READERS
from personalize_gitops.emulator.data.tables import Row
from personalize_gitops.emulator.errors import invalid

_RESERVED = frozenset(("userid", "sessionid", "eventtype", "timestamp", "recommendationid", "impression"))


def row_of(schema: Schema, members: Mapping[str, Any], properties: str | None, *, of_event: bool) -> Row:
    """One row in the order of the schema's columns; what the schema lacks among `members` is left out."""
    written = _properties(properties)
    if of_event:
        reserved = [name for name in written if name.lower() in _RESERVED]
        if reserved:
            raise invalid(f"properties cannot contain {', '.join(reserved)}.")
    names = {camel_case(field.name): field.name for field in schema.fields}
    unknown = [name for name in written if name not in names]
    if unknown:
        raise invalid(f"properties have no place in the schema: {', '.join(unknown)}.")
    values = {names[name]: value for name, value in written.items()}
    values |= {name: value for name, value in members.items() if value is not None}
    return tuple(_text(field, values.get(field.name)) for field in schema.fields)


def camel_case(column: str) -> str:
    """The property a column is written as."""
    first, *others = column.lower().split("_")
    return first + "".join(word.capitalize() for word in others)


def _properties(text: str | None) -> Mapping[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError as error:
        raise invalid(f"properties are not JSON: {error}") from error
    if not isinstance(found, dict):
        raise invalid("properties are not a JSON object.")
    return found


def _text(field: Field, value: Any) -> str:
    if value is None or value == "":
        if not field.nullable:
            raise invalid(f"{field.name} is required.")
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    try:
        READERS.get(field.type or "", str)(text if field.type == "string" else text.replace("_", "?"))
    except ValueError as error:
        raise invalid(f"{field.name} must be a {field.type}, found {text!r}.") from error
    return text
