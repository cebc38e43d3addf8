"""Reading the account with few calls: one list for each kind, one index for all tags, then the details a plan needs.

The index of tags lags behind, so what it says is hearsay: good enough to see that nothing has to be done, never enough
to act on. `make_sure` asks the objects themselves before a plan that would change something is believed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from personalize_gitops.engine.cache import Cache
from personalize_gitops.engine.ports import Clock, Cloud
from personalize_gitops.engine.runs import data_of, run_name, standing_runs
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.live import FINGERPRINT, Live, Snapshot, is_at_or_below
from personalize_gitops.model.names import line_key, line_keys
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.resource import Resource, references

T = TypeVar("T")
R = TypeVar("R")


def observe(cloud: Cloud, clock: Clock, desired: Desired, pool: Executor, cache: Cache | None = None) -> Snapshot:
    """What the account holds of every kind.

    Whatever cannot be read stops the observation with the service's error: what a page or a permission hid must not
    pass for absent.
    """
    known = cache or Cache()
    listed = [live for lives in _each(pool, cloud.list, desired.kinds.values()) for live in lives]
    index = cloud.tag_index()
    tagged = _each(pool, lambda live: _with_tags(cloud, live), listed) if index is None else _indexed(listed, index)
    named = _named(tagged, desired)
    wanted = _Wanted(desired, indexed=index is not None)

    def read(live: Live) -> Live | None:
        return _in_detail(cloud, known, live) if wanted.in_detail(live) else live

    lives = [live for live in _each(pool, read, named) if live is not None]
    if index is None:
        standing = standing_runs(desired, lives)
        lives = _each(pool, lambda live: _asked_for_tags(cloud, live) if live.arn in standing else live, lives)
    return Snapshot(
        account=cloud.account,
        region=cloud.region,
        taken_at=clock.now(),
        lives=tuple(lives),
        inputs=_inputs(cloud, desired, pool),
        hearsay=frozenset(live.arn for live in lives if index is not None and live.kind.taggable),
    )


def make_sure(
    make: Callable[[Snapshot], Plan], snapshot: Snapshot, cloud: Cloud, pool: Executor
) -> tuple[Plan, Snapshot]:
    """The plan for an account once nothing it would act on is hearsay, and what the account holds."""
    plan = make(snapshot)
    while doubts := _doubts(plan, snapshot):
        asked = _each(pool, lambda live: _asked(cloud, live), doubts)
        told = {before.arn: after for before, after in zip(doubts, asked, strict=True)}
        lives = (told.get(live.arn, live) for live in snapshot.lives)
        snapshot = replace(
            snapshot, lives=tuple(live for live in lives if live is not None), hearsay=snapshot.hearsay - told.keys()
        )
        plan = make(snapshot)
    return plan, snapshot


def _each(pool: Executor, call: Callable[[T], R], items: Iterable[T]) -> list[R]:
    return list(pool.map(call, items))


def _indexed(listed: Iterable[Live], index: Mapping[str, Mapping[str, str]]) -> list[Live]:
    return [replace(live, tags=index.get(live.arn, {})) for live in listed]


def _with_tags(cloud: Cloud, live: Live) -> Live:
    """Runs are told by their names, so only what may be owned for longer is asked for its tags."""
    return live if live.kind.is_run or not live.kind.taggable else _asked_for_tags(cloud, live)


def _asked_for_tags(cloud: Cloud, live: Live) -> Live:
    return replace(live, tags=cloud.tags(live.arn))


def _named(tagged: list[Live], desired: Desired) -> list[Live]:
    """The objects, those whose list tells no name called what their tags say.

    Only a version's list entry has no name (reference 4 §2.18). Where several carry the same tags, one of them has an
    ending that only its description tells.
    """
    counted = Counter(_tagged_name(live, desired) for live in tagged)
    return [
        replace(live, name=name) if (name := _tagged_name(live, desired)) and counted[name] == 1 else live
        for live in tagged
    ]


def _tagged_name(live: Live, desired: Desired) -> str:
    """What a run without a name must be called, by the tags it was begun with; empty when they do not tell."""
    if live.name or not live.kind.is_run or live.owner != desired.owner or FINGERPRINT not in live.tags:
        return ""
    document = desired.documents.get(live.address) if live.address else None
    return run_name(document, live.tags[FINGERPRINT]) if document else ""


@dataclass(frozen=True)
class _Wanted:
    """What a plan needs to know more of than the list tells."""

    desired: Desired
    indexed: bool  # tags of everything are known, those of runs included

    def in_detail(self, live: Live) -> bool:
        """Whether an object has to be read.

        What refers to something may keep ours from being deleted, whoever owns it; the rest matters when it is ours, or
        when its name is one we want. Of a run the name is enough, or the tags it was begun with, unless one of ours
        builds on it: then it matters what it refers to.
        """
        if live.service_made:
            return False
        if live.kind.is_run:
            unnamed = not live.name and (live.owner == self.desired.owner or not self.indexed)
            return unnamed or live.kind in self._built_on
        if references(live.kind) or live.owner == self.desired.owner:
            return True
        return any((live.kind.kind(), key) in self._lines for key in line_keys(live.name))

    @cached_property
    def _lines(self) -> frozenset[tuple[str, str]]:
        documents = self.desired.documents.items()
        return frozenset((address.kind, line_key(document.aws_name)) for address, document in documents)

    @cached_property
    def _built_on(self) -> frozenset[type[Resource]]:
        return frozenset(document.kind for document in self.desired.documents.values() if document.builds_on)


def _in_detail(cloud: Cloud, cache: Cache, live: Live) -> Live | None:
    """The object with all its members, or None when it went away in between."""
    if recalled := cache.recall(live):
        return recalled
    found = cloud.describe(live.kind, live.arn)
    return replace(found, tags=live.tags) if found else None


def _asked(cloud: Cloud, live: Live) -> Live | None:
    """The object by its own word, members and tags, or None when it is gone."""
    found = cloud.describe(live.kind, live.arn)
    return replace(found, tags=cloud.tags(live.arn)) if found else None


def _doubts(plan: Plan, snapshot: Snapshot) -> list[Live]:
    """The objects a plan would act on, or take for somebody else's, by hearsay."""
    relied_on = {live.arn: live for change in plan.pending for live in _relied_on(change, plan, snapshot)}
    return [live for arn, live in sorted(relied_on.items()) if arn in snapshot.hearsay]


def _relied_on(change: Change, plan: Plan, snapshot: Snapshot) -> Iterator[Live]:
    """Whatever decides about a change: its object, all that may be ours under its address or its name."""
    if change.live:
        yield change.live
    document = change.document
    if document is None:
        return
    line = snapshot.line(change.address.kind, document.aws_name)
    yield from snapshot.owned(plan.owner, change.address)
    yield from line
    if not document.kind.taggable:
        # What cannot carry a tag is ours by what it stands in relation to.
        for live in snapshot.lives:
            if any(live.refers_to(other.arn) or other.refers_to(live.arn) for other in line):
                yield live
    if document.kind.is_run:
        yield from _unnamed(change, snapshot)


def _unnamed(change: Change, snapshot: Snapshot) -> Iterator[Live]:
    """Runs of the same thing whose names are not known: one of them may be the one the plan is about to begin."""
    targets = [value for value in (change.attributes or {}).values() if isinstance(value, str)]
    for live in snapshot.of_kind(change.address.kind):
        if not live.name and not live.service_made and any(is_at_or_below(live.arn, target) for target in targets):
            yield live


def _inputs(cloud: Cloud, desired: Desired, pool: Executor) -> dict[str, str]:
    """Digests of the S3 data that decides whether a run is due."""
    locations = sorted({location for document in desired.documents.values() if (location := data_of(document))})
    return dict(zip(locations, _each(pool, cloud.objects, locations), strict=True))
