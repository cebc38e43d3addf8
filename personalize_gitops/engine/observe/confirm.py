"""Nothing is done by hearsay.

The index of tags lags behind: good enough to see that nothing has to be done, never enough to act on. Before a plan
that would change something is believed, the objects it relies on are asked themselves, members and tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from personalize_gitops.engine.observe.observe import each
from personalize_gitops.model.action import Action
from personalize_gitops.model.live import Live, Snapshot, at_and_above
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.ports import Cloud
from personalize_gitops.model.resource import Resource, Run

K = TypeVar("K")


def make_sure(
    make: Callable[[Snapshot], Plan], snapshot: Snapshot, cloud: Cloud, pool: Executor
) -> tuple[Plan, Snapshot]:
    """The plan for an account once nothing it would act on is hearsay, and what the account holds."""
    plan = make(snapshot)
    while doubts := _doubts(plan, snapshot):
        asked = each(pool, lambda live: _asked(cloud, live), doubts)
        told = {before.arn: after for before, after in zip(doubts, asked, strict=True)}
        lives = (told.get(live.arn, live) for live in snapshot.lives)
        snapshot = replace(
            snapshot, lives=tuple(live for live in lives if live is not None), hearsay=snapshot.hearsay - told.keys()
        )
        plan = make(snapshot)
    return plan, snapshot


def _asked(cloud: Cloud, live: Live) -> Live | None:
    """The object by its own word, members and tags, or None when it is gone."""
    found = cloud.describe(live.kind, live.arn)
    return replace(found, tags=cloud.tags(live.arn)) if found and live.kind.taggable else found


def _doubts(plan: Plan, snapshot: Snapshot) -> list[Live]:
    """The objects a plan would act on, or take for somebody else's, by hearsay or by no more than a list tells."""
    around = _Around(snapshot)
    relied_on = {live.arn: live for change in plan.pending for live in _relied_on(change, plan, snapshot, around)}
    return [live for arn, live in sorted(relied_on.items()) if arn in snapshot.hearsay or not live.is_read]


@dataclass(frozen=True)
class _Around:
    """What stands in which relation to an object, to be looked up: plans and accounts may both be large."""

    snapshot: Snapshot

    @cached_property
    def users(self) -> Mapping[str, Sequence[Live]]:
        """What refers to an object, or to something below it, by the ARN of that object."""
        return _grouped((arn, live) for live in self.snapshot.lives for arn in live.referred)

    @cached_property
    def by_arn(self) -> Mapping[str, Live]:
        """Every object."""
        return {live.arn: live for live in self.snapshot.lives}

    @cached_property
    def unread(self) -> Mapping[type[Resource], Sequence[Live]]:
        """What only its list has told of, by kind."""
        lives = (live for live in self.snapshot.lives if not live.is_read and not live.service_made)
        return _grouped((live.kind, live) for live in lives)

    @cached_property
    def unnamed(self) -> Mapping[str, Sequence[Live]]:
        """The runs that nothing tells the name of, by the ARN of what they lie below."""
        lives = (live for lives in self.unread.values() for live in lives if not live.name)
        return _grouped((arn, live) for live in lives for arn in at_and_above(live.arn))


def _grouped(pairs: Iterable[tuple[K, Live]]) -> dict[K, list[Live]]:
    found: dict[K, list[Live]] = {}
    for key, live in pairs:
        found.setdefault(key, []).append(live)
    return found


def _relied_on(change: Change, plan: Plan, snapshot: Snapshot, around: _Around) -> Iterator[Live]:
    """Whatever decides about a change: its object, all that may be ours under its address or its name."""
    targets = [value for value in (change.attributes or {}).values() if isinstance(value, str)]
    if change.live:
        yield change.live
    # Whether it may move elsewhere depends on what it refers to now, which nobody else may have asked about; and what
    # it is to refer to may have been told by its tags alone.
    for arn in (*(change.live.referred if change.live else ()), *targets):
        known = around.by_arn.get(arn)
        if known and not known.is_read and not known.service_made:
            yield known
    document = change.document
    line = snapshot.line(change.address.kind, document.aws_name if document else change.aws_name)
    yield from snapshot.owned(plan.owner, change.address)
    yield from line
    if document is None:
        return
    if not document.kind.taggable:
        # What cannot carry a tag is ours by what it stands in relation to.
        for other in line:
            yield from around.users.get(other.arn, ())
            yield from (around.by_arn[arn] for arn in other.referred if arn in around.by_arn)
    if issubclass(document.kind, Run) and change.action is Action.RUN:
        if document.kind.overwrites(document.attributes):
            yield from around.unread.get(document.kind, ())
        # A run without a name may be the very one that is about to begin.
        for target in targets:
            yield from (live for live in around.unnamed.get(target, ()) if live.kind is document.kind)
