"""Parse JSON from clients."""

import json
from typing import Any

MOST_LEVELS = 64
"""The deepest nesting that is accepted. No request of the service comes near it."""


def parsed(text: bytes | str) -> Any:
    """Return the value of a JSON text. ValueError if it is not JSON or is nested too deeply."""
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise _too_deep() from error
    if _deeper_than(value, MOST_LEVELS):
        raise _too_deep()
    return value


def _deeper_than(value: Any, levels: int) -> bool:
    """Return whether lists and objects are nested more deeply; level by level, so that no depth is too much."""
    level = [value]
    for _ in range(levels + 1):
        level = [inner for outer in level for inner in _contained(outer)]
        if not level:
            return False
    return True


def _contained(value: Any) -> list[Any]:
    found = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*found]


def _too_deep() -> ValueError:
    return ValueError(f"it is nested more than {MOST_LEVELS} levels deep")


def _refuse_constant(text: str) -> None:
    """Refuse NaN and Infinity, which Python reads as numbers but JSON does not have."""
    raise ValueError(f"{text} is not a number")
