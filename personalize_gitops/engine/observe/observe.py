"""Reading the account with few calls: one list for each kind, one index for all tags, then the details a plan needs.

What the index of tags says is hearsay, and noted as such in the snapshot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from personalize_gitops.engine.observe.cache import Cache
from personalize_gitops.engine.plan.runs import data_of, run_name, standing_runs
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.live import FINGERPRINT, Live, Snapshot
from personalize_gitops.model.names import line_key, line_keys
from personalize_gitops.model.ports import Clock, Cloud
from personalize_gitops.model.resource import Resource, references

T = TypeVar("T")
R = TypeVar("R")


def observe(
    cloud: Cloud,
    clock: Clock,
    desired: Desired,
    pool: Executor,
    cache: Cache | None = None,
    *,
    first_hand: bool = False,
) -> Snapshot:
    """What the account holds of every kind.

    Whatever cannot be read stops the observation with the service's error: what a page or a permission hid must not
    pass for absent. With `first_hand` nothing is taken from the index of tags, which does not know yet what was made a
    moment ago: for who wants all that is owned, whether a document names it or not.
    """
    known = cache or Cache()
    listed = [live for lives in each(pool, cloud.list, desired.kinds.values()) for live in lives]
    index = None if first_hand else cloud.tag_index()
    tagged = each(pool, lambda live: _with_tags(cloud, live), listed) if index is None else _indexed(listed, index)
    named = _named(tagged, desired)
    wanted = _Wanted(desired, indexed=index is not None)

    def read(live: Live) -> Live | None:
        return known.recall(live) or (_in_detail(cloud, live) if wanted.in_detail(live) else live)

    lives = [live for live in each(pool, read, named) if live is not None]
    if index is None:
        standing = standing_runs(desired, lives)
        lives = each(pool, lambda live: _asked_for_tags(cloud, live) if live.arn in standing else live, lives)
    return Snapshot(
        account=cloud.account,
        region=cloud.region,
        taken_at=max(clock.now(), cloud.now),
        lives=tuple(lives),
        inputs=_inputs(cloud, desired, pool),
        hearsay=frozenset(live.arn for live in lives if index is not None and live.kind.taggable),
    )


def each(pool: Executor, call: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """What a call gives for each item, in their order."""
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

    Only a version's list entry has no name (docs/service/4 §2.18). Where several carry the same tags, one of them has
    a suffix that only Describe tells.
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
    return run_name(document, live.tags[FINGERPRINT]) if document and document.kind is live.kind else ""


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


def _in_detail(cloud: Cloud, live: Live) -> Live | None:
    """The object with all its members, or None when it went away in between."""
    found = cloud.describe(live.kind, live.arn)
    return replace(found, tags=live.tags) if found else None


def _inputs(cloud: Cloud, desired: Desired, pool: Executor) -> dict[str, str]:
    """Digests of the S3 data that decides whether a run is due."""
    locations = sorted({location for document in desired.documents.values() if (location := data_of(document))})
    return dict(zip(locations, each(pool, cloud.objects, locations), strict=True))
