"""Rows from Put calls: from the members and the `properties` of an entry to the columns of a schema.

The property of a column is its name in lower camel case, `NUM_RATINGS` as `numRatings` (docs/service/3 §2.2).
"""

from collections.abc import Mapping
from typing import Any

from personalize_gitops.catalog.rows.values import is_valid
from personalize_gitops.catalog.schemas import Field, Schema
from personalize_gitops.emulator.data.tables import Row
from personalize_gitops.emulator.errors import invalid
from personalize_gitops.emulator.json_text import parsed

_RESERVED = frozenset(("userid", "sessionid", "eventtype", "timestamp", "recommendationid", "impression"))


def row_of(schema: Schema, members: Mapping[str, Any], properties: str | None, *, of_event: bool) -> Row:
    """Return one row with the columns of the schema, in its order.

    `members` are values by column; columns that the schema lacks are ignored. `properties` is JSON with the other
    values; a property that the schema lacks is refused. Events cannot have the properties that are members of an event.
    """
    given = _parsed(properties)
    if of_event:
        reserved = [name for name in given if name.lower() in _RESERVED]
        if reserved:
            raise invalid(f"properties cannot contain {', '.join(reserved)}.")
    names = {camel_case(field.name): field.name for field in schema.fields}
    unknown = [name for name in given if name not in names]
    if unknown:
        raise invalid(f"properties are not in the schema: {', '.join(unknown)}.")
    values = {names[name]: value for name, value in given.items()}
    values |= {name: value for name, value in members.items() if value is not None}
    return tuple(_text(field, values.get(field.name)) for field in schema.fields)


def camel_case(column: str) -> str:
    """Return the property of a column."""
    first, *others = column.lower().split("_")
    return first + "".join(word.capitalize() for word in others)


def _parsed(properties: str | None) -> Mapping[str, Any]:
    try:
        found = parsed(properties or "{}")
    except ValueError as error:
        raise invalid(f"properties are not JSON: {error}") from error
    if not isinstance(found, dict):
        raise invalid("properties are not a JSON object.")
    return found


def _text(field: Field, value: Any) -> str:
    """Return a value as text. Refuse a missing value of a column that is not nullable, and a value of another type."""
    if value is None or value == "":
        if not field.nullable:
            raise invalid(f"{field.name} is required.")
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if not is_valid(field.type, text):
        raise invalid(f"{field.name} must be a {field.type}, found {text!r}.")
    return text
