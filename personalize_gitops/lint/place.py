"""A problem at a field of a document's spec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Document
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.reason import Path, Reason, Source


def problem_at(
    document: Document, field: tuple[str | int, ...], reason: Reason, check: Check, suggestion: Reason | None = None
) -> Problem[Source]:
    """Return the error that a check found at a field, with its place in the manifests."""
    place, subject = document.places.of(("spec", *field)), str(document.address)
    return Problem(reason, place, suggestion=suggestion, subject=subject, field=Path(field), check=check)


def found_in(document: Document, problems: Iterable[Problem[Path]], check: Check) -> Iterator[Problem[Source]]:
    """Yield problems at members of the create request at their places in the manifests."""
    for problem in problems:
        field = _in_manifest(document, problem.place)
        yield problem.moved_to(document.places.of(("spec", *field)), str(document.address), field, check)


def doubtful(problems: Iterable[Problem[Path]]) -> Iterator[Problem[Path]]:
    """Yield problems as warnings, because only the account shows whether they are errors."""
    return (replace(problem, severity=Severity.WARNING) for problem in problems)


def _in_manifest(document: Document, path: Path) -> Path:
    """Return the path of a member of the request in the manifest, where references have no `Arn` in their names."""
    first = str(path[0]).removesuffix("Arn") if path else ""
    return Path((first, *path[1:])) if first in document.references else path
