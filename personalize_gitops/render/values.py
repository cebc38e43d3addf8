"""Values of members for people: names instead of ARNs, added and removed elements instead of two long lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from personalize_gitops.model.diff import ABSENT, FieldChange, Unknown
from personalize_gitops.model.secrets import MASK

_SHORT = 40  # characters up to which a text is shown as `before → after` in one line
_LONGEST = 100  # characters of one value in a line


def shown(value: Any) -> str:
    """Return a value in one line."""
    match value:
        case Unknown(address):
            return f"(known after {address})"
        case str() if value.startswith("arn:"):
            return f"…{value.split(':', 5)[-1]}"
        case float() if value.is_integer():
            return str(int(value))  # without `.0`
        case str() | bool() | int() | float() | None | list() | dict():
            text = json.dumps(value, ensure_ascii=False)
            return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
        case _:
            return "(absent)" if value is ABSENT else str(value)


def sides(field: FieldChange) -> tuple[Any, Any]:
    """Return the two values of a field change; a secret as `*** (before)` and `*** (after)`."""
    if not field.secret:
        return field.before, field.after
    return _masked(field.before, "before"), _masked(field.after, "after")


def _masked(value: Any, side: str) -> Any:
    return value if value is None or value is ABSENT else f"{MASK} ({side})"


def field_lines(field: FieldChange) -> Iterator[str]:
    """Yield the lines of a field change: `before → after`, or a line for each added or removed element of a list."""
    if field.secret:
        yield " → ".join(side if isinstance(side, str) else shown(side) for side in sides(field))
    elif isinstance(field.before, list) and isinstance(field.after, list):
        yield from _elements(field.before, field.after)
    elif _is_prose(field.before) and _is_prose(field.after):
        yield f"- {field.before}"
        yield f"+ {field.after}"
    else:
        yield f"{shown(field.before)} → {shown(field.after)}"


def _is_prose(value: Any) -> bool:
    """Return whether a value is a long text, such as a filter expression, which is shown on lines of its own."""
    return isinstance(value, str) and len(value) > _SHORT and not value.startswith("arn:") and "\n" not in value


def _hash(text: str) -> str:
    return sha256(text.encode(errors="surrogatepass")).hexdigest()  # deepdiff's own fails at half a surrogate pair


def _elements(before: list[Any], after: list[Any]) -> Iterator[str]:
    from deepdiff import DeepDiff

    differences = DeepDiff(before, after, ignore_order=True, report_repetition=True, view="tree", hasher=_hash)
    removed = [
        shown(item.t1)
        for item in (*differences.get("iterable_item_removed", ()), *differences.get("values_changed", ()))
    ]
    added = [
        shown(item.t2) for item in (*differences.get("iterable_item_added", ()), *differences.get("values_changed", ()))
    ]
    yield from (f"- {item}" for item in removed)
    yield from (f"+ {item}" for item in added)
    if not removed and not added:
        yield f"{shown(before)} → {shown(after)}"
