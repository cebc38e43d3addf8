"""The input of every decision: the desired state, the snapshot and the policy."""

from __future__ import annotations

from dataclasses import dataclass, field

from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.live import Snapshot


@dataclass(frozen=True)
class Policy:
    """The permissions of the target and the command line."""

    prune: bool = False  # delete owned objects that are not declared; otherwise they are only reported
    adopt: bool = False  # adopt unmanaged objects of declared names
    forget: frozenset[Address] = frozenset()  # remove our tags from these
    max_deletes: int | None = None  # an apply with more deletions is refused


@dataclass(frozen=True)
class PlanContext:
    """The input of a plan."""

    desired: Desired
    snapshot: Snapshot
    policy: Policy = field(default_factory=Policy)
