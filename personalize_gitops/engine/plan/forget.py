"""Decide about objects that are to be forgotten: our tags are removed, and nothing else happens to them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Manage
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import UndeclaredChange
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.status import Condition


def forgotten(context: PlanContext) -> Iterator[UndeclaredChange]:
    """Yield a change for every object to forget. Raises InvalidChoice for an address that cannot be forgotten."""
    owner = context.desired.owner
    for address in sorted(context.policy.forget):
        objects = [live for live in context.snapshot.owned(owner, address) if live.condition is not Condition.DELETING]
        if not objects and context.policy.resumed:
            continue  # an earlier apply of the saved plan has forgotten it
        if obstacle := _obstacle(address, objects, context):
            raise InvalidChoice("--forget", address, obstacle)
        for live in objects:
            yield UndeclaredChange(
                address=address,
                kind=live.kind,
                action=Action.FORGET,
                aws_name=live.name,
                live=live,
                reasons=(Reason(ReasonCode.FORGET_REQUESTED),),
            )


def _obstacle(address: Address, objects: Sequence[Live], context: PlanContext) -> Reason | None:
    """Return why an address cannot be forgotten; None if it can."""
    desired, owner = context.desired, context.desired.owner
    if desired.manage is not Manage.FULL:
        return because(ReasonCode.TARGET_LEFT_ALONE, target=Verbatim(desired.target), manage=desired.manage)
    if address in desired.documents:
        return because(ReasonCode.STILL_DECLARED, source=desired.documents[address].source)
    if address.kind_name not in desired.kinds:
        return because(
            ReasonCode.UNKNOWN_KIND, kind=Verbatim(address.kind_name), known=tuple(map(Verbatim, desired.kinds))
        )
    if not desired.kinds[address.kind_name].taggable:
        return because(ReasonCode.NOT_TAGGABLE, kind=Verbatim(address.kind_name))
    if not objects:
        owned = {live.address for live in context.snapshot.objects if live.owner == owner and live.address}
        known = tuple(sorted(owned - desired.documents.keys()))
        return because(ReasonCode.NOT_OWNED, owner=Verbatim(owner), address=address, known=known)
    return None
