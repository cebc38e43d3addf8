"""Room: which deletions of an apply a creation beyond a quota waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from personalize_gitops.engine.apply.room import comes, deletions
from personalize_gitops.model.steps import Step, StepId, Verb
from tests.support.stepping import creation


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
def test_a_deletion_makes_room(outstanding: Sequence[Step], expected: bool) -> None:
    """One of the same kind, unless it waits for the new object itself, directly or by way of others."""
    by_id = {step.id: step for step in [NEW, USER, *outstanding]}

    assert comes(NEW, outstanding, by_id) is expected


def test_only_deletions_make_room() -> None:
    """Of the steps of an apply, those that delete an object."""
    old = deletion("Solution/old")

    assert deletions([NEW, old, USER]) == (old,)
