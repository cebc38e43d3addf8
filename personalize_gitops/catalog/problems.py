"""What a check has to say about one place in a document."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a problem is."""

    ERROR = "error"  # the service refuses it, as far as documented
    WARNING = "warning"  # likely a mistake, or a rule the documentation leaves in doubt
    INFO = "info"  # worth knowing, nothing to repair


@dataclass(frozen=True)
class Problem:
    """A problem at `path`, the keys and indexes that lead to the place in the JSON."""

    path: tuple[str | int, ...]
    message: str
    severity: Severity = Severity.ERROR
