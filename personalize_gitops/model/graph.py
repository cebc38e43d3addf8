"""What depends on what: the declared resources of a target as a graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from personalize_gitops.model.address import Address, reading_order
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.resource import GROUP
from personalize_gitops.model.status import Condition


@dataclass(frozen=True)
class Node:
    """One declared resource."""

    address: Address
    group: str = ""  # the address or ARN of its dataset group; empty for none, or for several
    state: Condition | None = None  # of its object; None if there is none, or if the account was not read


@dataclass(frozen=True)
class Graph:
    """Resources, sorted by address, and the direct needs of each."""

    nodes: tuple[Node, ...]
    needs: Mapping[Address, Sequence[Address]]
    live: bool = False  # whether the states are those of an account


def graph_of(desired: Desired, plan: Plan | None = None) -> Graph:
    """Return the declared resources and their needs, with the states of a plan's objects if there is one."""
    addresses = sorted(desired.documents, key=reading_order)
    states = {change.address: change.live.condition for change in plan.changes if change.live} if plan else {}
    return Graph(
        tuple(Node(address, _group(address, desired), states.get(address)) for address in addresses),
        direct({address: sorted(desired.needs[address], key=reading_order) for address in addresses}),
        live=plan is not None,
    )


def _group(address: Address, desired: Desired) -> str:
    if address.kind_name == GROUP:
        return str(address)
    groups = desired.groups_of(address) or desired.homes_of(address)
    return str(*groups) if len(groups) == 1 else ""


def direct(needs: Mapping[Address, Sequence[Address]]) -> Mapping[Address, Sequence[Address]]:
    """Return the needs of each resource that do not follow from its other needs."""
    behind: dict[Address, frozenset[Address]] = {}
    for address in TopologicalSorter(needs).static_order():
        behind[address] = frozenset(needs[address]).union(*(behind[need] for need in needs[address]))
    return {
        user: [need for need in of_user if not any(need in behind[other] for other in of_user)]
        for user, of_user in needs.items()
    }
