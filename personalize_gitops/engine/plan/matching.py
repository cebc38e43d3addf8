"""Matching: which live object belongs to which document, by tags first, by name second."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.names import ordinal
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.status import Condition
from personalize_gitops.model.tags import SUCCEEDED


@dataclass(frozen=True)
class Match:
    """The object that belongs to a document, and the objects that it has replaced."""

    live: Live | None = None
    superseded: tuple[Live, ...] = ()  # owned objects of the same address that `live` has replaced
    owned: bool = False  # `live` is this project's
    claim: Reason | None = None  # why `live` belongs to somebody else


def match_document(document: Document, context: PlanContext, fits: Callable[[Live], bool]) -> Match:
    """Return the object of a document. Of several owned objects, choose the one that fits, else the newest."""
    desired, snapshot = context.desired, context.snapshot
    if not document.kind.taggable:
        return _match_by_name(document, desired, snapshot, fits)
    line = snapshot.line(document.address.kind_name, document.aws_name)
    ours = snapshot.owned(desired.owner, document.address)
    if copy := copied_tags(ours, document.aws_name):
        return Match(ours[0], claim=copy)
    if ours:
        staying = [live for live in ours if live.condition is not Condition.DELETING] or ours
        chosen = next((live for live in reversed(staying) if fits(live)), staying[-1])
        rest = tuple(live for live in staying if live is not chosen and live.condition is not Condition.DELETING)
        return Match(chosen, rest, owned=True)
    namesake = next((live for live in line if live.name == document.aws_name), None)
    return Match(namesake, claim=_claim(namesake, desired.owner) if namesake else None)


def copied_tags(owned: Sequence[Live], base: str) -> Reason | None:
    """Return that tags were copied among the objects of one address; None if all are its own and its successors.

    Several objects of one address are an object and its successors. Their names are of the line of `base`, and the tags
    of each record its own name. Anything else is another object that somebody has given our tags.
    """
    if len(owned) < 2:
        return None
    others = [live for live in owned if not (ordinal(base, live.name) and live.is_tagged_as_ours)]
    if not others:
        return None
    first = next((live for live in owned if live not in others), owned[0])
    other = next(live for live in others if live is not first)
    return because(ReasonCode.COPIED_TAGS, name=Verbatim(first.name), other=Verbatim(other.name))


def line_base(owned: Sequence[Live]) -> str:
    """Return the base of the line of names that objects of one address have: the shortest name."""
    return min((live.name for live in owned), key=len)


def _claim(live: Live, owner: str) -> Reason | None:
    """Return why the object of a document's name belongs to another document or project; None if it does not."""
    name = Verbatim(live.name)
    if live.owner == owner and live.address is not None:
        return because(ReasonCode.OWNED_BY_ADDRESS, name=name, address=live.address)
    if live.owner is not None and live.owner != owner:
        return because(ReasonCode.OWNED_BY_PROJECT, name=name, owner=Verbatim(live.owner))
    return None


def _match_by_name(document: Document, desired: Desired, snapshot: Snapshot, fits: Callable[[Live], bool]) -> Match:
    """Match an object that cannot carry tags by its name, successors included (`name`, `name-2`, …).

    It is ours if it is as declared, or related to an object with our tags: a dataset of ours uses the schema, a group
    of ours holds the attribution. Any other object of the name is somebody else's.
    """
    kind_name = document.address.kind_name
    line = [live for live in snapshot.line(kind_name, document.aws_name) if _is_free(live, document, desired)]
    fitting = next((live for live in reversed(line) if fits(live)), None)
    if fitting:
        return Match(fitting, _replaced_by(fitting, line, document, desired, snapshot), owned=True)
    related = next((live for live in reversed(line) if is_related(live, desired, snapshot)), None)
    if related:
        return Match(related, owned=True)
    namesake = next((live for live in line if live.name == document.aws_name), None)
    return Match(namesake, owned=document.lifecycle.adopt)  # without tags, only the document can permit adoption


def _replaced_by(
    chosen: Live, line: Sequence[Live], document: Document, desired: Desired, snapshot: Snapshot
) -> tuple[Live, ...]:
    """Return the objects of the line that an untaggable object has replaced.

    An object of ours still refers to them, or records them in a tag: it is written before anything moves away. A
    successor is newer than what it replaces, so an object that took a free name later is not one of them.
    """
    earlier = [
        live
        for live in line
        if live.created < chosen.created
        and ordinal(document.aws_name, live.name) < ordinal(document.aws_name, chosen.name)
    ]
    if not earlier:
        return ()
    ours = [other for other in snapshot.objects if other.owner == desired.owner]
    recorded = {
        name
        for other in ours
        if other.after_update.refers_to(chosen.arn)
        for name in other.tags.get(SUCCEEDED, "").split()
    }
    return tuple(
        live
        for live in earlier
        if live.name in recorded or any(other.after_update.refers_to(live.arn) for other in ours)
    )


def is_related(live: Live, desired: Desired, snapshot: Snapshot) -> bool:
    """Return whether an object with our tags refers to this one, or the other way round."""
    ours = [other for other in snapshot.objects if other.owner == desired.owner]
    return any(other.after_update.refers_to(live.arn) or live.refers_to(other.arn) for other in ours)


def _is_free(live: Live, document: Document, desired: Desired) -> bool:
    """Return whether no other document has the name of an object."""
    return live.name == document.aws_name or live.name not in desired.aws_names(document.address.kind_name)
