"""Checks of the desired state against the rules of the service, one file for each family.

Each check has a code such as PG101, and a test that shows it.
"""

from collections.abc import Iterator

from personalize_gitops.lint import (
    attributions,
    batch,
    campaigns,
    counts,
    filter_uses,
    filters,
    groups,
    jobs,
    places,
    recommenders,
    schemas,
    solutions,
    trackers,
    trainings,
)
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Source

FAMILIES = (
    schemas.check,
    groups.check,
    filters.check,
    filter_uses.check,
    solutions.check,
    trainings.check,
    campaigns.check,
    recommenders.check,
    jobs.check,
    batch.check,
    attributions.check,
    trackers.check,
    counts.check,
    places.check,
)


def lint(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield the problems of a desired state: what the service would refuse, and likely mistakes."""
    for family in FAMILIES:
        yield from family(desired)
