"""Which of several steps begins first: the one with the longest way to the end of the apply. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter

from personalize_gitops.model.steps import Step, StepId


def ways(steps: Sequence[Step]) -> Mapping[StepId, float]:
    """Return the expected seconds from the begin of each step to the end of the last one that needs it, by step."""
    by_id = {step.id: step for step in steps}
    order = tuple(TopologicalSorter({step.id: step.needs for step in steps}).static_order())
    after = dict.fromkeys(by_id, 0.0)  # the longest way of the steps that need this one
    found = {}
    for step in (by_id[id_] for id_ in reversed(order)):
        found[step.id] = step.expected + after[step.id]
        for need in step.needs:
            after[need] = max(after[need], found[step.id])
    return found
