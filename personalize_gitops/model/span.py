"""Spans of time as people write them: `90m`, `5h`, `7d`, `2w`."""

from __future__ import annotations

import re

SPAN = r"^[1-9]\d*[mhdw]$"
_SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds_in(span: str) -> int:
    """A span in seconds. Raises ValueError for what is none."""
    if not re.fullmatch(SPAN, span):
        raise ValueError(f"{span} is no span; 90m, 5h, 7d and 2w are")
    return int(span[:-1]) * _SECONDS[span[-1]]
