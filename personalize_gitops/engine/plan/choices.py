"""Check what the user chose on the command line: whether a run can run again, and a resource can be replaced. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Manage
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because


def check_choices(context: PlanContext) -> None:
    """Raise InvalidChoice for a run to replace, and for another resource to run again.

    Also for an address that is not declared, or whose `manage` forbids every change.
    """
    desired, runs = context.desired, frozenset(run.address for run in context.desired.runs)
    for address in sorted(context.policy.rerun - runs):
        _check_declared("--rerun", address, desired, runs)
        reason = because(ReasonCode.CANNOT_RUN_AGAIN, kind=Verbatim(address.kind_name))
        raise InvalidChoice("--rerun", address, reason, _instead(address, desired))
    others = desired.documents.keys() - runs
    for address in sorted(context.policy.replace - others):
        _check_declared("--replace", address, desired, others)
        reason = because(ReasonCode.NEVER_REPLACED, kind=Verbatim(address.kind_name))
        raise InvalidChoice("--replace", address, reason, because(ReasonCode.RERUN_INSTEAD, runs=(address,)))
    _check_managed("--rerun", context.policy.rerun, desired)
    _check_managed("--replace", context.policy.replace, desired)


def _check_declared(option: str, address: Address, desired: Desired, known: Iterable[Address]) -> None:
    """Raise InvalidChoice for an address that is not declared; `known` has the addresses that it could mean."""
    if address not in desired.documents:
        raise InvalidChoice(option, address, because(ReasonCode.NOT_DECLARED, address=address, known=(*sorted(known),)))


def _check_managed(option: str, addresses: Iterable[Address], desired: Desired) -> None:
    """Raise InvalidChoice for a resource that is observed or paused."""
    for address in sorted(addresses):
        if (manage := desired.manage_of(desired.documents[address])) is not Manage.FULL:
            raise InvalidChoice(option, address, because(ReasonCode.NEVER_CHANGED, manage=manage))


def _instead(address: Address, desired: Desired) -> Reason:
    """Return what to do instead of running a resource again: run what it trains or feeds again, or replace it."""
    runs = sorted(run.address for run in desired.runs if address in run.referenced)
    if runs:
        return because(ReasonCode.RERUN_INSTEAD, runs=tuple(runs))
    return because(ReasonCode.REPLACE_INSTEAD, address=address)
