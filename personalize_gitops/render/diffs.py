"""Unified diffs of values, nested ones included."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from typing import Any

from personalize_gitops.model.diff import ABSENT, FieldChange, Unknown
from personalize_gitops.model.digest import plain
from personalize_gitops.render.values import field_lines, shown, sides

_CONTEXT = 3  # unchanged lines around a changed one


def in_full(fields: Iterable[FieldChange]) -> Iterator[str]:
    """Yield a unified diff of each field, below its path."""
    for field in fields:
        yield f"@@ {field} @@"
        before, after = (_lines(side) for side in sides(field))
        yield from _unified(before, after) if before != after else field_lines(field)


def in_short(fields: Iterable[FieldChange]) -> Iterator[str]:
    """Yield what changed in each field: added and removed elements, or both values in a line."""
    for field in fields:
        first, *rest = field_lines(field)
        yield from (f"{field}  {first}", *(f"  {each}" for each in rest))


def _unified(before: list[str], after: list[str]) -> Iterator[str]:
    """Yield the lines of a diff without its head; a row of dots stands for unchanged lines between two changes."""
    hunks = 0
    for row in list(unified_diff(before, after, n=_CONTEXT, lineterm=""))[2:]:
        if row.startswith("@@"):
            hunks += 1
            if hunks > 1:
                yield "  …"
        else:
            yield f"{row[0]} {row[1:]}"


def _lines(value: Any) -> list[str]:
    """Return a value on lines: a text as it is, a structure as JSON."""
    match value:
        case str() if not value.startswith("arn:"):
            return value.split("\n")
        case list() | tuple() | dict():
            text = json.dumps(plain(value), indent=2, ensure_ascii=False)
            return [row.rstrip(",") for row in text.split("\n")]  # an added element changes no other line
        case Unknown():
            return [shown(value)]
        case _:
            return [] if value is ABSENT else [shown(value)]
