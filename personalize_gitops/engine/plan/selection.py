"""Select changes: those of `--only` with what they need, without those of `--exclude` and what needs them. Pure.

A change needs the pending changes of the resources that it depends on. A change that deletes an object also needs those
that move or delete the objects that refer to it. A change of nothing but tags is never needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from personalize_gitops.engine.plan.context import Policy
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.plan import Change, Plan, Selection, dependents
from personalize_gitops.model.reason import ReasonCode, because

_ENDS_ONLY = frozenset({Action.DELETE, Action.FORGET})

Needs = Mapping[Address, frozenset[Address]]


def selected(plan: Plan, policy: Policy) -> Plan:
    """Return the part of a plan that `--only` and `--exclude` choose; the plan itself without them.

    Raises InvalidChoice for an unknown address, and if `--only` names what needs an excluded change.
    """
    if not (policy.only or policy.exclude):
        return plan
    asked = policy.only or frozenset(change.address for change in plan.changes)
    # What a saved plan needs was judged when it was saved: a part of it may be done by now.
    chosen = policy.resumed.part if policy.resumed else _chosen(plan, policy, asked)
    return replace(
        plan,
        changes=tuple(change for change in plan.changes if _belongs(change, chosen, plan)),
        selection=Selection(
            included=tuple(sorted(chosen - asked)),
            left_out=tuple(sorted({change.address for change in plan.pending} - chosen)),
        ),
    )


def _chosen(plan: Plan, policy: Policy, asked: frozenset[Address]) -> frozenset[Address]:
    """Return the addresses of the changes to make. Raises InvalidChoice for choices that contradict each other."""
    _check_addresses(plan, policy)
    needs = _pending_needs(plan)
    with_needs = _closure(asked, needs)
    left = _left(with_needs, policy.exclude, needs)
    for address in sorted(policy.only & left):
        excluded = min(_closure({address}, needs) & policy.exclude)
        raise InvalidChoice("--exclude", excluded, because(ReasonCode.NEEDED_BY, address=address))
    return with_needs - left


def _belongs(change: Change, chosen: frozenset[Address], plan: Plan) -> bool:
    """Return whether a change is in the selected part; what is in sync always is.

    An object that is kept belongs to what needs its address: an apply records which objects were replaced.
    """
    if change.action is Action.KEEP:
        return any(change.address in (address, *plan.needs.get(address, ())) for address in chosen)
    return change.action is Action.NONE or change.address in chosen


def _check_addresses(plan: Plan, policy: Policy) -> None:
    """Raise InvalidChoice for an address that is neither declared nor owned."""
    known = {change.address for change in plan.changes} | plan.needs.keys()
    for option, addresses in (("--only", policy.only), ("--exclude", policy.exclude)):
        for address in sorted(addresses - known):
            reason = because(ReasonCode.UNKNOWN_ADDRESS, address=address, known=tuple(sorted(known)))
            raise InvalidChoice(option, address, reason)


def _closure(addresses: Collection[Address], needs: Needs) -> frozenset[Address]:
    """Return addresses and what they need, directly or indirectly."""
    found = set(addresses)
    ahead = [*addresses]
    while ahead:
        new = needs.get(ahead.pop(), frozenset()) - found
        found |= new
        ahead += new
    return frozenset(found)


def _left(addresses: Collection[Address], excluded: frozenset[Address], needs: Needs) -> frozenset[Address]:
    """Return the addresses to leave out: the excluded ones and those that need them."""
    users: dict[Address, set[Address]] = {}
    for address in addresses:
        for needed in needs.get(address, ()):
            users.setdefault(needed, set()).add(address)
    return _closure(excluded, {address: frozenset(found) for address, found in users.items()})


def _pending_needs(plan: Plan) -> Needs:
    """Return the addresses with pending changes that each address with pending changes needs directly."""
    needed = {change.address for change in plan.pending if _is_needed(change)}
    users = _users(plan.pending)
    found: dict[Address, set[Address]] = {}
    for change in plan.pending:
        found.setdefault(change.address, set()).update(_needs_of(change, plan, needed, users))
    return {address: frozenset(needs - {address}) for address, needs in found.items()}


def _is_needed(change: Change) -> bool:
    """Return whether other changes can need a change: it changes more than tags."""
    only_tags = change.action is Action.UPDATE and change.only_tags
    return not only_tags and change.action not in {Action.ADOPT, *_ENDS_ONLY}


def _needs_of(
    change: Change, plan: Plan, needed: Collection[Address], users: Mapping[str, Sequence[Address]]
) -> Iterator[Address]:
    if change.action not in _ENDS_ONLY:
        yield from (other for other in plan.needs.get(change.address, ()) if other in needed)
    if change.live and change.deletes:
        yield from users.get(change.live.arn, ())
        if change.action is Action.SUCCESSOR:  # the old object goes when everything that depends on it has moved
            yield from (other for other in dependents(change.address, plan.needs) if other in needed)


def _users(pending: Sequence[Change]) -> Mapping[str, Sequence[Address]]:
    """Return the addresses of pending changes whose objects refer to an ARN, by that ARN."""
    found: dict[str, list[Address]] = {}
    for change in pending:
        # The live object of a due run is an earlier run, which prevents no deletion.
        for arn in change.live.referenced if change.live and change.action is not Action.RUN else ():
            found.setdefault(arn, []).append(change.address)
    return found
