"""A problem at a field of a document's spec."""

from __future__ import annotations

from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Path, Reason, Source


def problem_at(
    document: Document, field: tuple[str | int, ...], reason: Reason, check: Check, suggestion: Reason | None = None
) -> Problem[Source]:
    """Return the error that a check found at a field, with its place in the manifests."""
    place, subject = document.places.of(("spec", *field)), str(document.address)
    return Problem(reason, place, suggestion=suggestion, subject=subject, field=Path(field), check=check)
