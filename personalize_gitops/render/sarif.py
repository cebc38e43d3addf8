"""SARIF 2.1.0: the problems of manifests for code scanning, such as that of GitHub."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from personalize_gitops import __version__
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, Severity, ValidationReport
from personalize_gitops.model.reason import Source
from personalize_gitops.render import reasons
from personalize_gitops.render.json import written
from personalize_gitops.render.style import PLAIN, Style
from personalize_gitops.render.validation import page_of

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def validation(report: ValidationReport, style: Style = PLAIN) -> str:
    """Return the problems in manifests as the results of one run, with the checks that found them as its rules."""
    first = {problem.check: problem for problem in reversed(report.problems) if problem.check}
    rules = sorted(first)
    driver = {
        "name": "personalize-gitops",
        "semanticVersion": __version__,
        "rules": [_rule(check, first[check]) for check in rules],
    }
    results = [_result(problem, rules, style) for problem in report.problems]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return written({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(check: Check, problem: Problem[Source]) -> dict[str, Any]:
    return {
        "id": check,
        "shortDescription": {"text": check.about},
        "help": {"text": f"{check.about} See {page_of(problem)}."},
    }


def _result(problem: Problem[Source], rules: Sequence[Check], style: Style) -> dict[str, Any]:
    remedy = [reasons.text(problem.suggestion)] if problem.suggestion else []
    uri = quote(style.path(problem.place.file), errors="surrogatepass")
    place = {"artifactLocation": {"uri": uri}, "region": _region(problem.place)}
    rule = {"ruleId": problem.check, "ruleIndex": rules.index(problem.check)} if problem.check else {}
    return {
        **rule,
        "level": _LEVELS[problem.severity],
        "message": {"text": "; ".join([reasons.message(problem), *remedy])},
        "locations": [{"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": problem.subject}]}],
    }


def _region(place: Source) -> dict[str, int]:
    end = {"endColumn": place.end} if place.end else {}
    return {"startLine": place.line, "startColumn": place.column, **end}
