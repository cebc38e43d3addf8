"""What a reference stands for once the resource it names has been decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import Unknown
from personalize_gitops.model.live import Live, Snapshot, is_at_or_below
from personalize_gitops.model.plan import Change
from personalize_gitops.model.reference import Newest, Reference
from personalize_gitops.model.status import Condition

MADE_ANEW = frozenset({Action.CREATE, Action.SUCCESSOR, Action.RECREATE, Action.RUN})
"""Actions after which another object stands for the address than before."""


@dataclass(frozen=True)
class Settled:
    """A decided resource."""

    change: Change
    token: str  # what identifies the object it will be, in fingerprints

    @property
    def arn(self) -> str | None:
        """The ARN of the object that stays, or None when apply makes a new one."""
        return None if self.change.action in MADE_ANEW or not self.change.live else self.change.live.arn


@dataclass
class Settlement:
    """Everything decided so far; it grows while a plan is made, and lives no longer than that."""

    _by_address: dict[Address, Settled] = field(default_factory=dict)
    recreated: dict[Address, Live] = field(default_factory=dict)  # what is deleted before it comes again
    _runs: dict[tuple[str, Reference], list[Change]] = field(default_factory=dict)

    def add(self, settled: Settled) -> None:
        """Take note of a decision."""
        change = settled.change
        self._by_address[change.address] = settled
        if change.action is Action.RECREATE and change.live:
            self.recreated[change.address] = change.live
        if change.document and change.document.kind.is_run:
            for reference in change.document.references.values():
                self._runs.setdefault((change.address.kind, reference), []).append(change)

    def __getitem__(self, address: Address) -> Settled:
        return self._by_address[address]

    def __contains__(self, address: Address) -> bool:
        return address in self._by_address

    def runs_of(self, kind: str, reference: Reference) -> list[Change]:
        """The decided runs of a kind that refer to something."""
        return self._runs.get((kind, reference), [])


def resolve(reference: Reference, settled: Settlement, snapshot: Snapshot) -> str | Unknown | None:
    """The ARN a reference stands for, or what will know it; None for the newest of runs of which there is none."""
    match reference:
        case Address():
            return settled[reference].arn or Unknown(reference)
        case str():
            return reference
        case Newest(followed=True) if _newest(reference, settled, snapshot) is None:
            return None  # a campaign cannot follow what does not exist yet (docs/service/2 §6.1)
        case Newest(followed=True):
            owner = resolve(reference.of, settled, snapshot)
            return f"{owner}/$LATEST" if isinstance(owner, str) else owner and replace(owner, ending="/$LATEST")
        case Newest():
            return _newest(reference, settled, snapshot)


def _newest(reference: Newest, settled: Settlement, snapshot: Snapshot) -> str | Unknown | None:
    """The run this plan starts or waits for, if there is one; else the newest success in the account."""
    for change in settled.runs_of(reference.kind, reference.of):
        if change.action in (Action.RUN, Action.WAIT):
            return Unknown(change.address)
    owner = resolve(reference.of, settled, snapshot)
    if not isinstance(owner, str):
        return None
    newest = newest_success(live for live in snapshot.of_kind(reference.kind) if is_at_or_below(live.arn, owner))
    return newest.arn if newest else None


def newest_success(runs: Iterable[Live]) -> Live | None:
    """The run that succeeded last."""
    ended_well = (run for run in runs if run.condition is Condition.READY)
    return max(ended_well, key=lambda run: (run.created, run.arn), default=None)
