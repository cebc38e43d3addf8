"""Reading the account: one list for each kind, then the details a plan needs, in a small pool."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from concurrent.futures import Executor
from dataclasses import replace
from typing import TypeVar

from personalize_gitops.engine.ports import Clock, Cloud
from personalize_gitops.engine.runs import data_of, standing_runs
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.names import line_key, line_keys
from personalize_gitops.model.resource import Resource, references

T = TypeVar("T")
R = TypeVar("R")


def observe(cloud: Cloud, clock: Clock, desired: Desired, pool: Executor) -> Snapshot:
    """What the account holds of every kind.

    Whatever cannot be read stops the observation with the service's error: what a page or a permission hid must not
    pass for absent.
    """
    listed = [live for lives in _each(pool, cloud.list, desired.kinds.values()) for live in lives]
    tagged = _each(pool, lambda live: _with_tags(cloud, live), listed)
    lines = {(address.kind, line_key(document.aws_name)) for address, document in desired.documents.items()}
    built_on = {document.kind for document in desired.documents.values() if document.builds_on}
    read = _each(
        pool, lambda live: _in_detail(cloud, live) if _matters(live, desired, lines, built_on) else live, tagged
    )
    found = [live for live in read if live is not None]
    standing = standing_runs(desired, found)
    return Snapshot(
        account=cloud.account,
        region=cloud.region,
        taken_at=clock.now(),
        lives=tuple(
            _each(pool, lambda live: replace(live, tags=cloud.tags(live.arn)) if live.arn in standing else live, found)
        ),
        inputs=_inputs(cloud, desired, pool),
    )


def _each(pool: Executor, call: Callable[[T], R], items: Iterable[T]) -> list[R]:
    return list(pool.map(call, items))


def _with_tags(cloud: Cloud, live: Live) -> Live:
    """Runs are told by their names, so only what may be owned for longer is asked for its tags."""
    if live.kind.is_run or not live.kind.taggable:
        return live
    return replace(live, tags=cloud.tags(live.arn))


def _matters(live: Live, desired: Desired, lines: Set[tuple[str, str]], built_on: Set[type[Resource]]) -> bool:
    """Whether the plan needs more than the list entry.

    What refers to something may keep ours from being deleted, whoever owns it; a run that one of ours builds on is told
    by what it refers to; the rest matters when it is ours, or when its name is one we want.
    """
    if live.service_made:
        return False
    if references(live.kind) or live.kind in built_on or live.owner == desired.owner:
        return True
    return any((live.kind.kind(), key) in lines for key in line_keys(live.name))


def _in_detail(cloud: Cloud, live: Live) -> Live | None:
    """The object with all its members, or None when it went away in between."""
    found = cloud.describe(live.kind, live.arn)
    return replace(found, tags=live.tags) if found else None


def _inputs(cloud: Cloud, desired: Desired, pool: Executor) -> dict[str, str]:
    """Digests of the S3 data that decides whether a run is due."""
    locations = sorted({location for document in desired.documents.values() if (location := data_of(document))})
    return dict(zip(locations, _each(pool, cloud.objects, locations), strict=True))
