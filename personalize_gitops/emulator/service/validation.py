"""What a request breaks of the shapes in botocore's model.

The clients check required members, types, unknown members and minimums only (docs/service/4 §5), so
everything the shapes say is checked here. Patterns are full matches (docs/service/4 §2).
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from personalize_gitops.emulator.errors import Refusal
from personalize_gitops.emulator.service.model import Operation, Shape

# What `\p{…}` of the models means to `re`, usable inside a character class.
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
_LONGEST_SHOWN = 120


def check_request(operation: Operation, request: Any, code: str) -> None:
    """Refuse a request that breaks its shapes, naming every member that does."""
    if operation.input is None:
        return
    found = list(problems(operation.shapes, operation.input, request, ""))
    if found:
        raise refusal(found, code)


def refusal(found: list[str], code: str) -> Refusal:
    """All problems in one message, counted the way AWS words it."""
    count = "1 validation error" if len(found) == 1 else f"{len(found)} validation errors"
    return Refusal(code, f"{count} detected: {'; '.join(found)}")


def problems(shapes: Mapping[str, Shape], name: str, value: Any, path: str) -> Iterator[str]:
    """One sentence for each member at or below `path` that breaks its shape."""
    shape = shapes[name]
    kind: str = shape["type"]
    if not _is_a(kind, value):
        yield _broken(value, path, f"Member must be a {kind}")
    elif kind == "structure":
        yield from _structure_problems(shapes, shape, value, path)
    elif kind == "list":
        yield from _bounds(shape, len(value), value, path, "length")
        for index, element in enumerate(value, start=1):
            yield from problems(shapes, shape["member"]["shape"], element, f"{path}.{index}.member")
    elif kind == "map":
        yield from _bounds(shape, len(value), value, path, "length")
        for key, element in value.items():
            yield from problems(shapes, shape["key"]["shape"], key, f"{path}.key")
            yield from problems(shapes, shape["value"]["shape"], element, f"{path}.{key}")
    elif kind == "string":
        yield from _string_problems(shape, value, path)
    elif kind != "boolean":
        yield from _bounds(shape, value, value, path, "value")


def _is_a(kind: str, value: Any) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _structure_problems(
    shapes: Mapping[str, Shape], shape: Shape, value: Mapping[str, Any], path: str
) -> Iterator[str]:
    known = shape.get("members", {})
    for member in shape.get("required", ()):
        if value.get(member) is None:
            yield _broken(None, _below(path, member), "Member must not be null")
    for member, content in value.items():
        if member not in known:
            yield _broken(content, _below(path, member), f"Member is unknown; known are {', '.join(known)}")
        elif content is not None:
            yield from problems(shapes, known[member]["shape"], content, _below(path, member))


def _string_problems(shape: Shape, value: str, path: str) -> Iterator[str]:
    yield from _bounds(shape, len(value), value, path, "length")
    if "enum" in shape and value not in shape["enum"]:
        yield _broken(value, path, f"Member must satisfy enum value set: [{', '.join(shape['enum'])}]")
    if "pattern" in shape and not _pattern(shape["pattern"]).fullmatch(value):
        yield _broken(value, path, f"Member must satisfy regular expression pattern: {shape['pattern']}")


def _bounds(shape: Shape, size: float, value: Any, path: str, what: str) -> Iterator[str]:
    if "min" in shape and size < shape["min"]:
        yield _broken(value, path, f"Member must have {what} greater than or equal to {shape['min']}")
    if "max" in shape and size > shape["max"]:
        yield _broken(value, path, f"Member must have {what} less than or equal to {shape['max']}")


@cache
def _pattern(text: str) -> re.Pattern[str]:
    for written, meant in _CLASSES.items():
        text = text.replace(written, meant)
    return re.compile(text)


def _below(path: str, member: str) -> str:
    return f"{path}.{member}" if path else member


def _broken(value: Any, path: str, rule: str) -> str:
    shown = "null" if value is None else str(value)
    if len(shown) > _LONGEST_SHOWN:
        shown = f"{shown[:_LONGEST_SHOWN]}…"
    return f"Value '{shown}' at '{path or 'request'}' failed to satisfy constraint: {rule}"
