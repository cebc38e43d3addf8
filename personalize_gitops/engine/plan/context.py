"""The input of every decision: the desired state, the snapshot and the policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Resumed, Scope
from personalize_gitops.model.reason import Reason
from personalize_gitops.model.resource import GROUP
from personalize_gitops.model.status import Condition
from personalize_gitops.model.tags import MEMBERS


@dataclass(frozen=True)
class Policy:
    """The permissions of the target and the command line."""

    prune: bool = False  # delete owned objects that are not declared; otherwise they are only reported
    adopt: bool = False  # adopt unmanaged objects of declared names
    forget: frozenset[Address] = frozenset()  # remove our tags from these
    max_deletes: int | None = None  # a plan with more deletions is refused; None: `policy` limits what is pruned
    rerun: frozenset[Address] = frozenset()  # start these runs although they are in sync
    replace: frozenset[Address] = frozenset()  # replace these although nothing differs
    only: frozenset[Address] = frozenset()  # plan these and what they need; empty: everything
    exclude: frozenset[Address] = frozenset()  # leave these out, and what needs them
    scope: Scope = Scope.ALL  # which changes to make
    group: str = ""  # destroy this dataset group with everything in it, whether we own it or nobody does
    resumed: Resumed | None = None  # the saved plan that is applied; None for a new plan

    def is_done(self, live: Live) -> bool:
        """Return whether an object is newer than the saved plan that is applied: an earlier apply has created it."""
        return self.resumed is not None and self.resumed.time.precedes(live)


@dataclass(frozen=True)
class PlanContext:
    """The input of a plan."""

    desired: Desired
    snapshot: Snapshot
    policy: Policy = field(default_factory=Policy)
    as_found: Mapping[str, Live] = field(default_factory=dict)  # renamed objects with their earlier tags, by ARN
    clashes: Mapping[Address, Reason] = field(default_factory=dict)  # why the objects of an address cannot be renamed

    @cached_property
    def owned(self) -> tuple[Live, ...]:
        """The objects whose tags name this project and target, without runs."""
        owner = self.desired.owner
        return tuple(live for live in self.snapshot.objects if live.owner == owner and not live.kind.is_run)

    @cached_property
    def staying(self) -> tuple[Live, ...]:
        """The owned objects that are not being deleted."""
        return tuple(live for live in self.owned if live.condition is not Condition.DELETING)

    def member_records(self, document: Document) -> tuple[str, ...]:
        """Return what the dataset groups of a document record as applied to their resources; "" if they do not."""
        if not self.snapshot.of_kind(GROUP):
            return ()
        owner, homes = self.desired.owner, self.desired.homes_of(document.address)
        groups = (live for home in sorted(homes) for live in self.snapshot.owned(owner, home))
        return tuple(live.tags.get(MEMBERS, "") for live in groups)
