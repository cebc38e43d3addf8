"""JUnit XML: the problems of manifests as test cases, which most CI systems show."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from personalize_gitops.model.problem import Problem, Severity, ValidationReport
from personalize_gitops.model.reason import Source
from personalize_gitops.render import reasons
from personalize_gitops.render.lines import escaped, joined, line
from personalize_gitops.render.style import PLAIN, Style
from personalize_gitops.render.validation import page_of

_NAME = "personalize-gitops validate"


def validation(report: ValidationReport, style: Style = PLAIN) -> str:
    """Return a test suite: an error is a case that failed, a warning one that passed with output, in order of place.

    Manifests without problems are one case that passed.
    """
    cases = [each for problem in report.problems for each in _case(problem, style)]
    errors = sum(problem.severity is Severity.ERROR for problem in report.problems)
    tests = max(1, len(report.problems))
    suite = f'name="{_NAME}" tests="{tests}" failures="{errors}" errors="0" skipped="0" time="0"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="{_NAME}" tests="{tests}" failures="{errors}" errors="0" time="0">',
        f"  <testsuite {suite}>",
        *(cases or [f'    <testcase classname="{_NAME}" name="manifests" time="0"/>']),
        "  </testsuite>",
        "</testsuites>",
    ]
    return joined(map(line, lines))


def _case(problem: Problem[Source], style: Style) -> Iterator[str]:
    place, message = problem.place, reasons.message(problem)
    remedy = [reasons.text(problem.suggestion)] if problem.suggestion else []
    file = style.path(place.file)
    name = " ".join(filter(None, [problem.check, problem.subject, f"at {place.line}:{place.column}"]))
    told = "; ".join(filter(None, [message, *remedy, page_of(problem)]))
    where = f'classname="{_xml(file)}" file="{_xml(file)}" line="{place.line}"'
    yield f'    <testcase name="{_xml(name)}" {where} time="0">'
    if problem.severity is Severity.ERROR:
        yield f'      <failure type="{problem.check or "error"}" message="{_xml(message)}">{_xml(told)}</failure>'
    else:
        yield f"      <system-out>{problem.severity}: {_xml(told)}</system-out>"
    yield "    </testcase>"


def _xml(text: str) -> str:
    """Return a text for XML, which has no way to write most control characters."""
    return escape(escaped(text))
