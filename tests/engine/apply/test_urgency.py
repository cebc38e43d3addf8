"""Urgency: the steps that most depends on begin first."""

from __future__ import annotations

from personalize_gitops.engine.apply.urgency import ways
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.address import Address
from personalize_gitops.model.steps import Step, StepId, Verb


def step(address: str, *needs: Step, measured: float = 0.0) -> Step:
    kind, name = address.split("/")
    id_ = StepId(Address(kind, name), Verb.CREATE, name)
    return Step(id_, KINDS[kind], needs=frozenset(need.id for need in needs), measured=measured)


def test_the_way_is_the_longest_one() -> None:
    """Of a training's way, the longer one of its two campaigns counts; durations of the account count before others."""
    training = step("SolutionVersion/a", measured=100)
    slow, fast = step("Campaign/slow", training, measured=50), step("Campaign/fast", training, measured=10)
    other = step("SolutionVersion/b")

    found = ways([training, slow, fast, other])

    assert found == {training.id: 150, slow.id: 50, fast.id: 10, other.id: 35 * 60}


def test_nothing_has_no_way() -> None:
    """An empty plan has no steps to order."""
    assert ways([]) == {}
