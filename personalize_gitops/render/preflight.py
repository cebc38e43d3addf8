"""What roles, buckets and keys lack for a plan, as Markdown for reviewers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.reason import Source
from personalize_gitops.render.gfm import code, details, fence, link, prose
from personalize_gitops.render.lines import Line, line
from personalize_gitops.render.reasons import message, text
from personalize_gitops.render.style import Style, plural

TITLE = "Roles, buckets and keys"


def findings(found: Sequence[Problem[Source]], style: Style) -> Iterator[Line]:
    """Yield a line for each finding, and below it the policy to add."""
    if not found:
        return
    yield from (line(f"### {TITLE}"), line())
    for problem in found:
        yield line(f"- {_said(problem)} ({link(problem.place, style)})")
    yield line()
    for remedy in dict.fromkeys(problem.suggestion for problem in found if problem.suggestion):
        yield from details("What to do", fence("text", [text(remedy)]))


def counted(found: Sequence[Problem[Source]]) -> Iterator[Line]:
    """Yield how many findings there are."""
    if found:
        many = plural(len(found), "finding")
        yield from (line(f"{TITLE}: {many}; `validate --online` tells them."), line())


def _said(problem: Problem[Source]) -> str:
    severity = "" if problem.severity is Severity.ERROR else f"{problem.severity}: "
    return f"{code(problem.subject)} {severity}{prose(message(problem))}"
