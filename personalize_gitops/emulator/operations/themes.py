"""Themes of related items: what most of them have in common, in words of their columns (docs/service/2 §11.3).

The service writes a phrase with a language model. Here a theme is the one or two categories, or words of the text, that
most of the items share. It is the same for the same items.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from personalize_gitops.emulator.data.serving import GroupData

_WORDS = 2  # in a theme
_WORD = re.compile(r"[^\W\d_]{4,}")


def themed(data: GroupData, output: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an output with its theme; the items that it suits best come first."""
    tokens = {item: _tokens(data, item) for item in output["recommendedItems"]}
    counts = Counter(token for found in tokens.values() for token in found)
    theme = sorted(counts, key=lambda token: (-counts[token], token))[:_WORDS]
    scores = {item: _likeness(found, frozenset(theme)) for item, found in tokens.items()}
    items = sorted(tokens, key=lambda item: -scores[item])
    return {
        "recommendedItems": items,
        "theme": " and ".join(theme) or "Similar items",
        "itemsThemeRelevanceScores": [round(scores[item], 7) for item in items],
    }


def _tokens(data: GroupData, item: str) -> frozenset[str]:
    """Return the categories of an item, or the words of its text if it has none."""
    fields = data.schemas["ITEMS"].fields if "ITEMS" in data.schemas else ()
    texts = {field: data.text("ITEMS", item, field.name) for field in fields if field.categorical or field.textual}
    categories = frozenset(
        value for field, text in texts.items() if field.categorical for value in text.split("|") if value
    )
    words = (word.capitalize() for field, text in texts.items() if field.textual for word in _WORD.findall(text))
    return categories or frozenset(words)


def _likeness(tokens: frozenset[str], theme: frozenset[str]) -> float:
    return len(tokens & theme) / len(tokens | theme) if tokens | theme else 0.0
