"""Problems without the secrets of their documents."""

from __future__ import annotations

from dataclasses import replace

from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Source
from personalize_gitops.model.secrets import Secrets, without


def masked(problem: Problem[Source], secrets: Secrets) -> Problem[Source]:
    """Return a problem of a document without its secrets."""
    mask = secrets.masked_inside if problem.field and secrets.hides(problem.field) else secrets.masked
    return replace(problem, reason=without(problem.reason, mask), suggestion=without(problem.suggestion, mask))
