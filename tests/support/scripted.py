"""A clock on which things happen at given times."""

from __future__ import annotations

from collections.abc import Callable

from personalize_gitops.clock import SimulatedClock


class ScriptedClock(SimulatedClock):
    """Simulated time; what is planned happens while somebody sleeps."""

    def __init__(self, start: float) -> None:
        super().__init__(start)
        self._plans: list[tuple[float, Callable[[], object]]] = []

    def at(self, seconds: float, happens: Callable[[], object]) -> None:
        """Let something happen so many seconds from now."""
        self._plans.append((self.monotonic() + seconds, happens))
        self._plans.sort(key=lambda plan: plan[0])

    def sleep(self, seconds: float) -> None:
        """Advance, and stop on the way for what happens."""
        until = self.monotonic() + max(0.0, seconds)
        while self._plans and self._plans[0][0] <= until:
            moment, happens = self._plans.pop(0)
            super().sleep(moment - self.monotonic())
            happens()
        super().sleep(until - self.monotonic())
