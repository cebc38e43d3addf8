"""AWS names: their length, and the series of names of an object and its successors or of the attempts at a run.

The successors of `rank` are named `rank-2`, `rank-3`, …, and so are further attempts at a run. `rank` is the base of
this series.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_NAME = 63  # characters, for every kind (docs/service/2 §2.1)


def cut(name: str, suffix: str) -> str:
    """Return `name` + `suffix`, with the name cut so that both fit into an AWS name."""
    return name[: MAX_NAME - len(suffix)] + suffix


def ordinal(base: str, name: str) -> int:
    """Return the position of `name` in the series of `base`: 1 for `base`, n for `base-n`, 0 for any other name."""
    if name == base:
        return 1
    _, _, number = name.rpartition("-")
    if not re.fullmatch(r"[2-9]|[1-9]\d+", number) or name != cut(base, f"-{number}"):
        return 0
    return int(number)


def next_name(base: str, taken: Iterable[str]) -> str:
    """Return the next name of the series of `base`, after all taken names."""
    last = max((ordinal(base, name) for name in taken), default=0)
    return base if last == 0 else cut(base, f"-{last + 1}")


def series_keys(name: str) -> frozenset[str]:
    """Return keys to index a name by: one of them is the `series_key` of its base."""
    return frozenset({series_key(name), series_key(name.rpartition("-")[0])})


def series_key(base: str) -> str:
    """Return the key of a base: the characters that are in every name of its series."""
    return base[: MAX_NAME - len("-9999")]
