"""Resources that a check could not read: it leaves them out, and those that refer to them, and says why. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document, RunDocument
from personalize_gitops.model.drift import Drift, Finding
from personalize_gitops.model.live import Live, Snapshot, Unread
from personalize_gitops.model.names import ordinal
from personalize_gitops.model.reason import Reason, ReasonCode, Verbatim, because
from personalize_gitops.model.run_names import fingerprint_in


def readable(desired: Desired, snapshot: Snapshot) -> Desired:
    """Return the desired state without the resources that could not be checked."""
    unread = _unread(desired, snapshot)
    kept = {address: document for address, document in desired.documents.items() if address not in unread}
    return replace(desired, documents=kept) if unread else desired


def unchecked(desired: Desired, snapshot: Snapshot) -> Iterator[Drift]:
    """Yield a finding for each declared resource that could not be checked, and for each object of ours."""
    arns = {each.live.known_as: each.live.arn for each in snapshot.unread if each.live}
    found = _unread(desired, snapshot)
    for address, reason in found.items():
        source = desired.documents[address].source
        yield Drift(address, Finding.UNCHECKED, (reason,), arns.get(address), source=source)
    for each in snapshot.unread:
        if each.live and each.live.owner in desired.owners and each.live.known_as not in found:
            yield Drift(each.live.known_as, Finding.UNCHECKED, (_reason(each),), each.live.arn)


def _unread(desired: Desired, snapshot: Snapshot) -> Mapping[Address, Reason]:
    """Return why resources could not be checked: themselves, or a resource that they refer to or train on."""
    if not snapshot.unread:
        return {}
    found: dict[Address, Reason] = {}
    for address, document in desired.documents.items():
        if own := next((each for each in snapshot.unread if _is_about(each, document, desired)), None):
            found[address] = _reason(own)
    ahead = [*found]
    while ahead:
        needed = ahead.pop()
        for address, document in desired.documents.items():
            if address not in found and needed in _needs(document, desired):
                found[address] = because(ReasonCode.NEEDS_UNREAD, address=needed)
                ahead.append(address)
    return found


def _reason(unread: Unread) -> Reason:
    return because(ReasonCode.NOT_READ, cause=Verbatim(unread.cause))


def _is_about(unread: Unread, document: Document, desired: Desired) -> bool:
    if unread.location:
        return isinstance(document, RunDocument) and document.data_location == unread.location
    if unread.kind_name != document.address.kind_name:
        return False
    return unread.live is None or _can_belong_to(unread.live, document, desired)


def _can_belong_to(live: Live, document: Document, desired: Desired) -> bool:
    if live.owner in desired.owners and live.address in (document.address, document.renamed_from):
        return True
    return bool(fingerprint_in(document, live.name) if document.kind.is_run else ordinal(document.aws_name, live.name))


def _needs(document: Document, desired: Desired) -> Iterator[Address]:
    yield from document.referenced
    if isinstance(document, RunDocument) and document.kind.data_from:
        yield from (
            address for address in desired.needs[document.address] if address.kind_name == document.kind.data_from
        )
