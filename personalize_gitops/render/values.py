"""Values of members for people: names instead of ARNs, what came and went instead of two long lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from personalize_gitops.model.diff import ABSENT, FieldChange, Unknown

_SHORT = 40  # characters up to which two texts stand well in one line
_LONGEST = 100  # characters of one value in a line


def shown(value: Any) -> str:
    """One value in one line."""
    match value:
        case Unknown(address):
            return f"(known after {address})"
        case str() if value.startswith("arn:"):
            return f"…{value.split(':', 5)[-1]}"
        case float() if value.is_integer():
            return str(int(value))  # as people write it
        case str() | bool() | int() | float() | None | list() | dict():
            text = json.dumps(value, ensure_ascii=False)
            return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
        case _:
            return "(absent)" if value is ABSENT else str(value)


def lines(field: FieldChange) -> Iterator[str]:
    """A field change: `before → after`, or one line for each element that came or went of a list."""
    if isinstance(field.before, list) and isinstance(field.after, list):
        yield from _elements(field.before, field.after)
    elif _is_prose(field.before) and _is_prose(field.after):
        yield f"- {field.before}"
        yield f"+ {field.after}"
    else:
        yield f"{shown(field.before)} → {shown(field.after)}"


def _is_prose(value: Any) -> bool:
    """Whether a text, such as a filter expression, is easier to compare line under line, without quotes around it."""
    return isinstance(value, str) and len(value) > _SHORT and not value.startswith("arn:") and "\n" not in value


def _elements(before: list[Any], after: list[Any]) -> Iterator[str]:
    from deepdiff import DeepDiff

    moved = DeepDiff(before, after, ignore_order=True, report_repetition=True, view="tree")
    gone = [shown(item.t1) for item in (*moved.get("iterable_item_removed", ()), *moved.get("values_changed", ()))]
    come = [shown(item.t2) for item in (*moved.get("iterable_item_added", ()), *moved.get("values_changed", ()))]
    yield from (f"- {item}" for item in gone)
    yield from (f"+ {item}" for item in come)
    if not gone and not come:
        yield f"{shown(before)} → {shown(after)}"
