"""Which deletions of an apply a creation beyond a quota waits for, and how long."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event as ThreadEvent
from typing import cast

import boto3
import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.connection import Inline
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.quota import deletions, frees_quota
from personalize_gitops.errors import QuotaExceeded
from personalize_gitops.model.events import Begun, Done, Failed
from personalize_gitops.model.live import Live
from personalize_gitops.model.ports import Cloud
from personalize_gitops.model.steps import Step, StepId, Verb
from personalize_gitops.model.waits import WaitLimits
from tests.support.stepping import creation
from tests.support.world import START, emulated


def deletion(address: str, *needs: Step) -> Step:
    """Return a step that deletes an object."""
    step = creation(address, None, *needs)
    return replace(step, id=StepId(step.id.address, Verb.DELETE, step.id.aws_name))


NEW = creation("Solution/new")
USER = creation("Campaign/user", None, NEW)


@pytest.mark.parametrize(
    ("outstanding", "expected"),
    [
        ([], False),
        ([deletion("Solution/old")], True),
        ([deletion("Filter/old")], False),
        ([deletion("Solution/old", NEW)], False),
        ([deletion("Solution/old", USER)], False),
        ([deletion("Solution/old", USER), deletion("Solution/other")], True),
    ],
    ids=["none", "one", "of another kind", "that waits for it", "that waits for its user", "one of two"],
)
def test_a_deletion_frees_quota(outstanding: Sequence[Step], expected: bool) -> None:
    """One of the same kind, unless it waits for the new object itself, directly or by way of others."""
    by_id = {step.id: step for step in [NEW, USER, *outstanding]}

    assert frees_quota(NEW, outstanding, by_id) is expected


def test_only_deletions_free_quota() -> None:
    """Of the steps of an apply, those that delete an object."""
    old = deletion("Solution/old")

    assert deletions([NEW, old, USER]) == (old,)


def test_two_creations_do_not_wait_for_each_other_without_end() -> None:
    """Each deletion that would free the quota of one creation waits for the other creation: the limit ends it."""
    clock = SimulatedClock(START)
    limits = WaitLimits({"DatasetGroup": {"create": timedelta(hours=1)}})
    one, two = creation("DatasetGroup/one"), creation("DatasetGroup/two")
    old = [deletion("DatasetGroup/old", two), deletion("DatasetGroup/older", one)]
    with Emulator(clock.now, quotas={"DatasetGroup": 1}).started():
        boto3.client("personalize", region_name="us-east-1").create_dataset_group(name="theirs")
        events = [*apply([one, two, *old], emulated(clock), clock, Inline(), limits=limits)]

    assert sum(isinstance(event, Failed) for event in events) == 2
    assert 3600 <= clock.now() - START < 2 * 3600


class Slow:
    """A cloud that refuses a creation which was sent before a deletion ended, and answers after its end is told."""

    now, request_id, token = START, "", "t"

    def __init__(self) -> None:
        self.told, self.attempts = ThreadEvent(), 0

    def describe(self, *_: object) -> None:
        """Return nothing: the object of the deletion is gone."""

    def delete(self, *_: object) -> None:
        """Accept a deletion."""

    def create(self, *_: object) -> str:
        """Refuse the first two attempts."""
        self.attempts += 1
        if self.attempts == 2:
            assert self.told.wait(60)
        if self.attempts < 3:
            raise QuotaExceeded("full")
        return "arn:new"


def test_a_late_refusal_is_tried_again_after_the_deletion() -> None:
    """The refusal of a creation arrives when the deletion that frees the quota has ended: it is sent once more."""
    cloud, clock, old = Slow(), SimulatedClock(START), deletion("DatasetGroup/old")
    steps = [replace(old, live=Live(old.kind, "arn:old", "old")), creation("DatasetGroup/new")]
    events = []
    with ThreadPoolExecutor(2) as pool:
        for event in apply(steps, cast("Cloud", cloud), clock, pool):
            events.append(event)
            if isinstance(event, Done):
                cloud.told.set()
            if isinstance(event, Failed) or (isinstance(event, Begun) and event.step is steps[1]):
                break

    assert not [event for event in events if isinstance(event, Failed)]
    assert cloud.attempts == 3
