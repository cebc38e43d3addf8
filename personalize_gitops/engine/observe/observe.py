"""Take a snapshot of the account with few calls: one list for each kind, one index for all tags, then the details."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from personalize_gitops.engine.observe.cache import Cache
from personalize_gitops.engine.observe.reads import Reads
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.live import Live, Snapshot, at_and_above
from personalize_gitops.model.members import references
from personalize_gitops.model.names import series_key, series_keys
from personalize_gitops.model.ports import Clock, Cloud, Pool
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.run_names import current_runs, possibly_renamed_runs, run_name
from personalize_gitops.model.tags import FINGERPRINT, NAME


def observe(
    cloud: Cloud,
    clock: Clock,
    desired: Desired,
    pool: Pool,
    cache: Cache | None = None,
    *,
    use_index: bool = True,
    reads: Reads | None = None,
    whole: bool = False,
) -> Snapshot:
    """Return a snapshot of the account: the objects of every kind.

    Tags come from the eventually consistent index, and `Snapshot.unconfirmed` lists the objects whose tags did. Without
    `use_index`, the tags of every object are read from the object: for a caller that needs all owned objects, including
    those created a moment ago. Raises CloudError if any call fails: an unread page must not look like missing objects.
    If `whole`, every object is described but those that the service made.

    Pass `reads` that tolerate errors to have `Snapshot.unread` instead, unless nothing can be read.
    """
    reads = reads or Reads(pool)
    listed = [live for found in reads.lists(cloud.list, [*desired.kinds.values()]) for live in found]
    index = cloud.tag_index() if use_index else None
    tagged = reads.objects(lambda live: _with_tags(cloud, live), listed) if index is None else _indexed(listed, index)
    named = _named(tagged, desired)
    wanted = _Wanted(desired, indexed=index is not None, whole=whole)
    objects = _in_detail(named, wanted, cache or Cache(), cloud, reads)
    if index is None:
        untagged = current_runs(desired, objects) | possibly_renamed_runs(desired, objects)
        untagged |= _below_owned(objects, desired.owners)
        objects = reads.objects(lambda live: _read_tags(cloud, live) if live.arn in untagged else live, objects)
    return Snapshot(
        account=cloud.account,
        region=cloud.region,
        taken_at=max(clock.now(), cloud.now),
        account_time=cloud.now or clock.now(),
        objects=tuple(objects),
        inputs=_inputs(cloud, desired, reads),
        unread=tuple(reads.unread),
        unconfirmed=frozenset(live.arn for live in objects if index is not None and live.kind.taggable),
    )


def _in_detail(listed: Sequence[Live], wanted: _Wanted, cache: Cache, cloud: Cloud, reads: Reads) -> list[Live]:
    """Return the objects that still exist; those that a plan needs in detail come from the cache or are described."""
    found: dict[str, Live | None] = {live.arn: cache.recall(live) or live for live in listed}
    ahead = [live for live in listed if found[live.arn] is live and wanted.in_detail(live)]
    found |= {live.arn: None for live in ahead}
    found |= {live.arn: live for live in reads.objects(lambda live: _described(cloud, live), ahead)}
    return [live for live in found.values() if live]


def _below_owned(objects: Iterable[Live], owners: frozenset[str]) -> frozenset[str]:
    """Return the ARNs of runs that are deleted with an owned object, such as the versions of a solution."""
    owned = {live.arn for live in objects if live.owner in owners}
    return frozenset(live.arn for live in objects if live.kind.is_run and owned & at_and_above(live.arn))


def _indexed(listed: Iterable[Live], index: Mapping[str, Mapping[str, str]]) -> list[Live]:
    return [replace(live, tags=index.get(live.arn, {})) for live in listed]


def _with_tags(cloud: Cloud, live: Live) -> Live:
    """Return the object with its tags. Runs are recognized by name, so their tags are not read here."""
    return live if live.kind.is_run or not live.kind.taggable else _read_tags(cloud, live)


def _read_tags(cloud: Cloud, live: Live) -> Live:
    return replace(live, tags=cloud.tags(live.arn))


def _named(tagged: list[Live], desired: Desired) -> list[Live]:
    """Return the objects; an object without a name gets the name that its tags imply.

    Only list entries of solution versions have no name (docs/service/4 §2.18). If several versions have the same tags,
    which do not record a name or were copied, none of them gets a name here: only Describe shows it.
    """
    counted = Counter(_implied_name(live, desired) for live in tagged)
    return [
        replace(live, name=name) if (name := _implied_name(live, desired)) and counted[name] == 1 else live
        for live in tagged
    ]


def _implied_name(live: Live, desired: Desired) -> str:
    """Return the name that the tags of an owned run without a name imply; empty if they do not imply one."""
    if live.name or not live.kind.is_run or live.owner != desired.owner or FINGERPRINT not in live.tags:
        return ""
    document = desired.documents.get(live.address) if live.address else None
    if document is None or document.kind is not live.kind:
        return ""
    return live.tags.get(NAME) or run_name(document, live.tags[FINGERPRINT])


@dataclass(frozen=True)
class _Wanted:
    """The objects that a plan needs to know in detail."""

    desired: Desired
    indexed: bool  # the tags of every object are known, those of runs included
    whole: bool = False  # what an import needs: all of them

    def in_detail(self, live: Live) -> bool:
        """Return whether an object has to be described.

        An object with references can prevent a deletion, so it is described even if we do not own it. Other objects are
        described if we own them or a document has their name. A run is described only if its name is missing or a
        declared run of its kind has a prerequisite.
        """
        if live.service_made or self.whole:
            return not live.service_made
        if live.kind.is_run:
            unnamed = not live.name and (live.owner in self.desired.owners or not self.indexed)
            return unnamed or live.kind in self._prerequisites
        if references(live.kind) or live.owner in self.desired.owners:
            return True
        return any((live.kind.kind_name(), key) in self._series for key in series_keys(live.name))

    @cached_property
    def _series(self) -> frozenset[tuple[str, str]]:
        documents = self.desired.documents.items()
        return frozenset((address.kind_name, series_key(document.aws_name)) for address, document in documents)

    @cached_property
    def _prerequisites(self) -> frozenset[type[Resource]]:
        return frozenset(document.kind for document in self.desired.runs if document.has_prerequisite)


def _described(cloud: Cloud, live: Live) -> Live | None:
    """Return the object with all its members, or None if it was deleted since the list."""
    found = cloud.describe(live.kind, live.arn)
    return replace(found, tags=live.tags) if found else None


def _inputs(cloud: Cloud, desired: Desired, reads: Reads) -> dict[str, str]:
    """Return the digests of the S3 data that are inputs of runs, by location."""
    locations = sorted({run.data_location for run in desired.runs if run.data_location is not None})
    return reads.locations(cloud.objects, locations)
