"""Whether there is room for a successor beside what it follows, by the service's default quotas. Pure.

A dataset group or region that holds more than the default has had its quota raised, to a number nobody here knows:
there is taken to be room. One that holds exactly the default is taken to be full.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from personalize_gitops.engine.plan.decisions import Settlement
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.status import Condition


def full_group(document: Document, live: Live, desired: Desired, settled: Settlement, snapshot: Snapshot) -> str:
    """Why the dataset group has no room for a successor of a document's object; empty when it has."""
    most = document.kind.most_per_group
    if most is None:
        return ""
    kind = document.address.kind
    groups = desired.groups_of(document.address)
    arns = {group if isinstance(group, str) else settled[group].arn for group in groups} or {snapshot.group_of(live)}
    held = [other for arn in arns if arn for other in snapshot.in_group(arn, kind)]
    beside = [address for group in groups for address in desired.in_group(group, kind)]
    return _full("its dataset group", document, most, held, beside, desired, settled, snapshot)


def full_region(document: Document, desired: Desired, settled: Settlement, snapshot: Snapshot) -> str:
    """Why the region has no room for a successor of a document's object; empty when it has."""
    most = document.kind.most_per_region
    if most is None:
        return ""
    kind = document.address.kind
    beside = [address for address in desired.documents if address.kind == kind]
    return _full("the region", document, most, snapshot.of_kind(kind), beside, desired, settled, snapshot)


def _full(
    place: str,
    document: Document,
    most: int,
    held: Sequence[Live],
    beside: Iterable[Address],
    desired: Desired,
    settled: Settlement,
    snapshot: Snapshot,
) -> str:
    counted = sum(_counts(live) for live in held)
    if counted > most:
        return ""
    coming = sum(
        _comes(desired.documents[address], desired, settled, snapshot)
        for address in beside
        if address != document.address
    )
    if counted + coming < most:
        return ""
    kinds = f"{document.address.kind.lower()}s"
    if counted == most:
        return f"{place} holds {most} {kinds}, the most it may by default"
    return f"{place} holds {counted} {kinds}, {coming} more come with this plan, and by default it may hold {most}"


def _counts(live: Live) -> bool:
    """Whether a quota counts an object: what has failed does not take room, and what is leaving soon will not."""
    return live.condition not in (Condition.FAILED, Condition.DELETING)


def _comes(document: Document, desired: Desired, settled: Settlement, snapshot: Snapshot) -> bool:
    """Whether there will be one more of a document's objects than there is, for a while at least."""
    if document.address not in settled:
        there = snapshot.owned(desired.owner, document.address) or snapshot.line(
            document.address.kind, document.aws_name
        )
        return not any(_counts(live) for live in there)
    change = settled[document.address].change
    if change.action is Action.RECREATE:
        return change.live is not None and not _counts(change.live)
    return change.action in (Action.CREATE, Action.SUCCESSOR)
