"""The events of an apply as lines of JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from personalize_gitops.model.reports import ApplyReport
from personalize_gitops.render.formats import Format, render_report
from personalize_gitops.render.ndjson import with_lines
from tests.render.test_foreign_text import reports

GOLDEN = Path(__file__).parent / "golden" / "apply.ndjson"


def test_an_apply() -> None:
    """A first line with the target, one for each event with its step, and a last one with the exit code."""
    assert render_report(reports("text")[3], Format.NDJSON) == GOLDEN.read_text()


def test_every_line_is_numbered() -> None:
    """Each line is an object of its own, with its place and time."""
    lines = [json.loads(line) for line in GOLDEN.read_text().splitlines()]

    assert [line["sequence"] for line in lines] == list(range(1, len(lines) + 1))
    assert [line["type"] for line in lines] == ["begin", *["step"] * (len(lines) - 2), "end"]
    assert all("time" in line for line in lines)


def test_times_never_go_back() -> None:
    """Two calls that end at once can be told in either order: the time of a line is not before that of the last one."""
    report = reports("text")[3]
    assert isinstance(report, ApplyReport)
    late = replace(report.events[0], at=report.events[0].at + 60)

    lines = [json.loads(line) for _, line in with_lines([late, *report.events], 3)]

    assert lines[0]["time"] == lines[1]["time"]
    assert [line["time"] for line in lines] == sorted(line["time"] for line in lines)
