"""The text of a validation: problems and warnings with their places, and the summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from personalize_gitops.model.problem import Problem, Severity, ValidationReport
from personalize_gitops.model.reason import Source
from personalize_gitops.render.lines import Line, escaped, joined, line
from personalize_gitops.render.style import PLAIN, Style, plural


def text(report: ValidationReport, style: Style = PLAIN) -> str:
    """Return every problem of a validation, and how many there are."""
    warnings = sum(problem.severity is Severity.WARNING for problem in report.problems)
    summary = _valid(report, warnings) if report.valid else _invalid(report, warnings)
    return joined([*_lines(report.problems, style), line(summary)])


def warnings_hint(warnings: int) -> str:
    """Return the line that other commands print about warnings."""
    return f"{plural(warnings, 'warning')} in the manifests: `personalize-gitops validate` shows more."


def _valid(report: ValidationReport, warnings: int) -> str:
    targets = f"{'target' if len(report.targets) == 1 else 'targets'} {', '.join(report.targets)}"
    warned = f" {plural(warnings, 'warning')}." if warnings else ""
    return f"Valid: {plural(report.documents, 'document')}, for {targets}.{warned}"


def _invalid(report: ValidationReport, warnings: int) -> str:
    errors = [problem for problem in report.problems if problem.severity is Severity.ERROR]
    files = {error.place.file for error in errors}
    warned = f", {plural(warnings, 'warning')}" if warnings else ""
    return f"{plural(len(errors), 'problem')} in {plural(len(files), 'file')}{warned}. Nothing was changed."


def _lines(problems: Sequence[Problem[Source]], style: Style) -> Iterator[Line]:
    """Yield the place, document and fact of each problem, and its remedy on a line of its own."""
    places = [escaped(str(problem.place)) for problem in problems]
    subjects = [escaped(problem.subject) if problem.subject != problem.place.file else "" for problem in problems]
    place_width, subject_width = max(map(len, places), default=0), max(map(len, subjects), default=0)
    for problem, place, subject in zip(problems, places, subjects, strict=True):
        head = f"{place:<{place_width}}  {subject:<{subject_width}}  " if subject_width else f"{place:<{place_width}}  "
        message, remedy = _sentences(problem)
        check = f" [{problem.check}]" if problem.check else ""
        yield line(head, _marked(message, problem.severity, style), check)
        if remedy:
            yield line(" " * len(head), remedy)


def _marked(message: str, severity: Severity, style: Style) -> Line:
    """Return the message of an error in red, any other in yellow after its severity."""
    if severity is Severity.ERROR:
        return style.paint(message, "red")
    return style.paint(f"{severity}: {message}", "yellow")


def _sentences(problem: Problem[Source]) -> tuple[str, str]:
    """Return the message and the remedy of a problem."""
    from personalize_gitops.render import reasons  # not at the top: most manifests have no problem to explain

    return reasons.message(problem), reasons.text(problem.suggestion) if problem.suggestion else ""
