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
from personalize_gitops.model.tags import NAME, SUCCEEDED


@dataclass(frozen=True)
class Match:
    """The object of a document, and who owns it. Neither `owned` nor a `claim` means that it is unmanaged."""

    live: Live | None = None  # None: no object has the address or the name
    superseded: tuple[Live, ...] = ()  # owned objects of the same address that `live` has replaced
    owned: bool = False  # we own `live`, or the document adopts it
    claim: Reason | None = None  # why the document may not manage `live`: another owner, or copied tags


def match_document(document: Document, context: PlanContext, fits: Callable[[Live], bool]) -> Match:
    """Return the match of a document: an owned object of its address, else the object of its AWS name.

    Of several owned objects, choose the newest that `fits` (has no differences), else the newest.
    """
    desired, snapshot = context.desired, context.snapshot
    if not document.kind.taggable:
        return _match_by_name(document, context, fits)
    series = snapshot.series(document.address.kind_name, document.aws_name)
    ours = snapshot.owned(desired.owner, document.address)
    if copy := copied_tags(ours, document.aws_name):
        return Match(ours[0], claim=copy)
    if ours:
        staying = [live for live in ours if live.condition is not Condition.DELETING] or ours
        chosen = next((live for live in reversed(staying) if fits(live)), staying[-1])
        rest = tuple(live for live in staying if live is not chosen and live.condition is not Condition.DELETING)
        return Match(chosen, rest, owned=True)
    namesake = next((live for live in series if live.name == document.aws_name), None)
    return Match(namesake, claim=_claim(namesake, desired.owner) if namesake else None)


def copied_tags(owned: Sequence[Live], base: str = "") -> Reason | None:
    """Return that tags were copied among the objects of one address; None if we set them on each object.

    Several objects of one address are an object and its successors. Their names are of the series of `base`, or else of
    the shortest name, and the tags of each record its own name. Anything else is an object that somebody has given our
    tags. A single object only must not record the name of another: its tags may be older than that record.
    """
    if len(owned) < 2:
        return next(filter(None, map(copied_from_other, owned)), None)
    if not any(ordinal(base, live.name) for live in owned):  # a renamed object keeps its AWS name
        base = min((live.name for live in owned), key=len)
    others = [live for live in owned if not (ordinal(base, live.name) and live.is_tagged_as_ours)]
    if not others:
        return None
    first = next((live for live in owned if live not in others), owned[0])
    other = next(live for live in others if live is not first)
    return because(ReasonCode.COPIED_TAGS, name=Verbatim(first.name), other=Verbatim(other.name))


def copied_from_other(live: Live) -> Reason | None:
    """Return that the tags of an object record the name or the kind of another object; None if they do not."""
    of_other_kind = live.address is not None and live.address.kind_name != live.kind.kind_name()
    if not (live.has_copied_tags or of_other_kind):
        return None
    name = live.tags.get(NAME, str(live.address))
    return because(ReasonCode.COPIED_TAGS, name=Verbatim(name), other=Verbatim(live.name))


def _claim(live: Live, owner: str) -> Reason | None:
    """Return which other document or project an object with the document's name belongs to; None if to none."""
    name = Verbatim(live.name)
    if live.owner == owner and live.address is not None:
        return because(ReasonCode.OWNED_BY_ADDRESS, name=name, address=live.address)
    if live.owner is not None and live.owner != owner:
        return because(ReasonCode.OWNED_BY_PROJECT, name=name, owner=Verbatim(live.owner))
    return None


def _match_by_name(document: Document, context: PlanContext, fits: Callable[[Live], bool]) -> Match:
    """Return the match of an untaggable kind, by the document's AWS name or that of a successor (`name-2`, …).

    We own an object that is as declared or related to an object with our tags: our dataset uses the schema, or our
    dataset group contains the attribution. Any other object of the name is unmanaged.
    """
    desired, snapshot, kind_name = context.desired, context.snapshot, document.address.kind_name
    series = [live for live in snapshot.series(kind_name, document.aws_name) if _is_free(live, document, desired)]
    if fitting := [live for live in reversed(series) if fits(live)]:
        chosen = _preferred(fitting, document, context)
        return Match(chosen, _replaced_by(chosen, series, document, desired, snapshot), owned=True)
    related = next((live for live in reversed(series) if is_related(live, desired, snapshot)), None)
    if related:
        return Match(related, owned=True)
    namesake = next((live for live in series if live.name == document.aws_name), None)
    return Match(namesake, owned=document.lifecycle.adopt)  # without tags, only the document can permit adoption


def _preferred(fitting: Sequence[Live], document: Document, context: PlanContext) -> Live:
    """Return the object in use with us, else the one of the document's own name, else the first, which is the newest.

    Others can have an equal one. Only `--replace` makes an equal successor, which is the newest.
    """
    if len(fitting) == 1 or document.address in context.policy.replace:
        return fitting[0]
    desired, snapshot = context.desired, context.snapshot
    return min(fitting, key=lambda live: (not is_related(live, desired, snapshot), live.name != document.aws_name))


def _replaced_by(
    chosen: Live, series: Sequence[Live], document: Document, desired: Desired, snapshot: Snapshot
) -> tuple[Live, ...]:
    """Return the objects of `series` that the untaggable object `chosen` has replaced.

    One of our objects still refers to them or names them in its `succeeded` tag, which is written before its reference
    moves. A successor is newer than the object it replaces, so a newer object with a lower number does not count.
    """
    earlier = [
        live
        for live in series
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
    """Return whether an object with our tags refers to `live`, or `live` refers to it."""
    ours = [other for other in snapshot.objects if other.owner == desired.owner]
    return any(other.after_update.refers_to(live.arn) or live.refers_to(other.arn) for other in ours)


def _is_free(live: Live, document: Document, desired: Desired) -> bool:
    """Return whether no other document declares the AWS name of an object."""
    return live.name == document.aws_name or live.name not in desired.aws_names(document.address.kind_name)
