"""A problem at a field of a document's spec."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Document
from personalize_gitops.model.members import members
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.reason import Path, Reason, Source


def problem_at(
    document: Document, field: tuple[str | int, ...], reason: Reason, check: Check, suggestion: Reason | None = None
) -> Problem[Source]:
    """Return the error that a check found at a field, with its place in the manifests."""
    place, subject = document.places.of(("spec", *field)), str(document.address)
    return Problem(reason, place, suggestion=suggestion, subject=subject, field=Path(field), check=check)


def warning_at(
    document: Document, field: tuple[str | int, ...], reason: Reason, check: Check, suggestion: Reason | None = None
) -> Problem[Source]:
    """Return the warning about a field, as `problem_at`."""
    return replace(problem_at(document, field, reason, check, suggestion), severity=Severity.WARNING)


def placed(document: Document, problems: Iterable[Problem[Path]]) -> Iterator[Problem[Source]]:
    """Yield the problems that a rule found in a request, with their places in the document."""
    for problem in problems:
        assert problem.check is not None  # noqa: S101 - rules name their checks
        field = _in_manifest(document, problem.place)
        yield problem.moved_to(document.places.of(("spec", *field)), str(document.address), field, problem.check)


def _in_manifest(document: Document, path: Path) -> Path:
    """Return the path of a member of a request in the manifest, where references have no `Arn` in their names."""
    known = members(document.kind)
    spelled = (str(step).removesuffix("Arn") for step in path[:1])
    return Path((*(new if new in known else old for new, old in zip(spelled, path, strict=False)), *path[1:]))
