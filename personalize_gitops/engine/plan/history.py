"""How long creations take in this account, from the objects that it has. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.live import Live, Snapshot, at_and_above
from personalize_gitops.model.members import mutable_members, references, switch_of
from personalize_gitops.model.plan import Change
from personalize_gitops.model.status import Condition

_NEWEST = 5  # data grows, so older runs say less

_CREATING = frozenset({Action.CREATE, Action.RUN, Action.SUCCESSOR, Action.RECREATE, Action.WAIT})


def creation_times(changes: Iterable[Change], snapshot: Snapshot) -> dict[Address, float]:
    """Return the median time in seconds of the newest similar creations, by the address of each change that creates.

    Objects of the same kind with the same parent are similar, such as versions of one solution; if there are none, all
    objects of the kind. A change without similar objects is left out.
    """
    found: dict[Address, float] = {}
    created: dict[str, _Created] = {}
    for change in changes:
        if change.action not in _CREATING:
            continue
        kind_name = change.address.kind_name
        known = created.setdefault(kind_name, _Created(snapshot.of_kind(kind_name)))
        if known.all and (similar := (known.below(_parents(change)) or known.all)[-_NEWEST:]):
            times = sorted(live.updated - live.created for live in similar)
            found[change.address] = times[len(times) // 2]
    return found


@dataclass(frozen=True)
class _Created:
    """The objects of a kind that show how long their creation took. Indexed: plans and accounts can be large."""

    objects: Sequence[Live]  # oldest first

    @cached_property
    def all(self) -> Sequence[Live]:
        """The objects, oldest first."""
        return [live for live in self.objects if _shows_its_creation(live)]

    @cached_property
    def _by_parent(self) -> Mapping[str, Sequence[Live]]:
        found: dict[str, list[Live]] = {}
        for live in self.all:
            for arn in live.referenced | at_and_above(live.arn):
                found.setdefault(arn, []).append(live)
        return found

    def below(self, parents: Iterable[str]) -> Sequence[Live]:
        """Return the objects that refer to one of these ARNs or are below it, oldest first."""
        found = {live.arn: live for parent in parents for live in self._by_parent.get(parent, ())}
        return sorted(found.values(), key=lambda live: (live.created, live.arn))


def _shows_its_creation(live: Live) -> bool:
    """Return whether the last change of an object was the end of its creation.

    That is so for runs, and for other objects while nothing can have changed them. A start or a stop leaves no record.
    """
    if live.condition is not Condition.READY or live.update or live.updated <= live.created:
        return False
    return live.kind.is_run or (switch_of(live.kind) is None and (live.described or not mutable_members(live.kind)))


def _parents(change: Change) -> Iterator[str]:
    """Yield the ARNs that the new object refers to, as far as they are known."""
    values = (change.attributes.get(member.alias) for member in references(change.kind))
    return (value for value in values if isinstance(value, str))
