"""Answers cut to the model's shape: only modelled members, unset ones left out, numbers as modelled.

A record keeps everything Describe may show under the model's names; a summary is the same record in a smaller shape.
"""

from collections.abc import Mapping
from typing import Any

from personalize_gitops.emulator.service.model import Shape


def shaped(shapes: Mapping[str, Shape], name: str, value: Any) -> Any:
    """`value` as the shape called `name` shows it."""
    shape = shapes[name]
    match shape["type"]:
        case "structure":
            return {
                member: shaped(shapes, target["shape"], value[member])
                for member, target in shape["members"].items()
                if value.get(member) is not None
            }
        case "list":
            return [shaped(shapes, shape["member"]["shape"], element) for element in value]
        case "map":
            return {key: shaped(shapes, shape["value"]["shape"], element) for key, element in value.items()}
        case "timestamp":
            return round(float(value), 3)  # epoch seconds with milliseconds, docs/service/4 §5
        case "double" | "float":
            return float(value)
        case _:
            return value
