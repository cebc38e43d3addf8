"""Which live objects a plan relies on: a saved plan is stale when one of them is not the same object any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from personalize_gitops.model.action import QUIET
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.members import references
from personalize_gitops.model.plan import Change


def relying(changes: Iterable[Change], snapshot: Snapshot) -> tuple[Change, ...]:
    """Return the changes with the objects that pending ones act on, refer to, or delete with theirs."""
    around = _Around(snapshot)
    return tuple(change if change.action in QUIET else _relying(change, snapshot, around) for change in changes)


def _relying(change: Change, snapshot: Snapshot, around: _Around) -> Change:
    found = {(live.arn, live.created): live for live in _of_change(change, snapshot, around)}
    return replace(change, relies_on=found) if found else change  # most of a first plan relies on nothing


@dataclass(frozen=True)
class _Around:
    """Indexes of what a deletion takes along, built when the first deletion asks: plans and accounts can be large."""

    snapshot: Snapshot

    @cached_property
    def possible_users(self) -> Mapping[str, Sequence[Live]]:
        """The runs whose list entry omits a reference, by the kind that it refers to."""
        found: dict[str, list[Live]] = {}
        for live in self.snapshot.objects:
            if live.kind.is_run and not live.described:
                for member in references(live.kind):
                    if member.ref and member.alias not in live.attributes:
                        found.setdefault(member.ref, []).append(live)
        return found


def _of_change(change: Change, snapshot: Snapshot, around: _Around) -> Iterator[Live]:
    sent = change.attributes if change.update is None else {**change.attributes, **change.update}
    for value in sent.values():
        if isinstance(value, str) and value in snapshot.by_arn:
            yield snapshot.by_arn[value]
    if change.live is None:
        return
    yield change.live
    if change.deletes:
        yield from snapshot.contents.get(change.live.arn, ())
        yield from snapshot.users.get(change.live.arn, ())
        yield from around.possible_users.get(change.address.kind_name, ())  # one may belong to the deleted object
