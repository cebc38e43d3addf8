"""Which live object stands for which document: by tag first, by name second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.live import SUCCEEDED, Live, Snapshot
from personalize_gitops.model.names import ordinal
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
    line = snapshot.line(document.address.kind, document.aws_name)
    ours = snapshot.owned(desired.owner, document.address)
    if len(ours) > 1 and (strangers := [live for live in ours if live not in line]):
        # Tags can be copied. Only successors make several of one address, and those are of one line of names.
        return Pairing(ours[0], claimed_by=f"{strangers[0].name} as well, by its tags; one of them is a copy")
    if ours:
        staying = [live for live in ours if live.condition is not Condition.DELETING] or ours
        chosen = next((live for live in reversed(staying) if fits(live)), staying[-1])
        rest = tuple(live for live in staying if live is not chosen and live.condition is not Condition.DELETING)
        return Pairing(chosen, rest, owned=True)
    namesake = next((live for live in line if live.name == document.aws_name), None)
    if namesake is None:
        return Pairing()
    if namesake.owner == desired.owner and namesake.address is not None:
        return Pairing(namesake, claimed_by=f"this project's {namesake.address}")
    if namesake.owner not in (None, desired.owner):
        return Pairing(namesake, claimed_by=f"project {namesake.owner}")
    return Pairing(namesake)


def _pair_by_name(document: Document, desired: Desired, snapshot: Snapshot, fits: Callable[[Live], bool]) -> Pairing:
    """What cannot carry a tag is told by its name, successors included (`name`, `name-2`, …).

    It is ours when it is as declared, or stands in relation to something that carries our tag: a dataset of ours uses
    the schema, a group of ours holds the attribution. Anything else under the name is a stranger's.
    """
    kind = document.address.kind
    line = [live for live in snapshot.line(kind, document.aws_name) if _is_free(live, document, desired)]
    fitting = next((live for live in reversed(line) if fits(live)), None)
    if fitting:
        return Pairing(fitting, _succeeded(fitting, line, document, desired, snapshot), owned=True)
    related = next((live for live in reversed(line) if is_related(live, desired, snapshot)), None)
    if related:
        return Pairing(related, owned=True)
    namesake = next((live for live in line if live.name == document.aws_name), None)
    return Pairing(namesake, owned=document.lifecycle.adopt)  # there is no tag to take it over with


def _succeeded(
    chosen: Live, line: Sequence[Live], document: Document, desired: Desired, snapshot: Snapshot
) -> tuple[Live, ...]:
    """What of its line an object that cannot carry a tag has replaced.

    That is what something of ours still refers to, or has a record of: whatever moves away from it writes one first.
    A successor is younger than what it follows, so a stranger who took a name that became free is not meant.
    """
    earlier = [
        live
        for live in line
        if live.created < chosen.created
        and ordinal(document.aws_name, live.name) < ordinal(document.aws_name, chosen.name)
    ]
    if not earlier:
        return ()
    ours = [other for other in snapshot.lives if other.owner == desired.owner]
    recorded = {
        name for other in ours if other.settled.refers_to(chosen.arn) for name in other.tags.get(SUCCEEDED, "").split()
    }
    return tuple(
        live for live in earlier if live.name in recorded or any(other.settled.refers_to(live.arn) for other in ours)
    )


def is_related(live: Live, desired: Desired, snapshot: Snapshot) -> bool:
    """Whether something that carries our tag refers to an object, or is referred to by it."""
    ours = [other for other in snapshot.lives if other.owner == desired.owner]
    return any(other.settled.refers_to(live.arn) or live.refers_to(other.arn) for other in ours)


def _is_free(live: Live, document: Document, desired: Desired) -> bool:
    """Whether no other document goes by the name of an object."""
    return live.name == document.aws_name or live.name not in desired.aws_names(document.address.kind)
