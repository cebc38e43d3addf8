"""What a check has to say about one place in a filter."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a problem is."""

    ERROR = "error"  # the guide says the service refuses it, or that it cannot work
    WARNING = "warning"  # likely a mistake, or a point the guide leaves open


@dataclass(frozen=True)
class Problem:
    """A problem with `text[start:end]`."""

    start: int
    end: int
    message: str
    suggestion: str | None = None  # what to write instead
    severity: Severity = Severity.ERROR
