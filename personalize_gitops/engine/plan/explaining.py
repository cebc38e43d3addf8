"""Explain one resource of a plan. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.explaining import Explanation
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.plan import Change, Plan, dependents
from personalize_gitops.model.reason import ReasonCode, because

_TRAINS = frozenset({Fact.RETRAINS, Fact.TRAINS_WITHIN_THE_HOUR, Fact.SCHEDULE_TRAINS})
"""Facts about a change in place that starts a training."""


def explain(plan: Plan, address: Address) -> Explanation:
    """Return the explanation of a resource. Raises InvalidChoice for an address that the plan does not have."""
    changes = {change.address: change for change in plan.changes}
    if address not in changes:
        known = tuple(sorted(changes))
        raise InvalidChoice("", address, because(ReasonCode.NOT_DECLARED, address=address, known=known))
    users = _of(dependents(address, plan.needs), changes)
    trains = tuple(change.address for change in (changes[address], *users) if _trains(change))
    return Explanation(changes[address], _of(plan.needs.get(address, ()), changes), users, trains)


def _of(addresses: Iterable[Address], changes: dict[Address, Change]) -> tuple[Change, ...]:
    return tuple(changes[address] for address in sorted(addresses) if address in changes)


def _trains(change: Change) -> bool:
    """Return whether a change trains a model, at once or within the hour."""
    if change.action is Action.RUN:
        return change.kind.billing is Fact.BILLS_EACH_TRAINING
    creates = change.action in (Action.CREATE, Action.SUCCESSOR, Action.RECREATE)
    bills = change.kind.bills(change.document.attributes) if change.document else None
    if creates and bills in (Fact.BILLS_AUTOMATIC_TRAINING, Fact.BILLS_WHILE_RUNNING):
        return True
    return not _TRAINS.isdisjoint(reason.code for reason in change.reasons)
