"""The solution whose version a campaign or batch job uses."""

from __future__ import annotations

from personalize_gitops.catalog.recipes import Recipe, find_recipe
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.reference import Newest, Reference


def solution_of(document: Document, desired: Desired) -> Document | None:
    """Return the solution of `solutionVersion`; None if it is not declared."""
    reference = document.references.get("solutionVersion")
    if isinstance(reference, Newest):
        return _declared(reference.of, desired)
    version = _declared(reference, desired)
    return _declared(version.references.get("solution"), desired) if version else None


def recipe_of(solution: Document | None) -> Recipe | None:
    """Return the recipe of a solution; None if it is not known."""
    return find_recipe(str(solution.attributes.get("recipe"))) if solution else None


def _declared(reference: Reference | None, desired: Desired) -> Document | None:
    return desired.documents.get(reference) if isinstance(reference, Address) else None
