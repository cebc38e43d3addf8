"""The shape of a value from JSON: its type, and those of everything in it."""

from collections.abc import Callable, Mapping
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
    match shape:
        case type() if shape is object:
            return True
        case type():
            return type(value) is shape  # not isinstance: True is no number
        case tuple():
            return any(fits(value, one) for one in shape)
        case [of_each]:
            return type(value) is list and all(fits(each, of_each) for each in value)
        case Mapping() if str in shape:
            return type(value) is dict and all(fits(each, shape[str]) for each in value.values())
        case Mapping():
            return type(value) is dict and value.keys() == shape.keys() and _members_fit(value, shape)
        case Callable():
            return bool(shape(value))
    return value is shape


def _members_fit(value: Mapping[str, Any], shape: Mapping[str, Shape]) -> bool:
    return all(fits(value[name], of_member) for name, of_member in shape.items())
