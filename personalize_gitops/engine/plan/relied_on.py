"""Which live objects a plan relies on: a saved plan is stale when one of them is not the same object any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from personalize_gitops.model.action import QUIET
from personalize_gitops.model.live import Live, Snapshot, at_and_above
from personalize_gitops.model.members import references
from personalize_gitops.model.plan import Change


def relied_on(changes: Iterable[Change], snapshot: Snapshot) -> frozenset[tuple[str, float]]:
    """Return ARN and creation time of each object that pending changes act on, refer to, or delete with theirs."""
    contents = _contents(snapshot)
    pending = [change for change in changes if change.action not in QUIET]
    return frozenset((live.arn, live.created) for change in pending for live in _of_change(change, snapshot, contents))


def _contents(snapshot: Snapshot) -> Mapping[str, Sequence[Live]]:
    """Return the objects by the ARNs above their own: a solution's versions."""
    found: dict[str, list[Live]] = {}
    for live in snapshot.objects:
        for arn in at_and_above(live.arn) - {live.arn}:
            found.setdefault(arn, []).append(live)
    return found


def _of_change(change: Change, snapshot: Snapshot, contents: Mapping[str, Sequence[Live]]) -> Iterator[Live]:
    sent = change.attributes if change.update is None else {**change.attributes, **change.update}
    for value in sent.values():
        if isinstance(value, str) and value in snapshot.by_arn:
            yield snapshot.by_arn[value]
    if change.live is None:
        return
    yield change.live
    if change.deletes:
        yield from contents.get(change.live.arn, ())
        yield from snapshot.users.get(change.live.arn, ())
        # A list may not show what a run refers to, so every such run counts: it may belong to the deleted object.
        yield from (
            live for live in snapshot.objects if live.kind.is_run and not live.described and _may_use(live, change)
        )


def _may_use(live: Live, change: Change) -> bool:
    return any(
        member.ref == change.address.kind_name and member.alias not in live.attributes
        for member in references(live.kind)
    )
