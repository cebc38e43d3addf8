"""Announcements: an apply records a purchase on its parent before it buys, so that no other apply buys it too.

A tag of a solution whose key begins with `personalize-gitops:announced-` holds the name of a training and the time in
epoch seconds: `recs-0a1b2c3d@1750000000`. The name of a run contains its fingerprint. Each apply has a key of its own
for each run: of two that announce the same run at the same time, at least one then sees both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from personalize_gitops.model.live import Live
from personalize_gitops.model.tags import ANNOUNCED

VISIBLE_LIMIT = 300.0
"""Seconds after which a created object must be visible: reads are eventually consistent (docs/service/2 §2.4)."""

_MOST_TAGS = 50  # of a resource (docs/service/3 §8)


def announcement_key(token: str, name: str) -> str:
    """Return the key of the tag by which an apply with a token of its own announces a run."""
    return f"{ANNOUNCED}-{hashlib.sha256(f'{token} {name}'.encode()).hexdigest()[:12]}"


def announcement(name: str, now: float) -> str:
    """Return the value of the tag that announces a run."""
    return f"{name}@{now:.0f}"


def is_announcement(key: str) -> bool:
    """Return whether a tag announces runs."""
    return key.startswith(ANNOUNCED)


def entry(value: str) -> tuple[str, float] | None:
    """Return the name in an announcement and its time in epoch seconds; None if nobody can read it."""
    name, _, at = value.rpartition("@")
    return (name, float(at)) if name and at.isdecimal() else None


def announced(tags: Mapping[str, str], name: str, now: float) -> dict[str, float]:
    """Return when a run was announced, in epoch seconds, by the key of the tag; without times that are yet to come."""
    found = {key: entry(value) for key, value in tags.items() if is_announcement(key)}
    return {key: each[1] for key, each in found.items() if each and each[0] == name and each[1] <= now + VISIBLE_LIMIT}


def is_young(announced_at: float, now: float) -> bool:
    """Return whether an announced run may be bought and not visible yet."""
    return abs(now - announced_at) < VISIBLE_LIMIT


def can_announce(parent: Live, owner: str | None, key: str) -> bool:
    """Return whether we own the object, and there is room for the tag."""
    return parent.owner == owner and (key in parent.tags or len(parent.tags) < _MOST_TAGS)
