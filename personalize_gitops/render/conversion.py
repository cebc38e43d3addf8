"""What became of the configuration of another system, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
from typing import Any

from personalize_gitops.model.conversion import Entry, Outcome
from personalize_gitops.model.reports import ConversionReport
from personalize_gitops.render import reasons
from personalize_gitops.render.json import FORMAT_VERSION, TOOL, reason_of, written
from personalize_gitops.render.lines import Line, joined, line
from personalize_gitops.render.style import PLAIN, Style, plural

_HEADS = {Outcome.DECISION: "Needs a decision", Outcome.DROPPED: "Dropped", Outcome.DEFAULTED: "Defaulted"}
"""What text lists; exact values are counted, and JSON has them."""


def text(report: ConversionReport, style: Style = PLAIN) -> str:
    """Return what was not taken as it is, the gravest first, then what was written and how to go on."""
    return joined([*_lists(report, style), *_summary(report)])


def _lists(report: ConversionReport, style: Style) -> Iterator[Line]:
    for outcome, head in _HEADS.items():
        found = [entry for entry in report.conversion.entries if entry.outcome is outcome]
        if found:
            yield style.paint(head, "bold")
            yield from (line("  ", told(entry)) for entry in found)
            yield line("")


def told(entry: Entry) -> str:
    """Return an entry as `file: path → Kind/name member: why`."""
    place = f"{entry.file}: {entry.path}" if entry.path else entry.file
    to = " ".join(map(str, filter(None, [entry.address, entry.field])))
    why = f": {reasons.text(entry.reason)}" if entry.reason else ""
    return f"{place} → {to}{why}" if to else f"{place}{why}"


def _summary(report: ConversionReport) -> Iterator[Line]:
    counts = report.conversion.counted()
    yield line(f"Wrote {plural(len(report.conversion.drafts), 'document')} to {report.folder}: {_files(report)}.")
    yield line(
        f"{counts[Outcome.EXACT]} exact, {counts[Outcome.DEFAULTED]} defaulted, {counts[Outcome.DROPPED]} dropped, ",
        f"{plural(counts[Outcome.DECISION], 'decision')} open.",
    )
    yield line(f"Next: personalize-gitops validate --manifests {quote(report.folder)}")


def _files(report: ConversionReport) -> str:
    return ", ".join(path.removeprefix(f"{report.folder}/") for path in report.written)


def json(report: ConversionReport, _: Style = PLAIN) -> str:
    """Return every entry, and the files that were written."""
    head = {"formatVersion": FORMAT_VERSION, "tool": TOOL, "format": report.format, "folder": report.folder}
    counts = {str(outcome): count for outcome, count in report.conversion.counted().items()}
    entries = [_entry(entry) for entry in report.conversion.entries]
    return written({**head, "written": [*report.written], "summary": counts, "entries": entries})


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "outcome": entry.outcome,
        "file": entry.file,
        "path": str(entry.path),
        "address": str(entry.address) if entry.address else None,
        "field": str(entry.field) if entry.field else None,
        "reason": reason_of(entry.reason) if entry.reason else None,
    }
