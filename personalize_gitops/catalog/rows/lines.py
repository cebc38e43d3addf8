"""The lines that batch jobs read: which members a recipe needs, and their form (docs/service/2 §11.2, §12)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from personalize_gitops.catalog.recipes import Recipe, RecipeType

Member = Callable[[Any], Any]
"""Returns the value of a member; None if it is missing or of another form."""

_ATTRIBUTE = re.compile(r'\s*ITEMS\.(\w+)\s*=\s*"([^"]*)"\s*', re.IGNORECASE)
_AND = re.compile(r"\bAND\b", re.IGNORECASE)


def members_of(recipe: Recipe) -> Mapping[str, Member]:
    """Return the members that a line needs."""
    match recipe.type:
        case RecipeType.USER_SEGMENTATION if recipe.name == "aws-item-attribute-affinity":
            return {"itemAttributes": attributes_in}
        case RecipeType.USER_SEGMENTATION | RecipeType.RELATED_ITEMS:
            return {"itemId": text_in}
        case RecipeType.PERSONALIZED_RANKING:
            return {"userId": text_in, "itemList": texts_in}
        case _:
            return {"userId": text_in}


def text_in(value: Any) -> str | None:
    """Return a text that is not empty."""
    return value if isinstance(value, str) and value else None


def texts_in(value: Any) -> list[str] | None:
    """Return a list of texts."""
    return value if isinstance(value, list) and value and all(map(text_in, value)) else None


def attributes_in(value: Any) -> list[tuple[str, str]] | None:
    """Return the columns and values of a query (docs/service/2 §12)."""
    found = [_ATTRIBUTE.fullmatch(part) for part in _AND.split(value)] if isinstance(value, str) else [None]
    pairs = [(match[1].upper(), match[2]) for match in found if match]
    return pairs if len(pairs) == len(found) else None
