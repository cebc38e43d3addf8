"""The condition of an object, derived from the status texts of the service.

The service writes statuses as free text; spaces and underscores vary (docs/service/4 §4). A reader of this program only
needs to know which of a few conditions an object is in.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache


class Condition(StrEnum):
    """The condition of an object."""

    READY = "ready"  # usable, or finished with success
    PENDING = "pending"  # being created, started, stopped or updated
    FAILED = "failed"  # its creation failed: it was never usable
    UNSURE = "unsure"  # something else failed; it may still work
    STOPPED = "stopped"  # stopped on request: a training, or an inactive recommender
    DELETING = "deleting"  # being deleted


@cache
def condition_of(status: str | None) -> Condition:
    """Return the condition of a status text. An object of a kind without status (Schema) is ready."""
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
