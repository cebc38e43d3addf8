"""Refuse a request for what a rule of the catalog finds in it."""

from collections.abc import Iterable
from typing import Any

from personalize_gitops.emulator.errors import invalid
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.render.reasons import full_text


def refuse_errors(problems: Iterable[Problem[Any]], message: str = "") -> None:
    """Refuse a request for its first error, in the words of the service if they are known."""
    for problem in problems:
        if problem.severity is Severity.ERROR:
            raise invalid(message or f"{problem.place}: {full_text(problem.reason, problem.suggestion)}.")
