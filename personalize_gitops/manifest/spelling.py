"""How a manifest spells a value of the account: as the value that it replaces was spelled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from personalize_gitops.manifest.values import literal
from personalize_gitops.model.address import Address

_RECIPE = re.compile(r"arn:[a-z\d-]+:personalize:::recipe/(.+)")
_WHOLE, _NUMBER = re.compile(r"[+-]?\d+"), re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def spelled(found: Any, former: Any) -> Any:
    """Return a value of the account as a manifest that has the `former` value spells it.

    A reference stays a name or a Kind/name, a recipe a short name, and a number, which is text on the wire, a number.
    """
    match found:
        case Address():
            return str(found) if isinstance(former, str) and re.match(r"[A-Z]\w*/", former) else found.name
        case str():
            return _text(found, former)
        case list():
            return [spelled(item, like) for item, like in zip(found, _likes(found, former), strict=True)]
        case Mapping():
            known = former if isinstance(former, Mapping) else {}
            return {key: spelled(item, known.get(key)) for key, item in found.items()}
        case _:
            return found


def _likes(found: list[Any], former: Any) -> list[Any]:
    """Return a former element for each element; those of a list of another length are like its first."""
    elements = former if isinstance(former, list) else []
    return elements if len(elements) == len(found) else [next(iter(elements), None)] * len(found)


def _text(found: str, former: Any) -> Any:
    if isinstance(former, bool) and found.lower() in ("true", "false"):
        return found.lower() == "true"
    if isinstance(former, int | float) and _NUMBER.fullmatch(found):
        return int(found) if _WHOLE.fullmatch(found) else float(found)
    recipe = _RECIPE.fullmatch(found)
    if recipe and isinstance(former, str) and not former.startswith("arn:"):
        return recipe[1]
    return literal(found)
