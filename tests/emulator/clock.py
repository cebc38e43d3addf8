"""A clock that stands still until a test moves it."""


class Clock:
    """Epoch seconds; time passes only by `pass_time`."""

    def __init__(self) -> None:
        self.time = 1_750_000_000.0

    def now(self) -> float:
        return self.time

    def pass_time(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        self.time += seconds + 60 * minutes + 3600 * hours + 86400 * days
