"""How rules make their problems."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.reason import Path, Reason


def error(check: Check, reason: Reason, *place: str | int, suggestion: Reason | None = None) -> Problem[Path]:
    """Return what the service refuses at a member of a request."""
    return Problem(reason, Path(place), suggestion=suggestion, check=check)


def warning(check: Check, reason: Reason, *place: str | int, suggestion: Reason | None = None) -> Problem[Path]:
    """Return what is likely a mistake, or not documented, at a member of a request."""
    return Problem(reason, Path(place), Severity.WARNING, suggestion, check=check)


def below(place: Path, problems: Iterable[Problem[Path]]) -> Iterator[Problem[Path]]:
    """Yield problems of a member with their paths in the request that has it at `place`."""
    for problem in problems:
        yield replace(problem, place=Path((*place, *problem.place)))
