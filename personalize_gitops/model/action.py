"""What a plan can have in store for a resource, and what that may cost its owner."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Action(StrEnum):
    """What the plan has in store for one resource."""

    CREATE = "create"
    UPDATE = "update"
    SUCCESSOR = "successor"  # create the new one beside the old, move what refers to it, delete the old
    RECREATE = "recreate"  # delete, then create under the same name
    DELETE = "delete"
    RUN = "run"  # start a job or a training
    WAIT = "wait"  # it is on its way already
    ADOPT = "adopt"  # take over an object nobody owns
    FORGET = "forget"  # ours no longer, and otherwise left as it is
    KEEP = "keep"  # ours and no longer declared, but it stays
    BLOCKED = "blocked"  # the plan cannot be applied because of this
    NONE = "none"  # in sync

    @property
    def summary(self) -> str:
        """The word it is counted under: both ways to replace are one."""
        return "replace" if self in (Action.SUCCESSOR, Action.RECREATE) else self.value


class Risk(StrEnum):
    """What a change may cost its owner."""

    NONE = "none"
    OUTAGE = "outage"  # for a while nothing answers under this ARN, or nothing is counted
    DATA_LOSS = "data-loss"  # rows, events, trained versions or an id that applications embed are gone
    COST = "cost"  # it bills, once or from then on


def gravest(risks: Iterable[Risk]) -> Risk:
    """The one risk that stands for all of them."""
    return max(risks, key=[Risk.NONE, Risk.COST, Risk.OUTAGE, Risk.DATA_LOSS].index, default=Risk.NONE)


SUMMARY = ("create", "update", "replace", "delete", "run", "wait", "adopt", "forget", "keep", "blocked")
"""The words of the summary, in the order they are told."""

QUIET = frozenset({Action.NONE, Action.KEEP})
"""Actions that leave the account as it is."""
