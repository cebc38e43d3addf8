"""Which live object stands for which document: by tag first, by name second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.status import Condition


@dataclass(frozen=True)
class Pairing:
    """The object that stands for a document, and what it has replaced."""

    live: Live | None = None
    superseded: tuple[Live, ...] = ()  # owned objects of the same address that it replaced
    owned: bool = False  # `live` is this project's
    claimed_by: str = ""  # who else it belongs to, when it does


def pair(document: Document, desired: Desired, snapshot: Snapshot, fits: Callable[[Live], bool]) -> Pairing:
    """The object for a document; among several that are ours the one that fits, else the newest."""
    if not document.kind.taggable:
        return _pair_by_name(document, desired, snapshot, fits)
    ours = snapshot.owned(desired.project, document.address)
    if ours:
        staying = [live for live in ours if live.condition is not Condition.DELETING] or ours
        chosen = next((live for live in reversed(staying) if fits(live)), staying[-1])
        rest = tuple(live for live in staying if live is not chosen and live.condition is not Condition.DELETING)
        return Pairing(chosen, rest, owned=True)
    line = snapshot.line(document.address.kind, document.aws_name)
    namesake = next((live for live in line if live.name == document.aws_name), None)
    if namesake is None:
        return Pairing()
    if namesake.project == desired.project and namesake.address is not None:
        return Pairing(namesake, claimed_by=f"this project's {namesake.address}")
    if namesake.project not in (None, desired.project):
        return Pairing(namesake, claimed_by=f"project {namesake.project}")
    return Pairing(namesake)


def _pair_by_name(document: Document, desired: Desired, snapshot: Snapshot, fits: Callable[[Live], bool]) -> Pairing:
    """What cannot carry a tag is told by its name, successors included (`name`, `name-2`, …).

    Nothing counts as superseded here: without a tag there is no telling whether we made it.
    """
    line = [
        live for live in snapshot.line(document.address.kind, document.aws_name) if _is_free(live, document, desired)
    ]
    if not line:
        return Pairing()
    return Pairing(next((live for live in reversed(line) if fits(live)), line[-1]), owned=True)


def _is_free(live: Live, document: Document, desired: Desired) -> bool:
    """Whether no other document goes by the name of an object."""
    return live.name == document.aws_name or live.name not in desired.aws_names(document.address.kind)
