"""Check requests against the shapes of the service model.

Clients check only required members, types, unknown members and minimums (docs/service/4 §5), so everything in the
shapes is checked here. A pattern must match the whole value (docs/service/4 §2). The messages have the wording of AWS.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from personalize_gitops.emulator.errors import Refusal
from personalize_gitops.emulator.service.model import Operation, Shape

# Character classes of the models in the syntax of `re`. Each can stand inside of [].
_CLASSES = {
    r"\p{L}": r"\w",
    r"\p{N}": r"\w",
    r"\p{Z}": " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
    r"\p{ASCII}": r"[\x00-\x7f]",
}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float, str),
}
_LONGEST_SHOWN = 120  # characters of a value in a message


def check_request(operation: Operation, request: Any, code: str) -> None:
    """Refuse a request that does not have its shape, with an error code and all problems in the message."""
    if operation.input is None:
        return
    found = list(problems(operation.shapes, operation.input, request, ""))
    if found:
        count = "1 validation error" if len(found) == 1 else f"{len(found)} validation errors"
        raise Refusal(code, f"{count} detected: {'; '.join(found)}")


def problems(shapes: Mapping[str, Shape], name: str, value: Any, path: str) -> Iterator[str]:
    """Yield a message for each member of `value` that does not have its shape; `path` is the position of `value`."""
    shape = shapes[name]
    type_: str = shape["type"]
    if not _has_type(type_, value):
        yield _problem(value, path, f"Member must be a {type_}")
    elif type_ == "structure":
        yield from _structure_problems(shapes, shape, value, path)
    elif type_ == "list":
        yield from _bound_problems(shape, len(value), value, path, "length")
        for index, element in enumerate(value, start=1):
            yield from problems(shapes, shape["member"]["shape"], element, f"{path}.{index}.member")
    elif type_ == "map":
        yield from _bound_problems(shape, len(value), value, path, "length")
        for key, element in value.items():
            yield from problems(shapes, shape["key"]["shape"], key, f"{path}.key")
            yield from problems(shapes, shape["value"]["shape"], element, f"{path}.{key}")
    elif type_ == "string":
        yield from _string_problems(shape, value, path)
    elif type_ != "boolean":
        yield from _bound_problems(shape, value, value, path, "value")


def _has_type(type_: str, value: Any) -> bool:
    return isinstance(value, _TYPES[type_]) and (type_ == "boolean" or not isinstance(value, bool))


def _structure_problems(
    shapes: Mapping[str, Shape], shape: Shape, value: Mapping[str, Any], path: str
) -> Iterator[str]:
    known = shape.get("members", {})
    for member in shape.get("required", ()):
        if value.get(member) is None:
            yield _problem(None, _below(path, member), "Member must not be null")
    for member, content in value.items():
        if member not in known:
            yield _problem(content, _below(path, member), f"Member is unknown; known are {', '.join(known)}")
        elif content is not None:
            yield from problems(shapes, known[member]["shape"], content, _below(path, member))


def _string_problems(shape: Shape, value: str, path: str) -> Iterator[str]:
    yield from _bound_problems(shape, len(value), value, path, "length")
    if "enum" in shape and value not in shape["enum"]:
        yield _problem(value, path, f"Member must satisfy enum value set: [{', '.join(shape['enum'])}]")
    if "pattern" in shape and not _compiled(shape["pattern"]).fullmatch(value):
        yield _problem(value, path, f"Member must satisfy regular expression pattern: {shape['pattern']}")


def _bound_problems(shape: Shape, size: float, value: Any, path: str, what: str) -> Iterator[str]:
    if "min" in shape and size < shape["min"]:
        yield _problem(value, path, f"Member must have {what} greater than or equal to {shape['min']}")
    if "max" in shape and size > shape["max"]:
        yield _problem(value, path, f"Member must have {what} less than or equal to {shape['max']}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    for class_, replacement in _CLASSES.items():
        pattern = pattern.replace(class_, replacement)
    return re.compile(pattern)


def _below(path: str, member: str) -> str:
    return f"{path}.{member}" if path else member


def _problem(value: Any, path: str, rule: str) -> str:
    shown = "null" if value is None else str(value)
    if len(shown) > _LONGEST_SHOWN:
        shown = f"{shown[:_LONGEST_SHOWN]}…"
    return f"Value '{shown}' at '{path or 'request'}' failed to satisfy constraint: {rule}"
