"""How often the campaigns of a region were asked, which CloudWatch tells (docs/service/3 §12.1)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

HOUR = 3600.0
_KEPT = 15 * 24  # hours


class Count(NamedTuple):
    """The requests of one campaign in one hour."""

    operation: str
    campaign: str
    hour: int  # since the epoch
    requests: int


class Asked:
    """The counts of the last days."""

    def __init__(self, counts: Iterable[Count] = ()) -> None:
        self._requests = {(count.operation, count.campaign, count.hour): count.requests for count in counts}
        self._hour = 0

    def add(self, operation: str, campaign: str, now: float) -> None:
        """Count a request that was answered."""
        hour = int(now // HOUR)
        if hour != self._hour:
            self._hour = hour
            self._requests = {key: count for key, count in self._requests.items() if key[2] > hour - _KEPT}
        key = operation, campaign, hour
        self._requests[key] = self._requests.get(key, 0) + 1

    def counts(self) -> Iterator[Count]:
        """Yield the counts by campaign and hour."""
        return (Count(*key, requests) for key, requests in self._requests.items())
