"""The shape of a value from JSON: its type, and those of everything in it."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

# A type, `object` for any; a tuple of shapes, or None; [shape] for a list; {str: shape} for a mapping; {name: shape, …}
# for an object with these members; a function that tests a value.
Shape = Any

LATEST_TIME = 253_402_300_800  # the end of the year 9999, in epoch seconds


def is_time(value: Any) -> bool:
    """Return whether a value is a time that a clock can show, in epoch seconds."""
    return type(value) in (int, float) and 0 <= value < LATEST_TIME


def is_number(value: Any) -> bool:
    """Return whether a value is a number, neither infinite nor NaN."""
    return type(value) in (int, float) and isfinite(value)


def fits(value: Any, shape: Shape) -> bool:
    """Return whether a value has a shape."""
    if isinstance(shape, type):
        return shape is object or type(value) is shape  # not isinstance: True is an int, too
    match shape:
        case tuple():
            return any(fits(value, one) for one in shape)
        case [of_each]:
            return type(value) is list and all(fits(each, of_each) for each in value)
        case dict() if str in shape:
            of_each = shape[str]
            return type(value) is dict and (of_each is object or all(fits(each, of_each) for each in value.values()))
        case dict():
            return type(value) is dict and value.keys() == shape.keys() and _members_fit(value, shape)
        case None:
            return value is None
    return bool(shape(value))


def _members_fit(value: Mapping[str, Any], shape: Mapping[str, Shape]) -> bool:
    return all(fits(value[name], of_member) for name, of_member in shape.items())
