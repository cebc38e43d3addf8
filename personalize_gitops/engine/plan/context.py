"""The input of every decision: the desired state, the snapshot and the policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.status import Condition


@dataclass(frozen=True)
class Policy:
    """The permissions of the target and the command line."""

    prune: bool = False  # delete owned objects that are not declared; otherwise they are only reported
    adopt: bool = False  # adopt unmanaged objects of declared names
    forget: frozenset[Address] = frozenset()  # remove our tags from these
    max_deletes: int | None = None  # a plan with more deletions is refused; None: `policy` limits what is pruned


@dataclass(frozen=True)
class PlanContext:
    """The input of a plan."""

    desired: Desired
    snapshot: Snapshot
    policy: Policy = field(default_factory=Policy)

    @cached_property
    def owned(self) -> tuple[Live, ...]:
        """The objects whose tags name this project and target, without runs."""
        owner = self.desired.owner
        return tuple(live for live in self.snapshot.objects if live.owner == owner and not live.kind.is_run)

    @cached_property
    def staying(self) -> tuple[Live, ...]:
        """The owned objects that are not being deleted."""
        return tuple(live for live in self.owned if live.condition is not Condition.DELETING)
