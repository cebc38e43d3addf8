"""Notices: what happened to a target that people hear about, and the message that tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from personalize_gitops.model.reason import Reason


class Occurrence(StrEnum):
    """What happened. Each is a transition: a state that lasts is not told again."""

    DRIFT = "drift"  # new findings of a drift check that fail it
    RESOLVED = "resolved"  # findings of the last check that are gone
    APPLIED = "applied"  # an apply or destroy has made its changes
    FAILED = "failed"  # steps of an apply or destroy have failed
    WAITING = "waiting"  # a saved plan with changes waits for approval


@dataclass(frozen=True)
class Item:
    """One resource that a notice names."""

    address: str
    word: str  # what was done or found
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Notice:
    """What happened to a target."""

    occurrence: Occurrence
    project: str
    target: str
    account: str
    region: str
    items: tuple[Item, ...]
    counts: Mapping[str, int] = field(default_factory=dict)  # of the plan, or of the findings
    fingerprint: str = ""  # of the plan
    link: str = ""  # to the run of the pipeline


@dataclass(frozen=True)
class Message:
    """A notice as text, for every channel."""

    kind: str  # the detail type of the event
    subject: str
    short_subject: str  # printable ASCII, at most 100 characters, as SNS demands
    text: str
    detail: str  # JSON
