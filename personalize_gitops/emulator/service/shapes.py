"""Responses in the shapes of the service model.

A record has every field that Describe shows. The shape of a summary has fewer members, so the same record serves for
both.
"""

from collections.abc import Mapping
from typing import Any

from personalize_gitops.emulator.service.model import Shape


def to_shape(shapes: Mapping[str, Shape], name: str, value: Any) -> Any:
    """Return `value` with the members of a shape only, without unset members, and with numbers of the shape's type."""
    shape = shapes[name]
    match shape["type"]:
        case "structure":
            return {
                member: to_shape(shapes, target["shape"], value[member])
                for member, target in shape["members"].items()
                if value.get(member) is not None
            }
        case "list":
            return [to_shape(shapes, shape["member"]["shape"], element) for element in value]
        case "map":
            return {key: to_shape(shapes, shape["value"]["shape"], element) for key, element in value.items()}
        case "timestamp":
            return round(float(value), 3)  # epoch seconds with milliseconds, docs/service/4 §5
        case "double" | "float":
            return float(value)
        case _:
            return value
