"""What earlier looks at an account have read and need not read again. Pure; the command line keeps it between commands.

A kind that no update changes is read once: the same ARN made at the same moment is the same object with the same
members. Whether an update of the others moves `lastUpdatedDateTime` is not documented (docs/service/4 §8), so they are
read every time, unless the caller chooses to trust it. Statuses and tags are never taken from here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from personalize_gitops.model.live import Live, LiveUpdate, Snapshot
from personalize_gitops.model.resource import Kinds, Resource, mutable_members, switch_of
from personalize_gitops.model.status import Condition


@dataclass(frozen=True)
class Cache:
    """Objects as they were read, by ARN."""

    known: Mapping[str, Live] = field(default_factory=dict)
    trusting: bool = False  # an unchanged status and update time mean that nothing has changed

    def recall(self, listed: Live) -> Live | None:
        """The object of a list entry with all its members, or None when it has to be read."""
        known = self.known.get(listed.arn)
        if known is None or (known.kind, known.created) != (listed.kind, listed.created) or not _is_settled(listed):
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
        """What is known once an account has been looked at: what was read, and of the rest what still exists."""
        read = {live.arn: replace(live, tags={}) for live in snapshot.lives if live.is_read and _is_settled(live)}
        still = {live.arn: self.known[live.arn] for live in snapshot.lives if live.arn in self.known}
        return replace(self, known=still | read)


@lru_cache
def _is_fixed(kind: type[Resource]) -> bool:
    """Whether nothing of a kind ever changes but its status and its tags."""
    return not mutable_members(kind) and switch_of(kind) is None


def _is_settled(live: Live) -> bool:
    """Whether an object has come to be and nothing is under way with it."""
    return live.condition is Condition.READY


def to_json(cache: Cache, version: str) -> str:
    """A cache as text; `version` is the program's, whose reading of an answer is what is kept."""
    return json.dumps({"version": version, "known": {arn: _written(live) for arn, live in cache.known.items()}})


def from_json(text: str, version: str, kinds: Kinds, *, trusting: bool) -> Cache:
    """The cache of a text; an empty one when another version wrote it, or when it cannot be read."""
    try:
        content = json.loads(text)
        entries = content["known"] if content["version"] == version else {}
        return Cache({arn: _live(arn, entry, kinds) for arn, entry in entries.items()}, trusting)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Cache(trusting=trusting)


def _written(live: Live) -> dict[str, Any]:
    update = live.update
    return {
        "kind": live.kind.kind(),
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
        is_read=True,
    )
