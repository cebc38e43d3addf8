"""Confirm a plan: re-read the objects it relies on before it is shown or applied.

The tag index is eventually consistent. It is good enough to see that nothing has to be done, but not to act on. So the
objects that a change acts on, refers to or is blocked by are read again, with Describe and ListTagsForResource. The
plan is computed from the new snapshot, until it relies only on objects read this way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from personalize_gitops.engine.observe.reads import Reads
from personalize_gitops.model.action import QUIET, Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import RunDocument
from personalize_gitops.model.live import Live, Snapshot, at_and_above
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.ports import Cloud, Pool
from personalize_gitops.model.resource import Resource

K = TypeVar("K")


def confirm(
    make: Callable[[Snapshot], Plan], snapshot: Snapshot, cloud: Cloud, pool: Pool, *, tolerant: bool = False
) -> tuple[Plan, Snapshot]:
    """Return a plan that relies on no unconfirmed object, and the snapshot it was made from.

    `make` returns the plan for a snapshot. If `tolerant`, objects that cannot be read are left out (`Snapshot.unread`).
    """
    plan = make(snapshot)
    while unconfirmed := _unconfirmed(plan, snapshot):
        snapshot = reread(unconfirmed, snapshot, cloud, Reads(pool, tolerant))
        plan = make(snapshot)
    return plan, snapshot


def reread(objects: Sequence[Live], snapshot: Snapshot, cloud: Cloud, reads: Reads) -> Snapshot:
    """Return the snapshot with some of its objects and their tags read again."""
    read = {live.arn: live for live in reads.objects(lambda live: _read(cloud, live), objects)}
    again = {live.arn for live in objects}
    known = (read.get(live.arn) if live.arn in again else live for live in snapshot.objects)
    return replace(
        snapshot,
        objects=tuple(live for live in known if live is not None),
        unconfirmed=snapshot.unconfirmed - again,
        unread=(*snapshot.unread, *reads.unread),
    )


def _read(cloud: Cloud, live: Live) -> Live | None:
    """Return the object with its members and tags, read again; None if it does not exist."""
    found = cloud.describe(live.kind, live.arn)
    return replace(found, tags=cloud.tags(live.arn)) if found and live.kind.taggable else found


def _unconfirmed(plan: Plan, snapshot: Snapshot) -> list[Live]:
    """Return the objects that a plan relies on and that were only listed or have tags from the index."""
    indexes = _Indexes(snapshot, plan.owner, plan.needs.keys())
    shown = [change for change in plan.changes if change.action not in QUIET or change.fields or change.left_out]
    to_confirm = {live.arn: live for change in shown for live in _to_confirm(change, plan, snapshot, indexes)}
    return [live for arn, live in sorted(to_confirm.items()) if arn in snapshot.unconfirmed or not live.described]


@dataclass(frozen=True)
class _Indexes:
    """Indexes of objects that a change may depend on. They keep the cost linear in large accounts."""

    snapshot: Snapshot
    owner: str
    declared: Collection[Address]

    @cached_property
    def by_kind(self) -> Mapping[type[Resource], Sequence[Live]]:
        """The objects that were listed and not described by kind, without those that the service created by itself."""
        only_listed = (live for live in self.snapshot.objects if not live.described and not live.service_made)
        return _grouped((live.kind, live) for live in only_listed)

    @cached_property
    def owned(self) -> Mapping[type[Resource], Sequence[Live]]:
        """The owned objects by kind whose address in the index is not declared; it may be an earlier address."""
        tagged = (
            live for live in self.snapshot.objects if live.owner == self.owner and live.address not in self.declared
        )
        return _grouped((live.kind, live) for live in tagged)

    @cached_property
    def may_go_with(self) -> Mapping[str, Sequence[Live]]:
        """The listed runs that may be deleted with an object of a kind, by that kind: a list omits which object."""
        return _grouped(
            (kind.goes_with, live) for kind, lives in self.by_kind.items() if kind.goes_with for live in lives
        )

    @cached_property
    def unnamed(self) -> Mapping[str, Sequence[Live]]:
        """The objects without a name (solution versions), by their ARN and the ARNs above it."""
        unnamed = (live for objects in self.by_kind.values() for live in objects if not live.name)
        return _grouped((arn, live) for live in unnamed for arn in at_and_above(live.arn))


def _grouped(pairs: Iterable[tuple[K, Live]]) -> dict[K, list[Live]]:
    """Return the objects by key, in their order."""
    found: dict[K, list[Live]] = {}
    for key, live in pairs:
        found.setdefault(key, []).append(live)
    return found


def _to_confirm(change: Change, plan: Plan, snapshot: Snapshot, indexes: _Indexes) -> Iterator[Live]:
    """Yield the objects that a change depends on: its own, those with its address or name, and those it refers to.

    A deletion also depends on the objects that go with it, such as the versions of a solution: they may be protected.
    """
    sent = change.attributes if change.update is None else change.update
    targets = [value for value in sent.values() if isinstance(value, str)]
    if change.live:
        yield change.live
    if change.live and (change.deletes or change.action is Action.BLOCKED):
        yield from snapshot.contents.get(change.live.arn, ())
    if change.live and change.deletes:
        yield from indexes.may_go_with.get(change.kind.kind_name(), ())
    # Whether a reference can move depends on the object it leads to now; the tag index may have named the next one.
    for arn in (*(change.live.referenced if change.live else ()), *targets):
        known = snapshot.by_arn.get(arn)
        if known and not known.described and not known.service_made:
            yield known
    series = snapshot.series(change.address.kind_name, change.document.aws_name if change.document else change.aws_name)
    yield from snapshot.owned(plan.owner, change.address)
    yield from series
    if change.action in (Action.CREATE, Action.RUN):
        yield from indexes.owned.get(change.kind, ())
    if change.document and change.document.renamed_from:
        yield from snapshot.owned(plan.owner, change.document.renamed_from)
    if not change.kind.taggable and change.document:
        # We own an untaggable object if it is related to one that carries our tags.
        for other in series:
            yield from snapshot.users.get(other.arn, ())
            yield from (snapshot.by_arn[arn] for arn in other.referenced if arn in snapshot.by_arn)
    if change.kind.is_run and change.action is Action.ADOPT:
        # Any unmanaged run can be the newest with the inputs of the document.
        yield from (live for live in indexes.by_kind.get(change.kind, ()) if live.owner is None)
    if isinstance(change.document, RunDocument) and change.action is Action.RUN:
        if change.document.kind.overwrites(change.document.attributes):
            yield from indexes.by_kind.get(change.kind, ())
        # A run without a name can be the run that this change would start again.
        for target in targets:
            yield from (live for live in indexes.unnamed.get(target, ()) if live.kind is change.kind)
