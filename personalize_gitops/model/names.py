"""AWS names: their length, and the line of names of an object and its successors or of the attempts at a run.

A successor of `rank` is `rank-2`, then `rank-3`; the second attempt at a run is named likewise. All are of the line of
`rank`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_NAME = 63  # of every named thing in the service (docs/service/2 §2.1)


def cut(name: str, suffix: str) -> str:
    """Return `name` + `suffix`, with the name cut so that both fit into an AWS name."""
    return name[: MAX_NAME - len(suffix)] + suffix


def ordinal(base: str, name: str) -> int:
    """Return the position of `name` in the line of `base`: 1 for `base`, n for `base-n`, 0 for any other name."""
    if name == base:
        return 1
    _, _, number = name.rpartition("-")
    if not re.fullmatch(r"[2-9]|[1-9]\d+", number) or name != cut(base, f"-{number}"):
        return 0
    return int(number)


def next_name(base: str, taken: Iterable[str]) -> str:
    """Return the first name of a line after all that are taken."""
    last = max((ordinal(base, name) for name in taken), default=0)
    return base if last == 0 else cut(base, f"-{last + 1}")


def line_keys(name: str) -> frozenset[str]:
    """Return keys to index a name by: one of them is the `line_key` of the base of its line."""
    return frozenset({line_key(name), line_key(name.rpartition("-")[0])})


def line_key(base: str) -> str:
    """Return the key of a base: the part that no suffix cuts off."""
    return base[: MAX_NAME - len("-9999")]
