"""AWS names: how long they may be, and the line of names that successors and repeated runs make.

A successor of `rank` is `rank-2`, then `rank-3`; so is the second attempt at a run. All are of the line of `rank`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MAX_NAME = 63  # of every named thing in the service (docs/service/2 §2.1)


def cut(name: str, ending: str) -> str:
    """`name` + `ending`, with the name cut so that both fit into an AWS name."""
    return name[: MAX_NAME - len(ending)] + ending


def ordinal(base: str, name: str) -> int:
    """Which of its line `name` is: 1 for `base` itself, n for `base-n`, 0 for a stranger."""
    if name == base:
        return 1
    _, _, number = name.rpartition("-")
    if not re.fullmatch(r"[2-9]|[1-9]\d+", number) or name != cut(base, f"-{number}"):
        return 0
    return int(number)


def next_name(base: str, taken: Iterable[str]) -> str:
    """The first name of a line later than every one that is taken."""
    last = max((ordinal(base, name) for name in taken), default=0)
    return base if last == 0 else cut(base, f"-{last + 1}")


def line_keys(name: str) -> frozenset[str]:
    """Keys to index a name by: the base of its line, whichever it is, has one of them as its `line_key`."""
    return frozenset({line_key(name), line_key(name.rpartition("-")[0])})


def line_key(base: str) -> str:
    """The key of a base: what no ending can cut away from it."""
    return base[: MAX_NAME - len("-9999")]
