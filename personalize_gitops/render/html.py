"""One self-contained HTML page for a browser: it needs no network, and its policy permits no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Source
from personalize_gitops.model.reports import ApplyReport, DriftReport, PlanReport, StatusReport
from personalize_gitops.render import diffs, drifts, entries, events, status, text
from personalize_gitops.render.gfm import url
from personalize_gitops.render.graph import drawing_of
from personalize_gitops.render.lines import escaped, joined, line
from personalize_gitops.render.preflight import TITLE
from personalize_gitops.render.reasons import message
from personalize_gitops.render.reasons import text as sentence
from personalize_gitops.render.style import PLAIN, Style

if TYPE_CHECKING:
    from jinja2 import Template

_SIGNS = {"+": "added", "-": "removed", "@": "path"}


def plan(report: PlanReport, style: Style = PLAIN) -> str:
    """Return a plan with its dependencies as a drawing."""
    value = report.plan
    at_risk = [group for group in (entries.blocked(value), *entries.risky(value)) if group.entries]
    return _page(
        value,
        style,
        title="Plan for",
        counts=f"{text.counts(value)}.",
        fingerprint=value.fingerprint[:12],
        remarks=list(text.conditions(value)),
        lacking=[_finding(problem) for problem in report.preflight],
        at_risk=at_risk,
        groups=[group for group in (entries.blocked(value), *entries.by_action(value)) if group.entries],
        drawing=drawing_of(value),
        command=report.next_command if value.applyable and not style.base else "",  # a pipeline has its own next step
    )


def _finding(problem: Problem[Source]) -> tuple[Problem[Source], str, str]:
    """Return a finding of preflight, its sentence, and what to do."""
    return problem, message(problem), sentence(problem.suggestion) if problem.suggestion else ""


def drift(report: DriftReport, style: Style = PLAIN) -> str:
    """Return drift: declared values before, found values after."""
    counts = f"{drifts.counts(report)}."
    groups, remarks = list(entries.by_finding(report)), list(drifts.remarks(report))
    return _page(report.plan, style, title="Drift in", counts=counts, remarks=remarks, groups=groups)


def status_page(report: StatusReport, style: Style = PLAIN) -> str:
    """Return the live state of every resource as a table."""
    found = status.rows(report)
    cells = [status.cells(row) for row in found]
    return _page(report.plan, style, title="Status of", counts=status.ready(found), head=status.HEAD, rows=cells)


def applied(report: ApplyReport, style: Style = PLAIN) -> str:
    """Return what an apply did: its summary, and the end of every step."""
    summary, *remarks = events.summary(report).splitlines() or ["Nothing to apply."]
    rows = [(str(event.step.id.address), events.message(event)) for event in report.ends]
    head = ("Resource", "End")
    return _page(report.plan, style, title="Apply to", counts=summary, remarks=remarks, head=head, rows=rows)


def _page(value: Plan, style: Style, **content: Any) -> str:
    shown = _template().render(
        **{**_NOTHING, **content}, plan=value, about_lacking=TITLE, url=lambda source: _url(source, style)
    )
    return joined(line(each) for each in shown.split("\n"))


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    pages = Environment(
        loader=PackageLoader(__package__),
        autoescape=True,
        finalize=_visible,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    pages.filters["diff"] = _diff
    return pages.get_template("report.html")


_NOTHING: dict[str, Sequence[Any] | str | None] = {
    "fingerprint": "",
    "remarks": [],
    "lacking": [],
    "at_risk": [],
    "groups": [],
    "drawing": None,
    "head": [],
    "rows": [],
    "command": "",
}
"""What a page has none of, unless its report has it."""


def _visible(value: object) -> object:
    """Return a text with invisible characters as escapes; everything else as it is."""
    return escaped(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _url(source: Source, style: Style) -> str:
    """Return the address of a line of a manifest; empty where it is unknown, because a page lies anywhere."""
    return url(source, style) if style.base and not source.file.startswith("/") else ""


def _diff(fields: Iterable[FieldChange]) -> list[tuple[str, str]]:
    """Return the rows of a unified diff, each with what it is."""
    return [(_SIGNS.get(row[:1], "same"), row) for row in diffs.in_full(fields)]
