"""The text of a validation: problems and warnings with their places and lines, and the summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from personalize_gitops.model.problem import DataSummary, Problem, Severity, ValidationReport
from personalize_gitops.model.reason import Source
from personalize_gitops.render.lines import Line, escaped, joined, line
from personalize_gitops.render.style import PLAIN, Style, plural

PAGE = "docs/diagnostics.md"
"""The page that explains the codes of checks."""

_MANY = 5  # problems of one sort beyond which only the first is told
_PLACES = 3  # of those that are not told
_EXCERPTS = 10  # problems beyond which only the first of a code shows its line
_TYPES = 10  # event types of which the shares are told
_BEFORE, _WIDTH = 40, 100  # characters of a long line before its marker, and in all


def text(report: ValidationReport, style: Style = PLAIN) -> str:
    """Return the problems of a validation, and how many there are. Of many of one sort the first stands for all."""
    warnings = sum(problem.severity is Severity.WARNING for problem in report.problems)
    summary = _valid(report, warnings) if report.valid else _invalid(report, warnings)
    data = [line(_data(each)) for each in report.data]
    page = [line(f"{PAGE} explains the codes.")] if report.problems else []
    return joined([*_lines(report, _told(report), style), *page, *data, line(summary)])


def problem_lines(problems: Sequence[Problem[Source]], style: Style) -> Iterator[Line]:
    """Yield the place, document and fact of each problem, and its remedy on a line of its own."""
    return _lines(ValidationReport(tuple(problems)), [_Told(problem) for problem in problems], style)


def page_of(problem: Problem[Source]) -> str:
    """Return where the documentation explains the check of a problem; empty for a problem without one."""
    return f"{PAGE}#{problem.check.lower()}" if problem.check else ""


def warnings_hint(warnings: int) -> str:
    """Return the line that other commands print about warnings."""
    return f"{plural(warnings, 'warning')} in the manifests: `personalize-gitops validate` shows more."


def _data(data: DataSummary) -> str:
    """Return how many rows a dataset gets, and the share of each event type."""
    shares = (f"{escaped(type_ or 'none')} {count / data.rows:.1%}" for type_, count in data.event_types)
    types = ", ".join(islice(shares, _TYPES))
    more = ", …" if len(data.event_types) > _TYPES else ""
    return f"{data.dataset}: {data.rows:,} {'row' if data.rows == 1 else 'rows'}{f': {types}{more}' if types else ''}"


def _valid(report: ValidationReport, warnings: int) -> str:
    targets = f"{'target' if len(report.targets) == 1 else 'targets'} {', '.join(report.targets)}"
    warned = f" {plural(warnings, 'warning')}." if warnings else ""
    return f"Valid: {plural(report.documents, 'document')}, for {targets}.{warned}"


def _invalid(report: ValidationReport, warnings: int) -> str:
    errors = [problem for problem in report.problems if problem.severity is Severity.ERROR]
    files = {error.place.file for error in errors}
    warned = f", {plural(warnings, 'warning')}" if warnings else ""
    return f"{plural(len(errors), 'problem')} in {plural(len(files), 'file')}{warned}. Nothing was changed."


@dataclass(frozen=True)
class _Told:
    """A problem that is told, and others of its sort that are only counted."""

    problem: Problem[Source]
    others: Sequence[Problem[Source]] = ()


def _told(report: ValidationReport) -> list[_Told]:
    alike: dict[tuple[str, ...], list[Problem[Source]]] = {}
    for problem in report.problems:
        alike.setdefault((problem.check or "", problem.reason.code, problem.severity), []).append(problem)
    many = {} if report.every else {id(of[0]): of[1:] for of in alike.values() if len(of) > _MANY}
    counted = {id(problem) for of in many.values() for problem in of}
    return [_Told(problem, many.get(id(problem), ())) for problem in report.problems if id(problem) not in counted]


def _lines(report: ValidationReport, told: Sequence[_Told], style: Style) -> Iterator[Line]:
    """Yield the place, document and fact of each problem; below it its remedy, its line and the places of others."""
    places = [escaped(str(each.problem.place)) for each in told]
    subjects = [_subject(each.problem) for each in told]
    place_width, subject_width = max(map(len, places), default=0), max(map(len, subjects), default=0)
    shown: set[str] = set()
    for each, place, subject in zip(told, places, subjects, strict=True):
        problem = each.problem
        head = f"{place:<{place_width}}  {subject:<{subject_width}}  " if subject_width else f"{place:<{place_width}}  "
        message, remedy = _sentences(problem)
        check = f" [{problem.check}]" if problem.check else ""
        yield line(head, _marked(message, problem.severity, style), check)
        if remedy:
            yield line(" " * len(head), remedy)
        if problem.place in report.lines and (len(told) <= _EXCERPTS or (problem.check or "") not in shown):
            yield from _excerpt(problem.place, report.lines[problem.place], style)
        if each.others:
            yield line(_more(each))
        shown.add(problem.check or "")


def _subject(problem: Problem[Source]) -> str:
    return escaped(problem.subject) if problem.subject != problem.place.file else ""


def _more(told: _Told) -> str:
    """Return how many other problems of a sort there are, and the first places."""
    places = ", ".join(str(problem.place) for problem in told.others[:_PLACES])
    more = ", …" if len(told.others) > _PLACES else ""
    code = f" [{told.problem.check}]" if told.problem.check else ""
    return f"    {len(told.others)} more{code}: {places}{more} (`personalize-gitops validate --all` lists each)"


def _excerpt(place: Source, text: str, style: Style) -> Iterator[Line]:
    """Yield the line of a problem and a marker below its place; of a long line the part around the place."""
    first = place.column - 1
    last = min(place.end - 1 if place.end else len(text), len(text))
    start = max(0, first - _BEFORE) if len(text) > _WIDTH else 0
    part = text[start : start + _WIDTH].replace("\t", " ")
    before = escaped(part[: first - start])
    marked = escaped(part[first - start : max(last, first + 1) - start])
    cut = ("…" if start else "", "…" if start + _WIDTH < len(text) else "")
    head = f"    {place.line} | "
    yield line(head, cut[0], escaped(part), cut[1])
    margin = f"{' ' * (len(head) - 2)}| {' ' * (len(cut[0]) + len(before))}"
    yield line(margin, style.paint("^" * max(1, len(marked)), "bold"))


def _marked(message: str, severity: Severity, style: Style) -> Line:
    """Return the message of an error in red, any other in yellow after its severity."""
    if severity is Severity.ERROR:
        return style.paint(message, "red")
    return style.paint(f"{severity}: {message}", "yellow")


def _sentences(problem: Problem[Source]) -> tuple[str, str]:
    """Return the message and the remedy of a problem."""
    from personalize_gitops.render import reasons  # not at the top: most manifests have no problem to explain

    return reasons.message(problem), reasons.text(problem.suggestion) if problem.suggestion else ""
