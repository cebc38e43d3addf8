"""What `drift --accept` wrote into the manifests, as text and as JSON."""

from __future__ import annotations

from typing import Any

from personalize_gitops.model.acceptance import Written
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.digest import plain
from personalize_gitops.model.reports import AcceptReport
from personalize_gitops.render import lines
from personalize_gitops.render.json import FORMAT_VERSION, TOOL, written
from personalize_gitops.render.lines import line
from personalize_gitops.render.style import PLAIN, Style, plural
from personalize_gitops.render.values import field_lines


def text(report: AcceptReport, _: Style = PLAIN) -> str:
    """Return each value that was written with its place: former → live."""
    found = [line(f"{each.place.file}:{each.place.line}: {_what(each)}") for each in report.written]
    resources = len({each.address for each in report.written})
    counts = f"Accepted {plural(len(report.written), 'value')} of {plural(resources, 'resource')}."
    return lines.joined([*found, line(counts)])


def _what(value: Written) -> str:
    change = FieldChange(tuple(map(str, value.path)), value.before, value.after)
    return f"{value.address} {value.path}: {'; '.join(field_lines(change))}"


def json(report: AcceptReport, _: Style = PLAIN) -> str:
    """Return each value that was written with its place; `before` as it was in the file, `after` as it is now."""
    values = [_written(each) for each in report.written]
    head = {"formatVersion": FORMAT_VERSION, "tool": TOOL, "project": report.plan.project}
    return written({**head, "written": values})


def _written(value: Written) -> dict[str, Any]:
    return {
        "address": str(value.address),
        "path": str(value.path),
        "file": value.place.file,
        "line": value.place.line,
        "before": plain(value.before),
        "after": plain(value.after),
    }
