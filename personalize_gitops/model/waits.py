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

BUSY_LIMIT = timedelta(hours=3)
"""For a step that the service refuses because an object is in a transition. The samples of the developer guide poll as
long (docs/service/2 §2.7)."""

_TRAINS = timedelta(minutes=15)
"""Usual duration from which a creation counts as one that trains."""


@dataclass(frozen=True)
class WaitLimits:
    """The limits of one target."""

    limits: Mapping[str, Mapping[str, timedelta]] = field(default_factory=dict)  # by kind name and verb

    def of(self, step: Step) -> float:
        """Return how many seconds a step may take. A wait has the limit of a creation or of a deletion."""
        long = step.kind.is_run or step.usual >= _TRAINS.total_seconds()
        usual = _LONG if long and step.transition == "create" else _USUAL
        return (self._own(step) or usual).total_seconds()

    def while_busy(self, step: Step) -> float:
        """Return how many seconds a step may be postponed because an object is in a transition."""
        return (self._own(step) or BUSY_LIMIT).total_seconds()

    def _own(self, step: Step) -> timedelta | None:
        return self.limits.get(step.kind.kind_name(), {}).get(step.transition)


DEFAULT_LIMITS = WaitLimits()
