"""How many requests are answered in a second."""


class RequestRate:
    """A token bucket: it holds the requests of one second, and each second brings as many again."""

    def __init__(self, per_second: float | None) -> None:
        self._per_second = per_second  # None: no limit
        self._left = self._most
        self._at = 0.0  # when `_left` was counted; epoch seconds

    @property
    def _most(self) -> float:
        return max(1.0, self._per_second or 0.0)

    def admits(self, now: float) -> bool:
        """Return whether a request is answered now, and count it if so."""
        if self._per_second is None:
            return True
        self._left = min(self._most, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1 - 1e-6:  # sums of fractions of a second are not exact
            return False
        self._left -= 1
        return True
