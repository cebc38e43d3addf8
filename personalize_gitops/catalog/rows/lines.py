"""The lines that batch jobs read: which members a recipe needs, and their form (docs/service/2 §11.2, §12)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from personalize_gitops.catalog.recipes import Recipe, RecipeType
from personalize_gitops.catalog.schemas import Field
from personalize_gitops.model.problem_codes import DataCode

Member = Callable[[Any], Any]
"""Returns the value of a member; None if it is missing or of another form."""

_ATTRIBUTE = re.compile(r'\s*ITEMS\.(\w+)\s*=\s*"([^"]*)"\s*', re.IGNORECASE)
_BY_ATTRIBUTE = "aws-item-attribute-affinity"
_AND = re.compile(r"\bAND\b", re.IGNORECASE)


def most_lines(recipe: Recipe, *, themed: bool) -> int:
    """Return how many lines an input file can have (docs/service/3 §13.5)."""
    if recipe.type is RecipeType.USER_SEGMENTATION:
        return 10 if recipe.name == _BY_ATTRIBUTE else 500
    return 100 if themed else 50_000_000


def unusable_columns(query: Iterable[tuple[str, str]], columns: Mapping[str, Field]) -> Iterator[tuple[DataCode, str]]:
    """Yield the columns that a query by attributes cannot use: those that the items lack, and texts."""
    known = {name.upper(): field for name, field in columns.items()}
    for column, _ in query:
        if column not in known:
            yield DataCode.QUERY_OF_UNKNOWN, column
        elif known[column].textual:
            yield DataCode.QUERY_OF_TEXT, column


def members_of(recipe: Recipe) -> Mapping[str, Member]:
    """Return the members that a line needs."""
    match recipe.type:
        case RecipeType.USER_SEGMENTATION if recipe.name == _BY_ATTRIBUTE:
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
