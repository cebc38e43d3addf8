"""The explanation of one resource, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from personalize_gitops.model.action import Action
from personalize_gitops.model.digest import plain
from personalize_gitops.model.explaining import Explanation
from personalize_gitops.model.plan import Change
from personalize_gitops.model.reason import Source
from personalize_gitops.model.reports import ExplainReport
from personalize_gitops.render import lines
from personalize_gitops.render.json import FORMAT_VERSION, TOOL, reason_of, written
from personalize_gitops.render.lines import Line, line
from personalize_gitops.render.reasons import text as sentence
from personalize_gitops.render.style import PLAIN, Style
from personalize_gitops.render.text import explained, losses
from personalize_gitops.render.values import field_lines, sides

_IN_SYNC = "in sync"


def text(report: ExplainReport, style: Style = PLAIN) -> str:
    """Return what the plan does and why, the members that decide it, then the resources around it."""
    found, change = report.explanation, report.explanation.change
    head = line(f"{change.address}: ", style.of(change.action, _word(change)))
    return lines.joined([head, *_why(found), *_around(found)])


def _word(change: Change) -> str:
    return _IN_SYNC if change.action is Action.NONE else change.action.value


def _why(found: Explanation) -> Iterator[Line]:
    change = found.change
    if place := change.document and change.document.source:
        yield line(f"  declared in {_at(place)}")
    yield from (line(f"  {each}") for each in (explained(change), *losses(change)) if each)
    if change.change_class:
        yield line(f"  class of the change: {change.change_class}")
    for field, place in found.members:
        for each in field_lines(field):
            yield line(f"  {field}  {each}{f'  ({_at(place)})' if place else ''}")
    yield from (line(f"  {sentence(note)}") for note in change.notes)


def _at(place: Source) -> str:
    return f"{place.file}:{place.line}"


def _around(found: Explanation) -> Iterator[Line]:
    yield from _titled("Needs:", found.needs)
    yield from _titled("Depends on it:", found.dependents)
    if found.trains:
        yield line(f"Trains: {', '.join(map(str, found.trains))}")


def _titled(title: str, changes: Sequence[Change]) -> Iterator[Line]:
    if changes:
        yield line(title)
        yield from (line(f"  {change.address}  {_word(change)}") for change in changes)


def json(report: ExplainReport, _: Style = PLAIN) -> str:
    """Return the same for machines."""
    found, change = report.explanation, report.explanation.change
    source = change.document.source if change.document else None
    return written(
        {
            "formatVersion": FORMAT_VERSION,
            "tool": TOOL,
            "project": report.project,
            "target": report.target,
            "address": str(change.address),
            "action": change.action.summary,
            "class": change.change_class,
            "risk": change.risk,
            "reasons": [*map(reason_of, change.reasons)],
            "notes": [*map(reason_of, change.notes)],
            "source": _source(source),
            "members": [*_members(found)],
            "needs": [*map(_named, found.needs)],
            "dependents": [*map(_named, found.dependents)],
            "trains": [*map(str, found.trains)],
        }
    )


def _source(place: Source | None) -> dict[str, Any] | None:
    return {"file": place.file, "line": place.line} if place else None


def _members(found: Explanation) -> Iterator[dict[str, Any]]:
    for field, place in found.members:
        before, after = sides(field)
        yield {"path": str(field), "before": plain(before), "after": plain(after), "source": _source(place)}


def _named(change: Change) -> dict[str, str]:
    return {"address": str(change.address), "action": change.action.summary}
