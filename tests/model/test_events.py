"""What an apply comes to, by its events."""

from __future__ import annotations

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.address import Address
from personalize_gitops.model.events import (
    Begun,
    Cause,
    Done,
    Event,
    Failed,
    Left,
    NotBegun,
    Skipped,
    Waiting,
    exit_code,
)
from personalize_gitops.model.reason import service_message
from personalize_gitops.model.steps import Step, StepId, Verb

STEP = Step(StepId(Address("Filter", "seen"), Verb.CREATE, "seen"), KINDS["Filter"])
DONE = Done(STEP, 3, 2, "arn")
PENDING = service_message("CREATE PENDING")
FAILED = Failed(STEP, 3, 2, service_message("no such field"))


@pytest.mark.parametrize(
    ("events", "code"),
    [
        pytest.param([], 0, id="nothing to do"),
        pytest.param([Begun(STEP, 1), Waiting(STEP, 2, PENDING, 1), DONE], 0, id="all done"),
        pytest.param([DONE, FAILED, Skipped(STEP, 3, STEP)], 10, id="failed in part"),
        pytest.param([Left(STEP, 3, Cause.DETACHED, PENDING)], 9, id="told not to wait"),
        pytest.param([NotBegun(STEP, 3, Cause.DEADLINE)], 9, id="out of time"),
        pytest.param([FAILED, NotBegun(STEP, 3, Cause.DEADLINE)], 10, id="a failure weighs more than the time"),
        pytest.param([NotBegun(STEP, 3, Cause.INTERRUPTED)], 8, id="interrupted"),
        pytest.param([FAILED, Left(STEP, 3, Cause.INTERRUPTED, PENDING)], 8, id="an interruption weighs most"),
    ],
)
def test_exit_codes(events: list[Event], code: int) -> None:
    """Done 0, interrupted 8, still in progress 9, failed in part 10."""
    assert exit_code(iter(events)) == code


@pytest.mark.parametrize(
    ("kind", "verb", "takes"),
    [("SolutionVersion", Verb.CREATE, True), ("SolutionVersion", Verb.WAIT, True), ("Filter", Verb.TAG, False)],
)
def test_a_step_knows_how_long_it_usually_takes(kind: str, verb: Verb, takes: bool) -> None:
    """Waiting for something on its way takes as long as to create it; tagging takes no time."""
    step = Step(StepId(Address(kind, "x"), verb, "x"), KINDS[kind])

    assert (step.usual > 0) is takes


def test_steps_read_like_a_deed() -> None:
    """The verb and the address."""
    assert str(STEP.id) == "create Filter/seen"
