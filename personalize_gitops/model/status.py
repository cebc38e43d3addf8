"""What the status texts of the service amount to.

The service writes statuses as free text; spaces and underscores vary (docs/service/4 §4). A reader of this program only
ever asks which of a few situations an object is in.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Condition(StrEnum):
    """The situation an object is in."""

    READY = "ready"  # usable, or finished with success
    PENDING = "pending"  # being created, started, stopped or updated
    FAILED = "failed"  # its creation ended without success: it never came to be
    UNSURE = "unsure"  # something else failed; it may well be alive
    STOPPED = "stopped"  # stopped on request: a training, or an inactive recommender
    DELETING = "deleting"  # on its way out


def condition_of(status: str | None) -> Condition:
    """The condition a status text stands for. A kind without a status (Schema) is ready once it exists."""
    if status is None:
        return Condition.READY
    words = re.split(r"[\s_]+", status.strip().upper())
    if words[-1] == "FAILED":
        return Condition.FAILED if words in (["CREATE", "FAILED"], ["FAILED"]) else Condition.UNSURE
    if words[0] == "DELETE":
        return Condition.DELETING
    if words[-1] in {"STOPPED", "INACTIVE"}:
        return Condition.STOPPED
    if words[-1] in {"ACTIVE", "COMPLETED"}:
        return Condition.READY
    return Condition.PENDING
