"""Which live object stands for which document: by tag first, by name second."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from personalize_gitops.model.desired import Document, cut
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.status import Condition


@dataclass(frozen=True)
class Pairing:
    """The object that stands for a document, and what it has replaced."""

    live: Live | None = None
    superseded: tuple[Live, ...] = ()  # owned objects of the same address that it replaced
    owned: bool = False  # `live` is this project's
    claimed_by: str = ""  # who else it belongs to, when it does


def pair(document: Document, snapshot: Snapshot, project: str, fits: Callable[[Live], bool]) -> Pairing:
    """The object for a document; among several that are ours the one that fits, else the newest."""
    lives = snapshot.of_kind(document.address.kind)
    if not document.kind.taggable:
        return _pair_by_name(document, lives, fits)
    ours = [live for live in lives if live.project == project and live.address == document.address]
    if ours:
        staying = [live for live in ours if live.condition is not Condition.DELETING] or ours
        chosen = next((live for live in reversed(staying) if fits(live)), staying[-1])
        rest = tuple(live for live in staying if live is not chosen and live.condition is not Condition.DELETING)
        return Pairing(chosen, rest, owned=True)
    namesake = next((live for live in lives if live.name == document.aws_name), None)
    if namesake is None:
        return Pairing()
    if namesake.project == project and namesake.address is not None:
        return Pairing(namesake, claimed_by=f"this project's {namesake.address}")
    if namesake.project not in (None, project):
        return Pairing(namesake, claimed_by=f"project {namesake.project}")
    return Pairing(namesake)


def _pair_by_name(document: Document, lives: Sequence[Live], fits: Callable[[Live], bool]) -> Pairing:
    """What cannot carry a tag is told by its name, successors included (`name`, `name-2`, …).

    Nothing counts as superseded here: without a tag there is no telling whether we made it.
    """
    family = sorted((live for live in lives if ordinal(document.aws_name, live.name)), key=lambda live: live.created)
    if not family:
        return Pairing()
    return Pairing(next((live for live in reversed(family) if fits(live)), family[-1]), owned=True)


def ordinal(base: str, name: str) -> int:
    """Which of its line `name` is: 1 for `base` itself, n for `base-n`, 0 for a stranger."""
    if name == base:
        return 1
    stem, _, number = name.rpartition("-")
    if not re.fullmatch(r"[2-9]|[1-9]\d+", number) or stem != cut(base, f"-{number}")[: -len(number) - 1]:
        return 0
    return int(number)


def next_name(base: str, lives: Sequence[Live]) -> str:
    """The first name of a line that nothing has taken, later than every one that is."""
    taken = max((ordinal(base, live.name) for live in lives), default=0)
    return base if taken == 0 else cut(base, f"-{taken + 1}")
