"""Compare the findings of a check with those of an earlier one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from personalize_gitops.model.drift import Drift, Finding, Former, Known, State
from personalize_gitops.model.reason import Reason, ReasonCode


@dataclass(frozen=True)
class Comparison:
    """The findings of a check beside those of an earlier one."""

    found: tuple[Drift, ...]  # with when they were first seen
    resolved: tuple[Known, ...] = ()  # earlier findings that are none any more
    unresolved: tuple[Known, ...] = ()  # earlier findings about what could not be read now


def compared(found: Sequence[Drift], former: Former | None, now: float) -> Comparison:
    """Return the findings beside those of an earlier check. Without one, every finding is first seen now."""
    if former is None:
        return Comparison(tuple(replace(item, first_seen=now) for item in found))
    items = [_as_edit(item, former) for item in found]
    seen = {(str(item.address), item.finding.value) for item in items}
    unread = {str(item.address) for item in items if item.finding is Finding.UNCHECKED}
    gone = [known for key, known in former.known.items() if key not in seen]
    return Comparison(
        tuple(_dated(item, former, now) for item in items),
        tuple(known for known in gone if known.address not in unread),
        tuple(known for known in gone if known.address in unread),
    )


def _dated(item: Drift, former: Former, now: float) -> Drift:
    known = former.known.get((str(item.address), item.finding.value))
    is_new = known is None or known.muted
    return replace(item, state=State.NEW if is_new else State.ONGOING, first_seen=known.first_seen if known else now)


def _as_edit(item: Drift, former: Former) -> Drift:
    """Return a missing resource that was not there at the earlier check either as an edit that is not applied.

    Nothing in the account tells a deleted object from one that was never created.
    """
    address = str(item.address)
    is_absent = item.finding is Finding.MISSING and item.arn is None
    was_there = address in former.present or any(
        (address, finding) in former.known for finding in (Finding.MISSING, Finding.UNCHECKED)
    )
    if was_there or not is_absent:
        return item
    return replace(item, finding=Finding.UNAPPLIED, reasons=(Reason(ReasonCode.NEVER_SEEN),))
