"""The severities of checks that a project sets: `lint: {PG204: warning}`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator

from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.problem_codes import ValueCode
from personalize_gitops.model.reason import Reason, Source, Verbatim, because
from personalize_gitops.model.validation import invalid


class Level(StrEnum):
    """What a project makes of the problems of a check."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    IGNORE = "ignore"  # they are not told


CheckName = Annotated[str, AfterValidator(lambda word: checked_name(word))]


def checked_name(word: str) -> str:
    """Return the code of a check. Raises `invalid` if it does not exist or its severity is fixed."""
    if wrong := why_not_set(word):
        raise invalid(wrong)
    return word


def why_not_set(word: str) -> Reason | None:
    """Return why a project cannot set the severity of a check; None if it can."""
    if word not in Check.__members__:
        return because(ValueCode.UNKNOWN_CHECK, found=Verbatim(word))
    return because(ValueCode.FIXED_CHECK, check=Verbatim(word)) if Check[word].fixed else None


def with_levels(problems: Iterable[Problem[Source]], levels: Mapping[str, Level]) -> Iterator[Problem[Source]]:
    """Yield the problems with the severities that the project sets, without those that it ignores."""
    for problem in problems:
        level = levels.get(problem.check or "")
        if level is None:
            yield problem
        elif level is not Level.IGNORE:
            yield replace(problem, severity=Severity(level))
