"""Which deletions of an apply a creation beyond a quota waits for, and how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import boto3
import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.connection import Inline
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.quota import deletions, frees_quota
from personalize_gitops.model.events import Failed
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
