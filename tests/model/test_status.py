"""The condition of every status text, in every spelling that occurs."""

from __future__ import annotations

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.live import Live, LiveUpdate
from personalize_gitops.model.status import Condition, condition_of

SPELLINGS = {
    Condition.READY: ["ACTIVE", "COMPLETED", "active", " ACTIVE "],
    Condition.PENDING: [
        "CREATE PENDING",
        "CREATE_PENDING",
        "CREATE IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "CREATE IN PROGRESS",
        "PENDING",
        "IN PROGRESS",
        "IN_PROGRESS",
        "CREATE STOPPING",
        "STOP PENDING",
        "STOP IN_PROGRESS",
        "STOP IN PROGRESS",
        "START PENDING",
        "START IN_PROGRESS",
        "START IN PROGRESS",
        "UPDATE PENDING",
        "UPDATE IN_PROGRESS",
    ],
    Condition.FAILED: ["CREATE FAILED", "CREATE_FAILED", "FAILED"],
    Condition.UNSURE: ["UPDATE FAILED", "DELETE FAILED", "STOP FAILED", "START_FAILED"],
    Condition.STOPPED: ["CREATE STOPPED", "CREATE_STOPPED", "INACTIVE"],
    Condition.DELETING: ["DELETE PENDING", "DELETE_PENDING", "DELETE IN_PROGRESS", "DELETE IN PROGRESS"],
}


@pytest.mark.parametrize(
    ("status", "condition"), [(status, condition) for condition, all_ in SPELLINGS.items() for status in all_]
)
def test_spellings(status: str, condition: Condition) -> None:
    """Spaces and underscores vary (docs/service/2 §2.2, 4 §4); the situation is the same."""
    assert condition_of(status) is condition


def test_what_has_no_status_is_ready() -> None:
    """A schema exists or does not."""
    assert condition_of(None) is Condition.READY


def test_a_status_nobody_knows_is_waited_for() -> None:
    """A word the service adds later is taken for a transition."""
    assert condition_of("REBALANCING") is Condition.PENDING


@pytest.mark.parametrize(
    ("status", "update", "condition"),
    [
        ("ACTIVE", None, Condition.READY),
        ("ACTIVE", "ACTIVE", Condition.READY),
        ("ACTIVE", "CREATE IN_PROGRESS", Condition.PENDING),
        ("ACTIVE", "CREATE FAILED", Condition.READY),
        ("CREATE FAILED", "CREATE IN_PROGRESS", Condition.FAILED),
        ("DELETE PENDING", "ACTIVE", Condition.DELETING),
    ],
)
def test_an_update_in_flight_makes_its_object_pending(status: str, update: str | None, condition: Condition) -> None:
    """The object itself stays ACTIVE while it is updated (docs/service/2 §2.3); a failed update leaves it as it was."""
    live = Live(KINDS["Campaign"], "arn", "home", status, update=LiveUpdate(update, {}) if update else None)

    assert live.condition is condition
