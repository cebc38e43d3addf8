"""Checks over what is desired, one file for each family. Each check has a code and a test that shows it."""

from collections.abc import Iterator

from personalize_gitops.lint import filters, groups, schemas, solutions
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.diagnostics import Problem

FAMILIES = (schemas.check, groups.check, filters.check, solutions.check)


def lint(desired: Desired) -> Iterator[Problem]:
    """Everything the service would refuse, as far as the manifests alone tell."""
    for family in FAMILIES:
        yield from family(desired)
