"""The decisions so far, and the values that references resolve to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Manage
from personalize_gitops.model.diff import Unknown
from personalize_gitops.model.live import Live, Snapshot, is_at_or_below
from personalize_gitops.model.plan import DeclaredChange
from personalize_gitops.model.reference import Newest, Reference
from personalize_gitops.model.status import Condition

CREATES_OBJECT = frozenset({Action.CREATE, Action.SUCCESSOR, Action.RECREATE, Action.RUN})
"""Actions after which the address has another object than before."""


@dataclass(frozen=True)
class Decision:
    """The change that was decided for one document."""

    change: DeclaredChange
    token: str  # identifies the object that the change leads to, in fingerprints

    @property
    def arn(self) -> str | None:
        """The ARN of the object that stays; None if apply creates a new one."""
        return None if self.change.action in CREATES_OBJECT or not self.change.live else self.change.live.arn


@dataclass(frozen=True)
class Decisions:
    """The decisions so far, by address. Immutable.

    `extended` returns the decisions with one more, in constant time: all values share one growing record, and each sees
    its first `_count` entries.
    """

    _record: dict[Address, tuple[int, Decision]] = field(default_factory=dict)
    _recreated: list[tuple[int, DeclaredChange]] = field(default_factory=list)
    _runs: dict[tuple[str, Reference], list[tuple[int, DeclaredChange]]] = field(default_factory=dict)
    _count: int = 0

    def extended(self, decision: Decision) -> Decisions:
        """Return the decisions with one more. Raises ValueError if called twice on the same value."""
        if self._count != len(self._record):
            raise ValueError("only the newest decisions can be extended")
        change, number = decision.change, self._count
        self._record[change.address] = (number, decision)
        if change.action is Action.RECREATE:
            self._recreated.append((number, change))
        if change.kind.is_run:
            for reference in change.document.references.values():
                self._runs.setdefault((change.address.kind_name, reference), []).append((number, change))
        return Decisions(self._record, self._recreated, self._runs, number + 1)

    def is_missing(self, address: Address) -> bool:
        """Return whether a resource that is observed or paused does not exist, or is a run without a success."""
        change = self[address].change
        is_usable = change.live and (not change.kind.is_run or change.live.condition is Condition.READY)
        return change.manage is not Manage.FULL and not is_usable

    def lacks(self, address: Address) -> bool:
        """Return whether a resource does not exist, and the scope of the plan leaves its creation out."""
        change = self[address].change
        return change.left_out and change.live is None

    def __contains__(self, address: Address) -> bool:
        return address in self._record and self._record[address][0] < self._count

    def __getitem__(self, address: Address) -> Decision:
        number, decision = self._record[address]
        if number >= self._count:
            raise KeyError(address)
        return decision

    def runs_of(self, kind_name: str, reference: Reference) -> Iterator[DeclaredChange]:
        """Yield the decided runs of a kind that have the given reference."""
        return (change for number, change in self._runs.get((kind_name, reference), ()) if number < self._count)

    def recreated_base(self, live: Live) -> Address | None:
        """Return the address of a recreated object that `live` refers to; None if there is none."""
        for number, change in self._recreated:
            if number < self._count and change.live and live.refers_to(change.live.arn):
                return change.address
        return None


def resolve(reference: Reference, decisions: Decisions, snapshot: Snapshot) -> str | Unknown | None:
    """Return the ARN of a reference; Unknown if this plan creates the target; None if no successful run exists."""
    match reference:
        case Address():
            return decisions[reference].arn or Unknown(reference)
        case str():
            return reference
        case Newest(followed=True) if _newest(reference, decisions, snapshot) is None:
            return None  # a campaign cannot follow a version that does not exist yet (docs/service/2 §6.1)
        case Newest(followed=True):
            owner = resolve(reference.of, decisions, snapshot)
            return f"{owner}/$LATEST" if isinstance(owner, str) else owner and replace(owner, ending="/$LATEST")
        case Newest():
            return _newest(reference, decisions, snapshot)


def _newest(reference: Newest, decisions: Decisions, snapshot: Snapshot) -> str | Unknown | None:
    """Return the run that this plan starts or waits for, else the newest success; None if there is none."""
    for change in decisions.runs_of(reference.kind_name, reference.of):
        if change.action in (Action.RUN, Action.WAIT):
            return Unknown(change.address)
    owner = resolve(reference.of, decisions, snapshot)
    if not isinstance(owner, str):
        return None
    newest = newest_success(live for live in snapshot.of_kind(reference.kind_name) if is_at_or_below(live.arn, owner))
    return newest.arn if newest else None


def newest_success(runs: Iterable[Live]) -> Live | None:
    """Return the successful run that was created last; None if there is none."""
    successes = (run for run in runs if run.condition is Condition.READY)
    return max(successes, key=lambda run: (run.created, run.arn), default=None)
