"""How a change of one member is carried out, derived from the marks of its kind. Pure.

The planner, the text of a plan and docs/changes.md use the same functions, so they agree, and a new field is classified
by declaring it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.members import is_mutable, notes
from personalize_gitops.model.resource import Replace, Resource
from personalize_gitops.model.structure import Note


class ChangeClass(StrEnum):
    """How a change of a member is carried out, from harmless to impossible."""

    IN_PLACE = "in place"
    COSTLY = "in place, slow or costly"
    RUN = "another run"
    SUCCESSOR = "successor"  # a new object is created, then the old one is deleted
    RECREATE = "recreate"  # deleted and created again: an outage
    LOSS = "recreate with loss"
    IMPOSSIBLE = "impossible"  # the plan is blocked


def class_of(kind: type[Resource], path: Sequence[str], strategy: Replace) -> ChangeClass:
    """Return the class of a change of the member at `path` under a replacement strategy."""
    if kind.is_run:
        return ChangeClass.RUN
    if not is_mutable(kind, path):
        return class_of_replacement(kind, strategy)
    return ChangeClass.COSTLY if any(notes(kind, path)) else ChangeClass.IN_PLACE


def class_of_replacement(kind: type[Resource], strategy: Replace) -> ChangeClass:
    """Return the class of a replacement under a strategy."""
    match strategy:
        case Replace.SUCCESSOR if not kind.no_successor:
            return ChangeClass.SUCCESSOR
        case Replace.RECREATE:
            return ChangeClass.LOSS if kind.loses else ChangeClass.RECREATE
        case _:
            return ChangeClass.IMPOSSIBLE


def possible_strategies(kind: type[Resource]) -> tuple[Replace, ...]:
    """Return the strategies that can replace an object of a kind, the kind's default first."""
    possible = (strategy for strategy in Replace if class_of_replacement(kind, strategy) is not ChangeClass.IMPOSSIBLE)
    return tuple(sorted(possible, key=lambda strategy: strategy is not kind.replace))


def side_effects(kind: type[Resource], field: FieldChange) -> Iterator[Note]:
    """Yield the side effects of one change in place."""
    return (note for note in notes(kind, field.path) if note.when(field.before, field.after))
