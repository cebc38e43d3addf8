"""Which rows of a table filters and models see: new ones not at once (docs/service/3 §1.1)."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from personalize_gitops.emulator.data.tables import Table

Counts = tuple[int, int]
"""How many put and how many anonymous rows: a position among the events of a table."""

NEVER = float("-inf")


@dataclass(frozen=True)
class Unseen:
    """What is not seen yet of a table, until two times in epoch seconds.

    Rows that arrive meanwhile are seen at the same time as the first of them: the delay is at most the documented one.
    """

    events_until: float = NEVER
    events: Counts = 0, 0  # the events that are seen already
    rows_until: float = NEVER
    rows: "Table | None" = None  # the table before the bulk rows, or the items, users or actions, changed


def without(counts: Counts, part: str, removed: Sequence[int]) -> Counts:
    """Return counts after the rows of a part at some ascending positions were removed."""
    put, anonymous = counts
    if part == "put":
        return put - bisect_left(removed, put), anonymous
    return put, anonymous - bisect_left(removed, anonymous)
