"""Whether a deletion of this apply frees the quota that an object needs. Pure.

The plan counts on it: what it deletes uses up no quota.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from personalize_gitops.model.steps import Step, StepId, Verb


def deletions(steps: Collection[Step]) -> tuple[Step, ...]:
    """Return the steps that delete an object."""
    return tuple(step for step in steps if step.id.verb is Verb.DELETE)


def frees_quota(step: Step, outstanding: Collection[Step], by_id: Mapping[StepId, Step]) -> bool:
    """Return whether one of the outstanding deletions is of the kind that a step creates, and does not wait for it."""
    return any(other.kind is step.kind and not _needs(other, step, by_id) for other in outstanding)


def _needs(step: Step, other: Step, by_id: Mapping[StepId, Step]) -> bool:
    """Return whether a step waits for another one, directly or by way of others."""
    found: set[StepId] = set()
    waiting = [*step.needs]
    while waiting:
        id_ = waiting.pop()
        if id_ not in found:
            found.add(id_)
            waiting += by_id[id_].needs
    return other.id in found
