"""Drift as text for people, and what the other formats say about a finding too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from personalize_gitops.model.desired import Manage
from personalize_gitops.model.drift import Drift, State
from personalize_gitops.model.problem import Severity
from personalize_gitops.model.reports import DriftReport
from personalize_gitops.model.who import Who
from personalize_gitops.render import lines
from personalize_gitops.render.lines import Line, line
from personalize_gitops.render.reasons import joined, text
from personalize_gitops.render.style import PLAIN, Style
from personalize_gitops.render.text import fields_of

_ALONE = {Manage.OBSERVE: "Observed, not changed", Manage.PAUSED: "Paused, not compared"}


_SEVERITY = max(map(len, Severity))


def drift(report: DriftReport, style: Style = PLAIN) -> str:
    """Return drift for a person: declared → found, the findings that fail the check first."""
    found = in_order(report)
    head = f"Drift in {report.plan.project}: " if report.failed else ""
    summary = style.paint(f"{head}{counts(report)}.", "bold")
    blocks = [list(_rows(report, found)), [summary, *map(line, remarks(report)), *_left_alone(report)]]
    return "\n".join(lines.joined(block) for block in blocks if block)


def in_order(report: DriftReport) -> list[Drift]:
    """Return the findings: those that fail the check first, then by severity and address."""
    severities = [*Severity]
    return sorted(
        report.drift,
        key=lambda item: (not report.fails(item), severities.index(item.severity), item.address, item.finding),
    )


def counts(report: DriftReport) -> str:
    """Return how many findings of each class there are, those that fail the check first, without a full stop."""
    failing = _counted(item for item in report.drift if report.fails(item))
    others = _counted(item for item in report.drift if not report.fails(item))
    in_sync = f"{report.plan.in_sync} as declared{_history(report)}"
    if not report.drift:
        return f"No drift. {in_sync}"
    if not failing:
        return f"Nothing fails the check: {others}; {in_sync}"
    also = f"; also {others}" if others else ""
    return f"{failing}{also}; {in_sync}"


def _history(report: DriftReport) -> str:
    """Return how many findings are new and resolved since the earlier check; "" if none is compared."""
    if report.since is None:
        return ""
    new = sum(item.state is State.NEW for item in report.drift)
    return f"; since {_day(report.since)}: {new} new, {len(report.resolved)} resolved"


def _counted(found: Iterable[Drift]) -> str:
    counted = Counter(item.finding for item in found)
    return ", ".join(f"{counted[finding]} {finding}" for finding in sorted(counted))


def explained(item: Drift) -> str:
    """Return why something is a finding, and remarks."""
    return "; ".join(filter(None, [joined(item.reasons), *_remarks(item)]))


def _remarks(item: Drift) -> Iterator[str]:
    if item.state is State.NEW:
        yield "new"
    if item.state is State.ONGOING and item.first_seen is not None:
        yield f"first seen {_day(item.first_seen)}"
    if item.bills_since is not None:
        yield f"billed since {_day(item.bills_since)}"
    if item.who:
        yield _by(item.who)


def _by(who: Who) -> str:
    """Return who made the last write, and when, or why that is unknown."""
    if who.at is None:
        return f"actor unknown: {text(who.reason)}" if who.reason else "actor unknown"
    at = datetime.fromtimestamp(who.at, UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{who.event} by {who.actor or 'an unknown actor'} at {at}"


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def _rows(report: DriftReport, found: list[Drift]) -> Iterator[Line]:
    widest = max((len(str(item.address)) for item in found), default=0)
    words = max((len(item.finding) for item in found), default=0)
    for item in found:
        head = f"{item.severity:<{_SEVERITY}}  {item.address!s:<{widest}}  {item.finding:<{words}}"
        yield line(f"{head}  {explained(item)}".rstrip())
        yield from (line("    ", each) for each in fields_of(item.fields))
        place = f"{item.source.file}:{item.source.line}; " if item.source else ""
        yield line(f"    {place}next: {report.command(item)}")


def remarks(report: DriftReport) -> Iterator[str]:
    """Yield what is resolved since the earlier check, and what the baseline mutes, one a line."""
    for known in report.resolved:
        yield f"Resolved: {known.address} {known.finding}, first seen {_day(known.first_seen)}."
    for each in report.muted:
        what = f"{each.drift.address} {each.drift.finding}"
        last = _day(each.entry.ends - 1)
        yield f"Muted until {last} by {each.entry.source.file}:{each.entry.source.line}: {what} ({each.entry.reason})."


def _left_alone(report: DriftReport) -> Iterator[Line]:
    for manage, said in _ALONE.items():
        if addresses := report.plan.left_alone(manage):
            yield line(f"{said}: {', '.join(map(str, addresses))}.")
