"""Recommendations as text and as JSON."""

from __future__ import annotations

from typing import Any

from personalize_gitops.model.recommendations import Recommended
from personalize_gitops.model.reports import RecommendReport
from personalize_gitops.render.json import FORMAT_VERSION, TOOL, written
from personalize_gitops.render.lines import joined, line
from personalize_gitops.render.style import PLAIN, Style, plural
from personalize_gitops.render.text import table

_LONGEST = 40  # characters of a column


def text(report: RecommendReport, style: Style = PLAIN) -> str:
    """Return the results as a table: rank, id, score if there are any, and the columns of the items."""
    results = report.answer.results
    head = joined([style.paint(f"{report.address}{_subject(report)}", "bold")])
    if not results:
        return head + joined([line("Nothing is recommended.")])
    columns = [*_SHOWN, *((name, lambda each, name=name: each.columns.get(name, "")) for name in report.columns)]
    columns.append(("REMARK", lambda each: ", ".join(each.remarks)))
    filled = [(name, cell) for name, cell in columns if any(map(cell, results))]
    rows = [(str(rank), *(_short(cell(each)) for _, cell in filled)) for rank, each in enumerate(results, start=1)]
    return head + table([("RANK", *(name for name, _ in filled)), *rows])


def _score(each: Recommended) -> str:
    return "" if each.score is None else f"{each.score:.4f}"


_SHOWN: list[tuple[str, Any]] = [("ID", lambda each: each.id), ("SCORE", _score)]


def _short(cell: str) -> str:
    return cell if len(cell) <= _LONGEST else f"{cell[: _LONGEST - 1]}…"


def _subject(report: RecommendReport) -> str:
    """Return for whom, like what, and after which events."""
    asked = report.question
    parts = [
        f" for user {asked.user}" if asked.user else f" for session {asked.session}" if asked.session else "",
        f" about item {asked.item}" if asked.item else "",
        f" with filter {asked.filter}" if asked.filter else "",
        f" after {plural(len(asked.events), 'event')}" if asked.events else "",
    ]
    return "".join(parts)


def json(report: RecommendReport, _: Style = PLAIN) -> str:
    """Return the question and its results."""
    asked = report.question
    question = {
        "user": asked.user,
        "session": asked.session,
        "item": asked.item,
        "items": [*asked.items],
        "filter": asked.filter,
        "values": {name: [*values] for name, values in sorted(asked.values.items())},
        "events": [{"type": each.event_type, "item": each.item, "value": each.value} for each in asked.events],
    }
    results = [_result(rank, each) for rank, each in enumerate(report.answer.results, start=1)]
    head = {"formatVersion": FORMAT_VERSION, "tool": TOOL, "project": report.project, "target": report.target}
    what = {"address": str(report.address), "arn": report.arn, "question": question}
    return written({**head, **what, "recommendationId": report.answer.recommendation_id or None, "results": results})


def _result(rank: int, each: Recommended) -> dict[str, Any]:
    shown = {"columns": dict(each.columns), "remarks": [*each.remarks]}
    return {"rank": rank, "id": each.id, "score": each.score, **shown}
