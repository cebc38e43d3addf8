"""Announcements: an apply records a purchase on its parent before it buys, so that a later apply does not buy it twice.

The tag `personalize-gitops:announced` of a solution holds the names of announced trainings, each with the time in epoch
seconds: `recs-0a1b2c3d@1750000000`. The name of a run contains its fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping

from personalize_gitops.model.live import Live
from personalize_gitops.model.tags import ANNOUNCED

VISIBLE_LIMIT = 300.0
"""Seconds after which a created object must be visible: reads are eventually consistent (docs/service/2 §2.4)."""

_MOST_TAGS, _MOST_VALUE = 50, 256  # tags of a resource, and characters of a value (docs/service/3 §8)


def announced(tags: Mapping[str, str]) -> dict[str, float]:
    """Return when each run was announced, in epoch seconds, by its name. An entry that nobody can read is left out."""
    entries = (entry.rpartition("@") for entry in tags.get(ANNOUNCED, "").split())
    return {name: float(at) for name, _, at in entries if name and at.isdecimal()}


def with_announcement(tags: Mapping[str, str], name: str, now: float) -> str:
    """Return the value of the tag with one more announcement."""
    return _written({**announced(tags), name: now})


def without_announcement(tags: Mapping[str, str], name: str) -> str:
    """Return the value of the tag without an announcement; empty if none is left."""
    return _written({other: at for other, at in announced(tags).items() if other != name})


def can_announce(parent: Live, owner: str | None, name: str, now: float) -> bool:
    """Return whether we own the object, and its tags have room for the announcement."""
    has_room = ANNOUNCED in parent.tags or len(parent.tags) < _MOST_TAGS
    return parent.owner == owner and has_room and len(with_announcement(parent.tags, name, now)) <= _MOST_VALUE


def _written(entries: Mapping[str, float]) -> str:
    return " ".join(f"{name}@{at:.0f}" for name, at in sorted(entries.items()))
