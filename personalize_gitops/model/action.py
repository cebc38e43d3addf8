"""Actions of a plan, and the risks they carry."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Action(StrEnum):
    """What a plan does with one resource."""

    CREATE = "create"
    UPDATE = "update"
    SUCCESSOR = "successor"  # create a second object, move what refers to the first, delete the first
    RECREATE = "recreate"  # delete, then create under the same name
    DELETE = "delete"
    RUN = "run"  # start a job or a training
    WAIT = "wait"  # a transition is in progress
    ADOPT = "adopt"  # start to manage an unmanaged object
    FORGET = "forget"  # stop managing the object, without changing it
    KEEP = "keep"  # an owned object that is undeclared or replaced stays
    BLOCKED = "blocked"  # prevents the apply
    NONE = "none"  # in sync

    @property
    def summary(self) -> str:
        """The word that the summary counts the action under: both replacements are `replace`."""
        return "replace" if self in (Action.SUCCESSOR, Action.RECREATE) else self.value


class Risk(StrEnum):
    """What a change can cost its owner."""

    NONE = "none"
    OUTAGE = "outage"  # temporarily no object has this ARN, or a metric counts nothing
    DATA_LOSS = "data-loss"  # rows, events, trained versions or an id that applications embed are lost
    COST = "cost"  # it is billed, once or from then on


def gravest(risks: Iterable[Risk]) -> Risk:
    """Return the worst of several risks; NONE if there are none."""
    return max(risks, key=[Risk.NONE, Risk.COST, Risk.OUTAGE, Risk.DATA_LOSS].index, default=Risk.NONE)


SUMMARY = ("create", "update", "replace", "delete", "run", "wait", "adopt", "forget", "keep", "blocked")
"""The words of the summary, in their order."""

QUIET = frozenset({Action.NONE, Action.KEEP})
"""Actions that do not change the account."""
