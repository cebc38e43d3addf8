"""The lock of a target: one apply at a time holds it, and renews it while it works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from personalize_gitops.model.events import Cause

LEASE = 300.0
"""Seconds after which a lock that is not renewed can be taken by others."""

UNREADABLE = (ValueError, TypeError, KeyError, OverflowError, RecursionError)
"""What reading a lease from JSON raises if it is none."""


@dataclass(frozen=True)
class Lease:
    """What a lock says about its holder. Nobody compares its times: the clocks of two machines differ."""

    token: str  # random; tells the holder's own writes from those of others
    owner: str  # user@host
    run: str  # the pipeline's URL, or the process
    taken: float  # epoch seconds of the holder's clock
    plan: str = ""  # the fingerprint of the plan; "" until the plan is made
    seconds: float = LEASE
    renewals: int = 0
    version: str = ""  # of the stored lease, as the store gives it

    def to_json(self) -> dict[str, Any]:
        """Return the members that are stored."""
        members = asdict(self)
        del members["version"]
        return members

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], version: str = "") -> Lease:
        """Return a stored lease. Raises one of `UNREADABLE` if it is none."""
        return cls(
            token=str(stored["token"]),
            owner=str(stored["owner"]),
            run=str(stored["run"]),
            taken=float(stored["taken"]),
            plan=str(stored["plan"]),
            seconds=float(stored["seconds"]),
            renewals=int(stored["renewals"]),
            version=version,
        )


class StoredLock(Protocol):
    """A lock as anybody can see it."""

    @property
    def place(self) -> str:
        """Where the lease is stored, for messages."""

    def read(self) -> Lease | None:
        """Return the stored lease, or None."""

    def delete(self, lease: Lease) -> bool:
        """Remove a lease. Return False, without an effect, if another one is stored by then."""


class LockStore(StoredLock, Protocol):
    """Keeps one lease. Every change is conditional: it has no effect if the stored lease is another one by then."""

    def write(self, lease: Lease, over: Lease | None) -> Lease | None:
        """Store a lease over another one, or where there is none. Return it with its version; None if it was late."""

    def check(self, lease: Lease) -> None:
        """Raise UsageError unless the store honours conditions. Other conditions than those of `lease` must fail."""


class HeldLock(Protocol):
    """A lock that this process holds."""

    def cause(self) -> Cause | None:
        """Return why no other call may be made; None if it may."""

    def tell(self, plan: str) -> None:
        """Store the fingerprint of the plan, for others to see."""
