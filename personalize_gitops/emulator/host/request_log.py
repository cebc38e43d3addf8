"""The log of requests: one line for each, with time, account, region, operation, status and error code.

A line has neither credentials nor the body or query of a request. Spaces, control characters and all that is not ASCII
are escaped as in a Python string, so that a request cannot write a line of its own.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from personalize_gitops.emulator.errors import UnwritableLog

_MOST = 300  # characters of a field; clients choose some of them
_NONE = "-"


class RequestLog:
    """A file that lines are added to."""

    def __init__(self, path: Path) -> None:
        """Open the file. UnwritableLog if it cannot be written."""
        try:
            self._file = path.open("a", encoding="ascii", buffering=1)
        except OSError as error:
            raise UnwritableLog(f"{path}: {error.strerror}") from error
        self._lock = Lock()

    def add(self, now: float, fields: Iterable[object]) -> None:
        """Add a line. What cannot be written is lost: the log is no reason to refuse a request."""
        time = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = " ".join([time, *(_escaped(str(field)) for field in fields)])
        with self._lock:
            try:
                self._file.write(f"{line}\n")
            except (OSError, ValueError):  # ValueError: the file is closed
                return

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            try:
                self._file.close()
            except OSError:
                return


def _escaped(text: str) -> str:
    return text[:_MOST].encode("unicode_escape").decode("ascii").replace(" ", r"\x20") or _NONE
