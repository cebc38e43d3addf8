"""How long apply waits for a step before it fails: one table, by kind and verb, with the project's own limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from personalize_gitops.model.steps import Step

_USUAL = timedelta(hours=6)
"""For every other transition: at least twice the longest one that the guide mentions (docs/service/2 §13.2)."""

_LONG = timedelta(hours=48)
"""For runs, and for creations that train. A data deletion may take a day (docs/service/2 §3.13)."""

_TRAINS = timedelta(minutes=15)
"""Usual duration from which a creation counts as one that trains."""


@dataclass(frozen=True)
class WaitLimits:
    """The limits of one target."""

    limits: Mapping[str, Mapping[str, timedelta]] = field(default_factory=dict)  # by kind name and verb

    def of(self, step: Step) -> float:
        """Return how many seconds a step may take. A wait for a transition has the limit of a creation."""
        transition = step.id.verb.transition
        own = self.limits.get(step.kind.kind_name(), {}).get(transition)
        long = step.kind.is_run or step.usual >= _TRAINS.total_seconds()
        return (own or (_LONG if long and transition == "create" else _USUAL)).total_seconds()


DEFAULT_LIMITS = WaitLimits()
