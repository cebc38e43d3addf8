"""Spans of time as people write them: `90m`, `5h`, `7d`, `2w`."""

from __future__ import annotations

import re
from math import ceil

SPAN = r"^[1-9]\d*[mhdw]$"
_SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


def roughly(seconds: float) -> str:
    """What is left of a span, rounded up: `3 hours`, `5 days`."""
    size, unit = (86400, "day") if seconds > 2 * 86400 else (3600, "hour")
    count = ceil(seconds / size)
    return f"{count} {unit}{'s' if count != 1 else ''}"


def seconds_in(span: str) -> int:
    """Return a duration such as `5h` in seconds. Raises ValueError for anything else."""
    if not re.fullmatch(SPAN, span):
        raise ValueError(f'invalid duration "{span}": expected e.g. 90m, 5h, 7d, 2w')
    return int(span[:-1]) * _SECONDS[span[-1]]
