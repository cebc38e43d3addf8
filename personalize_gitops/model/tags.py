"""Our tags: they record the owner of an object, its address, and what was last applied."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

TAGS: Final = "tags"
"""The first step of the path of a tag in a field change."""

PREFIX = "personalize-gitops:"
PROJECT = f"{PREFIX}project"
ADDRESS = f"{PREFIX}address"
NAME = f"{PREFIX}name"
"""The AWS name of the object that was tagged. Tags with another name were copied from that object."""

FINGERPRINT = f"{PREFIX}fingerprint"
APPLIED = f"{PREFIX}applied"
KEYS = f"{PREFIX}tags"
SUCCEEDED = f"{PREFIX}succeeded"
"""Space-separated names of replaced untaggable objects that this object referred to."""

ANNOUNCED = f"{PREFIX}announced"
"""On a solution: how the keys of tags begin that name trainings an apply is about to buy (`model/announcements.py`)."""

PROTECT = f"{PREFIX}protect"
"""Set while `lifecycle.protect` is: its presence forbids to delete or replace the object."""

ON_REMOVE = f"{PREFIX}on-remove"
"""`lifecycle.onRemove`, if it is not the default of the kind."""

MEMBERS = f"{PREFIX}members"
"""On a dataset group: the digests of what was last applied to the resources in it (`model/ownership.py`)."""

OURS = (PROJECT, ADDRESS, NAME, FINGERPRINT, APPLIED, KEYS, SUCCEEDED, PROTECT, ON_REMOVE, ANNOUNCED)
"""Every tag of ours that an object can carry beside the declared ones. No dataset group carries all, so that `MEMBERS`
has room."""

_OF_AWS = "aws:"  # read-only (docs/service/3 §8)
_DIGITS = 5  # of base64 for each key: 40 keys, which is what 50 tags less ours leave, stay within 256 characters

_MOST_MEMBERS = 256 // _DIGITS


def key_record(keys: Iterable[str]) -> str:
    """Return the value of `personalize-gitops:tags` for declared tags: the digests of their keys, concatenated.

    When a declared tag is removed from its document it has to be removed from the object, while tags that other people
    put there stay. Nothing else tells them apart, so each tagging records which keys it set. The keys themselves would
    not fit into one tag (docs/service/3 §8: a value has 256 characters). The odds that an unrelated key matches a
    digest are about one in twenty million.
    """
    return "".join(sorted(_digest(key) for key in keys))


def member_record(members: Iterable[str]) -> str:
    """Return the value of `personalize-gitops:members`: the digests of texts, concatenated, as many as fit."""
    return "".join(sorted({_digest(member) for member in members})[:_MOST_MEMBERS])


def has_room(record: str) -> bool:
    """Return whether a record has the digests of all members: a text that it lacks was not one."""
    return len(record) < _MOST_MEMBERS * _DIGITS


def is_member(member: str, record: str) -> bool:
    """Return whether a record has the digest of a text."""
    return _digest(member) in {record[start : start + _DIGITS] for start in range(0, len(record), _DIGITS)}


def recorded_keys(tags: Mapping[str, str]) -> frozenset[str]:
    """Return the keys of an object's tags that are in its record; empty if there is no record."""
    record = tags.get(KEYS, "")
    recorded = {record[start : start + _DIGITS] for start in range(0, len(record), _DIGITS)}
    return frozenset(key for key in tags if not key.startswith((PREFIX, _OF_AWS)) and _digest(key) in recorded)


def _digest(key: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())[:_DIGITS].decode()
