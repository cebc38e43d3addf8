"""What a change means for others: for what refers to the object, and for what shares a dataset group with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from personalize_gitops.engine.plan.decisions import Settlement
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.resource import Attributes


@dataclass(frozen=True)
class Move:
    """A reference that is to lead to another document's object than before."""

    before: Attributes  # of the object it leads to now
    document: Document  # of the object it is to lead to


def moved(
    document: Document, live: Live, paths: Iterable[Sequence[str]], settled: Settlement, snapshot: Snapshot
) -> Iterator[Move]:
    """The references among `paths` that move from one declared thing to another; successors are not meant."""
    for path in paths:
        reference = document.references.get(path[0])
        if not isinstance(reference, Address) or settled[reference].change.action is Action.SUCCESSOR:
            continue
        target = settled[reference].change.document
        now = live.attributes.get(path[0])
        before = next((other for other in snapshot.of_kind(reference.kind) if other.arn == now), None)
        if target and before and before.is_read:  # a list tells some members of some kinds
            yield Move(before.attributes, target)


def hindrance(moves: Iterable[Move]) -> str:
    """Why a reference cannot move; empty when all can."""
    why = (move.document.kind.why_no_successor(move.before, move.document.attributes) for move in moves)
    return "; ".join(filter(None, why))


def ways_around(moves: Iterable[Move]) -> Iterator[str]:
    """What to do where references cannot move, step by step."""
    for move in moves:
        yield from move.document.kind.way_out(move.before, move.document.attributes)


def left_behind(document: Document, before: Attributes, desired: Desired, snapshot: Snapshot) -> Iterator[str]:
    """What others do not take up by themselves when a document takes the place of `before`, and who they are."""
    if not (news := document.kind.news(before, document.attributes)):
        return
    kind = document.address.kind
    users = [
        other
        for other in desired.around(document.address)
        if kind in other.kind.left_behind_by and _concerns(other, document.address, desired)
    ]
    there = [other for other in users if other.kind.is_run or snapshot.line(other.address.kind, other.aws_name)]
    if there:
        yield news
    for other in there:
        yield f"  {other.address}: {other.kind.left_behind_by[kind]}"


def _concerns(other: Document, address: Address, desired: Desired) -> bool:
    """Whether a document of the same group is about an address, or about none of its kind in particular.

    An import leads to the schema of its own dataset; a solution has to do with those of all.
    """
    leads_to = {found for found in desired.below(other) if found.kind == address.kind}
    return not leads_to or address in leads_to
