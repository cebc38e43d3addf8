"""The lock of a target as text."""

from __future__ import annotations

from personalize_gitops.model.lock import Lease
from personalize_gitops.render.lines import joined, line
from personalize_gitops.render.style import span


def not_held(place: str) -> str:
    """Return that nobody holds a lock."""
    return joined([line(f"{place} is not locked.")])


def held(place: str, lease: Lease, now: float) -> str:
    """Return who holds a lock: owner, run, plan and age. `now` is in epoch seconds."""
    rows = {
        "owner": lease.owner,
        "run": lease.run,
        "plan": lease.plan or "not made yet",
        "age": span(max(0.0, now - lease.taken)),
        "renewed": f"{lease.renewals} times",
    }
    return joined([line(f"{place} is locked."), *(line(f"  {name:<7}  {value}") for name, value in rows.items())])


def waiting(place: str, lease: Lease, seconds: float) -> str:
    """Return that an apply waits for a lock for up to some seconds."""
    return f"Waiting up to {span(seconds)} for {place}, held by {lease.owner} ({lease.run})."
