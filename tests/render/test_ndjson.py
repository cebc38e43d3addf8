"""The events of an apply as lines of JSON."""

from __future__ import annotations

import json
from pathlib import Path

from personalize_gitops.render.formats import Format, render_report
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
