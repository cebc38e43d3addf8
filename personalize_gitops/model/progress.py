"""The progress of an apply: what runs since when, and how much is done. Follows from the events alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from personalize_gitops.model.events import Begun, Done, Event, Failed, Skipped, Waiting
from personalize_gitops.model.reason import Reason
from personalize_gitops.model.steps import Step, StepId


@dataclass(frozen=True)
class Running:
    """A step that has begun, or waits to begin."""

    step: Step
    since: float  # epoch seconds
    state: Reason | None = None  # as last read

    @property
    def until(self) -> float:
        """When the step is expected to end, in epoch seconds; 0 if nothing is expected."""
        return self.since + self.step.expected if self.step.expected else 0.0


@dataclass(frozen=True)
class Progress:
    """How far an apply is."""

    total: int  # steps
    done: int = 0
    failed: int = 0  # skipped steps included
    at: float = 0.0  # epoch seconds of the last event
    running: Mapping[StepId, Running] = field(default_factory=dict)

    def after(self, event: Event) -> Progress:
        """Return the progress after an event."""
        now = replace(self, at=event.at)
        match event:
            case Begun(step, at):
                return replace(now, running={**self.running, step.id: Running(step, at)})
            case Waiting(step, at, state, elapsed):
                return replace(now, running={**self.running, step.id: Running(step, at - elapsed, state)})
            case Done(step):
                return replace(now, done=self.done + 1, running=self._without(step))
            case Failed(step) | Skipped(step):
                return replace(now, failed=self.failed + 1, running=self._without(step))
            case _:
                return replace(now, running=self._without(event.step))

    def _without(self, step: Step) -> Mapping[StepId, Running]:
        return {id_: running for id_, running in self.running.items() if id_ != step.id}
