"""The planner: what would turn the account into what the manifests ask for, and why. Pure.

Documents are decided one after another, what is referred to first, so that each finds its references settled: as the
ARN of an object that stays, or as a value known only after apply. `decision` holds what happens to one resource,
`runs` to one job or training, `removal` to what is no longer declared, `forgetting` to what is to be ours no longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import TopologicalSorter

from personalize_gitops.engine.plan import runs
from personalize_gitops.engine.plan.decisions import Settled, Settlement
from personalize_gitops.engine.plan.deletion import everything, retired, undeclared, without_orphans
from personalize_gitops.engine.plan.forget import forgotten
from personalize_gitops.engine.plan.resources import decide
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Change, Plan


@dataclass(frozen=True)
class Policy:
    """What the target allows."""

    prune: bool = False  # delete what is ours and no longer declared; otherwise it is only reported
    forget: frozenset[Address] = frozenset()  # what is to be ours no longer


def make_plan(desired: Desired, snapshot: Snapshot, policy: Policy | None = None) -> Plan:
    """What would turn `snapshot` into `desired`, and why. Raises UsageError for what cannot be forgotten."""
    policy = policy or Policy()
    changes = [
        *_declared(desired, snapshot),
        *forgotten(desired, snapshot, policy.forget),
        *undeclared(desired, snapshot, prune=policy.prune, but=policy.forget),
    ]
    return _plan(desired, snapshot, without_orphans(changes, snapshot))


def make_destroy_plan(desired: Desired, snapshot: Snapshot) -> Plan:
    """What would take down everything the project owns."""
    return _plan(desired, snapshot, without_orphans([*everything(desired, snapshot)], snapshot))


def _plan(desired: Desired, snapshot: Snapshot, changes: Iterable[Change]) -> Plan:
    return Plan(
        project=desired.project,
        target=desired.target,
        account=snapshot.account,
        region=snapshot.region,
        changes=tuple(sorted(changes, key=lambda change: (change.address, change.aws_name))),
        needs=desired.needs,
    )


def _declared(desired: Desired, snapshot: Snapshot) -> Iterator[Change]:
    settled = Settlement()
    order = TopologicalSorter({address: sorted(needs) for address, needs in sorted(desired.needs.items())})
    for address in order.static_order():
        document = desired.documents[address]
        superseded: tuple[Live, ...] = ()
        if document.kind.is_run:
            change = runs.decide(document, desired, settled, snapshot)
        else:
            change, superseded = decide(document, desired, settled, snapshot)
        settled.add(Settled(change, runs.token_of(change, settled)))
        yield change
        for live in superseded:
            yield retired(live, change, document, snapshot.taken_at)
