"""What becomes of a resource when one of its members changes, told from the marks of its kind. Pure.

One function answers for every member of every kind, so that the planner, the text of a plan and the page that explains
changes to people say the same, and a new field is classed by being declared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.resource import Note, Replace, Resource, is_mutable, notes


class ChangeClass(StrEnum):
    """How a change of a member is carried out, from harmless to not at all."""

    IN_PLACE = "in place"
    COSTLY = "in place, slow or costly"
    RUN = "another run"  # of what happens once
    SUCCESSOR = "successor"  # a new object beside the old, which goes once everything has moved
    RECREATE = "recreate"  # deleted and made anew: an outage
    LOSS = "recreate with loss"
    IMPOSSIBLE = "impossible"  # the plan is blocked


def class_of(kind: type[Resource], path: Sequence[str], strategy: Replace) -> ChangeClass:
    """The class of the member at `path` where `strategy` says how a kind is replaced."""
    if kind.is_run:
        return ChangeClass.RUN
    if not is_mutable(kind, path):
        return class_of_replacement(kind, strategy)
    return ChangeClass.COSTLY if any(notes(kind, path)) else ChangeClass.IN_PLACE


def class_of_replacement(kind: type[Resource], strategy: Replace) -> ChangeClass:
    """The class of a change that no update can carry out."""
    match strategy:
        case Replace.SUCCESSOR if not kind.no_successor:
            return ChangeClass.SUCCESSOR
        case Replace.RECREATE:
            return ChangeClass.LOSS if kind.loses else ChangeClass.RECREATE
        case _:
            return ChangeClass.IMPOSSIBLE


def ways_out(kind: type[Resource]) -> tuple[Replace, ...]:
    """The strategies by which a kind can be replaced at all, its own first."""
    possible = (strategy for strategy in Replace if class_of_replacement(kind, strategy) is not ChangeClass.IMPOSSIBLE)
    return tuple(sorted(possible, key=lambda strategy: strategy is not kind.replace))


def brought_by(kind: type[Resource], field: FieldChange) -> Iterator[Note]:
    """What this change of a member in place brings with it."""
    return (note for note in notes(kind, field.path) if note.when(field.before, field.after))
