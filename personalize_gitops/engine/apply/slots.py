"""Which of the waiting runs may begin: the service carries out only so many of a kind at once (docs/service/3 §13.1).

The quota of the account can be higher than the default, and others use slots too. So as many runs begin as the default
allows, and then one after the other while the service accepts them: first those that most depends on. After a refusal
the next one is tried when a run of this apply has ended, or after a while, because somebody else's may have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from personalize_gitops.engine.apply.flight import Flight, by_way
from personalize_gitops.model.steps import Verb

RETRY = 60.0
"""Seconds after which a refused run is tried again, at least; a longer one after a tenth of its duration."""


@dataclass
class Slots:
    """What an apply knows about the free slots of each kind."""

    _next_try: dict[str, float] = field(default_factory=dict)  # epoch seconds, by the name of a kind that was refused

    def withheld(self, flights: Collection[Flight], now: float) -> list[Flight]:
        """Return the flights that wait for a slot, of those that have not begun."""
        in_progress = Counter(flight.step.kind.kind_name() for flight in flights if flight.is_creation)
        tried: Counter[str] = Counter()
        found = []
        for flight in sorted(flights, key=by_way):
            kind = flight.step.kind
            if flight.arn or flight.step.id.verb is not Verb.CREATE or kind.most_in_progress is None:
                continue
            name = kind.kind_name()
            if self._is_free(name, in_progress[name] + tried[name] < kind.most_in_progress, tried[name], now):
                tried[name] += 1
            else:
                found.append(flight)
        return found

    def _is_free(self, name: str, default_allows: bool, tried: int, now: float) -> bool:
        """Return whether one more run of a kind can be tried, beside those that are tried now."""
        if name in self._next_try:
            return tried == 0 and now >= self._next_try[name]
        return default_allows or tried == 0

    def refused(self, flight: Flight, now: float) -> None:
        """Note that the service has no free slot for a run."""
        self._next_try[flight.step.kind.kind_name()] = now + max(RETRY, flight.step.expected / 10)

    def changed(self, flight: Flight, now: float) -> None:
        """Note that a run has begun or ended: another one can be tried."""
        name = flight.step.kind.kind_name()
        if name in self._next_try:
            self._next_try[name] = now

    def due(self, flight: Flight) -> float:
        """Return when a waiting flight is tried next, in epoch seconds."""
        return max(flight.due, self._next_try.get(flight.step.kind.kind_name(), flight.due))
