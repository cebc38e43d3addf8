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
    items = [_judged(item, former) for item in found]
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


def _judged(item: Drift, former: Former) -> Drift:
    """Return a resource that is not in the account as missing if the earlier check saw it, else as not applied yet.

    Where the record of the last apply says that it was applied as it is, it is missing in any case.
    """
    codes = {reason.code for reason in item.reasons} if item.arn is None else set()
    address = str(item.address)
    was_there = address in former.present or (address, Finding.MISSING) in former.known
    if ReasonCode.NOT_APPLIED_YET in codes and was_there:
        return replace(item, finding=Finding.MISSING, reasons=(Reason(ReasonCode.MISSING),))
    if ReasonCode.MISSING in codes and not was_there and (address, Finding.UNCHECKED) not in former.known:
        return replace(item, finding=Finding.UNAPPLIED, reasons=(Reason(ReasonCode.NEVER_SEEN),))
    return item
