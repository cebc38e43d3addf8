"""The label of a pull request that says what the plan of a target does: one of a few, the others are removed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

_LONGEST = 50  # characters of a label on GitHub


class Outlook(StrEnum):
    """What a plan would do, as its label says."""

    NO_CHANGES = "no-changes"
    CHANGES = "changes"
    AT_RISK = "at-risk"  # an outage, a loss or a cost
    BLOCKED = "blocked"  # apply would not start


def label(target: str, outlook: Outlook) -> str:
    """Return the label for the plan of a target. GitLab separates labels by commas."""
    return f"{target.replace(',', ' ')[: _LONGEST - len(outlook) - 1]}/{outlook}"


def outdated(labels: Iterable[str], target: str, outlook: Outlook) -> list[str]:
    """Return the labels of a target that do not hold any more. The letters' case does not count on GitHub."""
    others = {label(target, other).casefold() for other in Outlook if other is not outlook}
    return [found for found in labels if found.casefold() in others]
