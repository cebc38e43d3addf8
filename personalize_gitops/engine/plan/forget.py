"""What is ours and is to be so no longer: our tags go from it, and nothing else happens to it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from personalize_gitops.errors import UsageError
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.diagnostics import did_you_mean
from personalize_gitops.model.live import Live, Snapshot
from personalize_gitops.model.plan import Change
from personalize_gitops.model.status import Condition


def forgotten(desired: Desired, snapshot: Snapshot, addresses: Set[Address]) -> Iterator[Change]:
    """A change for every object of the addresses. Raises UsageError for an address that cannot be forgotten."""
    for address in sorted(addresses):
        lives = [live for live in snapshot.owned(desired.owner, address) if live.condition is not Condition.DELETING]
        if why := _why_not(address, lives, desired, snapshot):
            raise UsageError(f"--forget {address}: {why}")
        for live in lives:
            yield Change(address, Action.FORGET, "--forget; it stays in the account", live.name, live=live)


def _why_not(address: Address, lives: Sequence[Live], desired: Desired, snapshot: Snapshot) -> str:
    """Why an address cannot be forgotten, and what to do instead; empty when it can."""
    if address in desired.documents:
        return f"it is declared at {desired.documents[address].source}; take that document out of the manifests first"
    if address.kind not in desired.kinds:
        return f"there is no kind {address.kind}; {did_you_mean(address.kind, desired.kinds) or 'see the README'}"
    if not desired.kinds[address.kind].taggable:
        return f"a {address.kind} carries no tag of ours, so there is nothing to forget: undeclared, it is left alone"
    if not lives:
        owned = {str(live.address) for live in snapshot.lives if live.owner == desired.owner and live.address}
        known = sorted(owned - {str(declared) for declared in desired.documents})
        near = did_you_mean(str(address), known) or "`status` lists what is owned"
        return f"{desired.owner} owns nothing of that address; {near}"
    return ""
