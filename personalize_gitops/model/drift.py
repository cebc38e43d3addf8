"""Drift: how the account differs from the manifests, with declared values before and live values after."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from personalize_gitops.model.action import Risk
from personalize_gitops.model.address import Address
from personalize_gitops.model.baseline import Mute
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.live import Live
from personalize_gitops.model.problem import Severity
from personalize_gitops.model.reason import Reason, ReasonCode, Source
from personalize_gitops.model.status import Condition
from personalize_gitops.model.who import Who


class Finding(StrEnum):
    """The classes of findings of a drift check. docs/drift.md explains each."""

    CHANGED = "changed"  # the account changed since the last apply
    MISSING = "missing"  # declared, and not in the account
    FAILED = "failed"  # its creation failed, or its last run ended without success
    FAILED_UPDATE = "failed-update"  # its last update failed; it serves as before
    UNDECLARED = "undeclared"  # owned, and in no manifest
    UNMANAGED = "unmanaged"  # an object without an owner has a declared name, or is in a dataset group of ours
    FOREIGN = "foreign"  # an object of another project has a declared name
    PENDING = "pending"  # a transition is in progress
    STALE_DATA = "stale-data"  # the newest success of a job is older than `run.every`
    STALE_MODEL = "stale-model"  # the newest training is older than `run.every`
    AUTO_TRAINING = "auto-training"  # the service trained a version that no manifest asks for
    ORPHAN_COST = "orphan-cost"  # an endpoint that no manifest declares is billed
    UNDECLARED_MEMBER = "undeclared-member"  # a value other than the default that no manifest declares
    UNCHECKED = "unchecked"  # the object could not be read
    UNAPPLIED = "unapplied"  # the manifest changed since the last apply
    EXPIRED = "expired-baseline"  # an entry of the baseline has ended


FAILING = frozenset({Finding.CHANGED, Finding.MISSING, Finding.FAILED, Finding.FAILED_UPDATE})
"""The findings that fail a check by default."""

_SEVERITIES: Mapping[Finding, Severity] = {
    Finding.CHANGED: Severity.ERROR,
    Finding.MISSING: Severity.ERROR,
    Finding.FAILED: Severity.ERROR,
    Finding.FAILED_UPDATE: Severity.ERROR,
    Finding.UNDECLARED: Severity.INFO,
    Finding.UNMANAGED: Severity.INFO,
    Finding.FOREIGN: Severity.WARNING,
    Finding.PENDING: Severity.INFO,
    Finding.STALE_DATA: Severity.WARNING,
    Finding.STALE_MODEL: Severity.WARNING,
    Finding.AUTO_TRAINING: Severity.WARNING,
    Finding.ORPHAN_COST: Severity.WARNING,
    Finding.UNDECLARED_MEMBER: Severity.INFO,
    Finding.UNCHECKED: Severity.WARNING,
    Finding.UNAPPLIED: Severity.INFO,
    Finding.EXPIRED: Severity.WARNING,
}

_PLAN = FAILING | {Finding.UNAPPLIED}
"""The findings that an apply mends, so that a plan shows how."""


class State(StrEnum):
    """What has become of a finding since an earlier check."""

    NEW = "new"
    ONGOING = "ongoing"


@dataclass(frozen=True)
class Drift:
    """One finding about one resource."""

    address: Address
    finding: Finding
    reasons: tuple[Reason, ...]
    arn: str | None = None
    fields: tuple[FieldChange, ...] = ()  # before: as declared; after: as found
    source: Source | None = None  # the line of the first field that differs, else of the document
    risk: Risk = Risk.NONE  # what it costs as long as it stays
    bills_since: float | None = None  # epoch seconds; None: it is not billed by the hour
    first_seen: float | None = None  # epoch seconds, of the first of the checks that are compared
    state: State | None = None  # None: no earlier check is compared
    who: Who | None = None  # who made the last write; None if that was not asked

    @property
    def severity(self) -> Severity:
        """The severity of the class; a warning at least if the finding costs money."""
        own = _SEVERITIES[self.finding]
        return Severity.WARNING if own is Severity.INFO and self.risk is not Risk.NONE else own

    @property
    def lost_tags(self) -> bool:
        """Whether an object that was ours has no tags of ours any more."""
        return any(reason.code is ReasonCode.TAGS_LOST for reason in self.reasons)

    @property
    def following(self) -> tuple[str, ...]:
        """The words of the next command, of this program unless the first word is `aws`."""
        address = str(self.address)
        match self.finding:
            case Finding.CHANGED if self.lost_tags:
                return ("plan", "--adopt", "--only", address)
            case found if found in _PLAN:
                return ("plan", "--only", address)
            case Finding.STALE_DATA | Finding.STALE_MODEL:
                return ("plan", "--due")
            case Finding.UNDECLARED:
                return ("plan", "--forget", address)
            case Finding.UNMANAGED if self.source:
                return ("plan", "--adopt", "--only", address)
            case Finding.PENDING:
                return ("status",)
            case Finding.EXPIRED:
                return ("validate",)
            case _ if self.arn:
                noun = re.sub(r"(?<!^)(?=[A-Z])", "-", self.address.kind_name).lower()
                return ("aws", "personalize", f"describe-{noun}", f"--{noun}-arn", self.arn)
            case _:
                return ("drift",)


@dataclass(frozen=True, slots=True)
class Known:
    """A finding of an earlier check."""

    address: str
    finding: str
    first_seen: float  # epoch seconds
    muted: bool = False  # by the baseline, so that nobody was told of it


@dataclass(frozen=True)
class Former:
    """An earlier check, as its JSON document has it."""

    of: tuple[str, str, str, str]  # project, target, account, region
    checked_at: float  # epoch seconds
    known: Mapping[tuple[str, str], Known]  # by address and finding
    present: frozenset[str]  # the addresses of the declared resources that were in the account


@dataclass(frozen=True)
class Muted:
    """A finding that the baseline knows."""

    drift: Drift
    entry: Mute


_HOURLY = frozenset({Fact.BILLS_WHILE_EXISTING, Fact.BILLS_WHILE_RUNNING})


def bills_since(live: Live | None) -> float | None:
    """Return since when an object is billed by the hour, in epoch seconds; None if it is not."""
    if live is None or live.condition in (Condition.FAILED, Condition.STOPPED):
        return None
    return live.created if live.kind.bills(live.attributes) in _HOURLY else None
