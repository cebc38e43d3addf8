"""The nearest known word to a misspelled one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate nearest to `word` regardless of case, or None if none is near."""
    by_folded = {candidate.lower(): candidate for candidate in candidates}
    near = get_close_matches(word.lower(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None
