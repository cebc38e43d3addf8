"""Nothing is done by hearsay.

The index of tags lags behind: good enough to see that nothing has to be done, never enough to act on. Before a plan
that would change something is believed, the objects it relies on are asked themselves, members and tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from personalize_gitops.engine.observe import each
from personalize_gitops.engine.ports import Cloud
from personalize_gitops.model.action import Action
from personalize_gitops.model.live import Live, Snapshot, is_at_or_below
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.resource import Run


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
    unread = [live for live in snapshot.lives if not live.is_read and not live.service_made]
    relied_on = {live.arn: live for change in plan.pending for live in _relied_on(change, plan, snapshot, unread)}
    return [live for arn, live in sorted(relied_on.items()) if arn in snapshot.hearsay or not live.is_read]


def _relied_on(change: Change, plan: Plan, snapshot: Snapshot, unread: Sequence[Live]) -> Iterator[Live]:
    """Whatever decides about a change: its object, all that may be ours under its address or its name."""
    if change.live:
        yield change.live
        # Whether it may move elsewhere depends on what it refers to now, which nobody else may have asked about.
        yield from (live for live in unread if change.live.refers_to(live.arn))
    document = change.document
    if document is None:
        return
    line = snapshot.line(change.address.kind, document.aws_name)
    yield from snapshot.owned(plan.owner, change.address)
    yield from line
    if line and not document.kind.taggable:
        # What cannot carry a tag is ours by what it stands in relation to.
        for live in snapshot.lives:
            if any(live.refers_to(other.arn) or other.refers_to(live.arn) for other in line):
                yield live
    if issubclass(document.kind, Run) and change.action is Action.RUN:
        overwrites = document.kind.overwrites(document.attributes)
        targets = [value for value in (change.attributes or {}).values() if isinstance(value, str)]
        for live in unread:
            # A run without a name may be the very one that is about to begin.
            is_near = not live.name and any(is_at_or_below(live.arn, target) for target in targets)
            if live.kind is document.kind and (overwrites or is_near):
                yield live
