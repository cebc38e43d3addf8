"""Differences between a response and the service model."""

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.emulator.service.model import Shape


def departures(shapes: Mapping[str, Shape], name: str, value: Any, path: str) -> Iterator[str]:
    """Yield the differences between a response and its shape: unknown and missing members, types, bounds, enums."""
    shape = shapes[name]
    types: dict[str, Any] = {
        "structure": dict,
        "map": dict,
        "list": list,
        "string": str,
        "boolean": bool,
        "integer": int,
        "long": int,
        "double": (int, float),
        "float": (int, float),
        "timestamp": (int, float),
    }
    if not isinstance(value, types[shape["type"]]) or (isinstance(value, bool) and shape["type"] != "boolean"):
        yield f"{path}: {value!r} is no {shape['type']}"
        return
    match shape["type"]:
        case "structure":
            known = shape.get("members", {})
            yield from (f"{path}.{member} is unknown" for member in value if member not in known)
            yield from (f"{path}.{member} is missing" for member in shape.get("required", ()) if member not in value)
            for member, content in value.items():
                if member in known:
                    yield from departures(shapes, known[member]["shape"], content, f"{path}.{member}")
        case "list":
            for number, content in enumerate(value):
                yield from departures(shapes, shape["member"]["shape"], content, f"{path}[{number}]")
        case "map":
            for key, content in value.items():
                yield from departures(shapes, shape["value"]["shape"], content, f"{path}[{key}]")
        case "string":
            if "enum" in shape and value not in shape["enum"]:
                yield f"{path}: {value} is none of {shape['enum']}"
            if len(value) > shape.get("max", len(value)):
                yield f"{path} is too long"
