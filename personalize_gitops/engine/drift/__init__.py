"""Drift: what is not as the manifests say, told from the account's side. Pure; it knows no kind by name.

`planned` has the findings that a plan shows.
"""

from __future__ import annotations

from personalize_gitops.engine.drift.planned import planned
from personalize_gitops.model.drift import Drift
from personalize_gitops.model.plan import Plan


def drift(plan: Plan) -> tuple[Drift, ...]:
    """Return the findings that a plan shows, sorted by address.

    New data for an import or a training is not drift, nor is what the service does by itself.
    """
    return tuple(planned(plan))
