"""Parse durations written as text.

Manifests take one whole number and one unit: `90m`, `5h`, `7d`, `2w`. Command lines also take seconds, fractions and
sums: `90s`, `1.5h`, `1d12h`.
"""

from __future__ import annotations

import re
from math import fsum

SPAN = r"^[1-9]\d*[mhdw]$"
"""The pattern of durations in manifests."""

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_TERM = r"(\d+(?:\.\d+)?)([smhdw])"


def seconds_in(span: str) -> int:
    """Parse a duration such as `90m` into seconds. Raises ValueError if it does not match SPAN."""
    if not re.fullmatch(SPAN, span):
        raise ValueError(f'invalid duration "{span}": expected e.g. 90m, 5h, 7d, 2w')
    return int(span[:-1]) * _SECONDS[span[-1]]


def seconds_in_sum(span: str) -> float:
    """Parse a duration such as `90s` or `1d12h` into seconds. Raises ValueError if `span` has another form."""
    if not re.fullmatch(f"(?:{_TERM})+", span):
        raise ValueError(f'invalid duration "{span}": expected e.g. 90s, 45m, 2h, 1d12h, 1w')
    return fsum(float(number) * _SECONDS[unit] for number, unit in re.findall(_TERM, span))
