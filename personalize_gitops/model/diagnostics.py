"""Problems found in manifests: where, what, and what to do instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches

from personalize_gitops.model.reason import Source


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing wrong with a manifest."""

    source: Source
    subject: str  # the address of the document, or the path of the file where there is none
    message: str  # the fact, naming the offending member
    suggestion: str = ""  # the remedy
    code: str = field(default="", compare=False)  # PG101 …, of a lint check


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """A suggestion that names the candidate nearest to `word`, or nothing when none is near."""
    by_folded = {candidate.lower(): candidate for candidate in candidates}
    near = get_close_matches(word.lower(), by_folded, n=1, cutoff=0.6)
    return f'did you mean "{by_folded[near[0]]}"?' if near else ""
