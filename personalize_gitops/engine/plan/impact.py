"""The impact of a change on other resources: those that refer to the object or share its dataset group. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.decisions import Decisions
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.reason import Reason, ReasonCode, because
from personalize_gitops.model.resource import Evolving
from personalize_gitops.model.structure import Attributes


@dataclass(frozen=True)
class Move:
    """A reference that this plan moves to the object of another document."""

    before: Attributes  # of the object it refers to now
    document: Document  # of the object it will refer to


def moved_references(
    document: Document, live: Live, fields: Iterable[FieldChange], snapshot: Snapshot, decisions: Decisions
) -> Iterator[Move]:
    """Yield the references that move to the object of another document. A move to a successor is left out."""
    for field in fields:
        reference = document.references.get(field.path[0])
        if not isinstance(reference, Address) or decisions[reference].change.action is Action.SUCCESSOR:
            continue
        before = snapshot.by_arn.get(live.attributes.get(field.path[0], ""))
        # A list shows only some members.
        if before and before.described and before.kind.kind_name() == reference.kind_name:
            yield Move(before.attributes, decisions[reference].change.document)


def successor_obstacles(document: Document, before: Attributes) -> tuple[Reason, ...]:
    """Return why references cannot move from an object with `before` to the document's object; empty if they can."""
    if document.kind.no_successor:
        return (Reason(document.kind.no_successor),)
    if issubclass(document.kind, Evolving):
        return document.kind.successor_obstacles(before, document.attributes)
    return ()


def ways_around(document: Document, before: Attributes) -> tuple[Reason, ...]:
    """Return the manual steps that replace an impossible successor; empty if none are known."""
    return document.kind.ways_around(before, document.attributes) if issubclass(document.kind, Evolving) else ()


def move_obstacles(moves: Iterable[Move]) -> tuple[Reason, ...]:
    """Return why references cannot move; empty if all can."""
    return tuple(reason for move in moves for reason in successor_obstacles(move.document, move.before))


def ways_around_moves(moves: Iterable[Move]) -> Iterator[Reason]:
    """Yield the manual steps that replace impossible moves."""
    for move in moves:
        yield from ways_around(move.document, move.before)


def catch_up(document: Document, before: Attributes, context: PlanContext) -> Iterator[Reason]:
    """Yield what a replacement adds that other resources do not pick up automatically, then how each of them does."""
    added = document.kind.added(before, document.attributes) if issubclass(document.kind, Evolving) else None
    if added is None:
        return
    kind_name = document.address.kind_name
    affected = [
        other
        for other in context.desired.neighbors(document.address)
        if kind_name in other.kind.catch_up and _concerns(other, document.address, context.desired)
    ]
    existing = [
        other
        for other in affected
        if other.kind.is_run or context.snapshot.series(other.address.kind_name, other.aws_name)
    ]
    if existing:
        yield added
    for other in existing:
        yield because(ReasonCode.CATCH_UP, address=other.address, how=other.kind.catch_up[kind_name])


def _concerns(other: Document, address: Address, desired: Desired) -> bool:
    """Return whether a replacement of `address` concerns a document of its dataset group.

    It does if the document depends on `address`, or on no resource of that kind.

    For example, an import depends on the schema of its own dataset; a solution uses the schemas of all datasets.
    """
    dependencies = {found for found in desired.dependencies(other) if found.kind_name == address.kind_name}
    return not dependencies or address in dependencies
