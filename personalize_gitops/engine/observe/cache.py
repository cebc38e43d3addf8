"""A cache of objects that were described before and need not be described again. Pure; commands keep it in a file.

An object of a kind without an update operation never changes: the same ARN with the same creation time has the same
members. It is not documented whether an update of other kinds changes `lastUpdatedDateTime` (docs/service/4 §8). So
objects of other kinds are described every time, unless the caller chooses to trust that time. Statuses and tags never
come from the cache.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from personalize_gitops.model.live import Live, LiveUpdate, Snapshot
from personalize_gitops.model.members import mutable_members, switch_of
from personalize_gitops.model.resource import Kinds, Resource
from personalize_gitops.model.status import Condition


@dataclass(frozen=True)
class Cache:
    """Described objects by ARN."""

    known: Mapping[str, Live] = field(default_factory=dict)
    trusting: bool = False  # treat an object with the same update time as unchanged

    def recall(self, listed: Live) -> Live | None:
        """Return the object of a list entry with all its members; None if it has to be described."""
        known = self.known.get(listed.arn)
        if known is None or (known.kind, known.created) != (listed.kind, listed.created) or not _is_stable(listed):
            return None
        if _is_fixed(listed.kind) or (self.trusting and known.updated == listed.updated):
            return replace(
                known,
                status=listed.status,
                updated=listed.updated,
                tags=listed.tags,
                service_made=listed.service_made,
            )
        return None

    def after(self, snapshot: Snapshot) -> Cache:
        """Return the cache after a snapshot: the objects described in it, and the cached objects that still exist."""
        read = {live.arn: replace(live, tags={}) for live in snapshot.objects if live.described and _is_stable(live)}
        still = {live.arn: self.known[live.arn] for live in snapshot.objects if live.arn in self.known}
        return replace(self, known=still | read)


@lru_cache
def _is_fixed(kind: type[Resource]) -> bool:
    """Return whether members of a kind never change."""
    return not mutable_members(kind) and switch_of(kind) is None


def _is_stable(live: Live) -> bool:
    """Return whether an object is ready and not in a transition."""
    return live.condition is Condition.READY


def to_json(cache: Cache, version: str) -> str:
    """Return a cache as JSON text. `version` is the version of the program, which `from_json` compares."""
    return json.dumps({"version": version, "known": {arn: _written(live) for arn, live in cache.known.items()}})


def from_json(text: str, version: str, kinds: Kinds, *, trusting: bool) -> Cache:
    """Return the cache from JSON text; an empty cache if another version wrote it or it is invalid."""
    try:
        content = json.loads(text)
        entries = content["known"] if content["version"] == version else {}
        return Cache({arn: _live(arn, entry, kinds) for arn, entry in entries.items()}, trusting)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Cache(trusting=trusting)


def _written(live: Live) -> dict[str, Any]:
    update = live.update
    return {
        "kind": live.kind.kind_name(),
        "name": live.name,
        "status": live.status,
        "attributes": live.attributes,
        "created": live.created,
        "updated": live.updated,
        "update": [update.status, update.attributes, update.failure, update.updated] if update else None,
    }


def _live(arn: str, entry: Mapping[str, Any], kinds: Kinds) -> Live:
    update = entry["update"]
    return Live(
        kinds[entry["kind"]],
        arn,
        entry["name"],
        entry["status"],
        entry["attributes"],
        created=entry["created"],
        updated=entry["updated"],
        update=LiveUpdate(*update) if update else None,
        described=True,
    )
