"""The documents that a document refers to, and the recipe of its version."""

from __future__ import annotations

from personalize_gitops.catalog.datasets import DatasetType, find_dataset_type
from personalize_gitops.catalog.recipes import Recipe, find_recipe
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.reference import Newest, Reference


def document_at(reference: Reference | None, desired: Desired) -> Document | None:
    """Return the document that a reference means; None if it is not declared."""
    return desired.documents.get(reference) if isinstance(reference, Address) else None


def dataset_type_at(reference: Reference | None, desired: Desired) -> DatasetType | None:
    """Return the type of a dataset; None if it is not declared."""
    dataset = document_at(reference, desired)
    return find_dataset_type(dataset.attributes["datasetType"]) if dataset else None


def solution_of(document: Document, desired: Desired) -> Document | None:
    """Return the solution whose version a document uses; None if it is not declared."""
    reference = document.references.get("solutionVersion")
    if isinstance(reference, Newest):
        return document_at(reference.of, desired)
    version = document_at(reference, desired)
    return document_at(version.references.get("solution"), desired) if version else None


def recipe_of(solution: Document | None) -> Recipe | None:
    """Return the recipe of a solution; None if it is not known."""
    return find_recipe(str(solution.attributes.get("recipe"))) if solution else None
