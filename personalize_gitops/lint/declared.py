"""What the manifests declare of the documents that a document refers to, and of its dataset group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from personalize_gitops.catalog.datasets import DatasetType, Domain, find_dataset_type
from personalize_gitops.catalog.recipes import Recipe, find_recipe
from personalize_gitops.catalog.rules.groups import UNKNOWN, Group
from personalize_gitops.catalog.schemas import Schema, SchemaSyntaxError, parse
from personalize_gitops.filters import FilterExpression, FilterSyntaxError
from personalize_gitops.filters import parse as parse_filter
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.reference import Newest, Reference
from personalize_gitops.model.resource import GROUP


def document_at(reference: Reference | None, desired: Desired) -> Document | None:
    """Return the document that a reference means; None if it is not declared."""
    return desired.documents.get(reference) if isinstance(reference, Address) else None


def dataset_type_at(reference: Reference | None, desired: Desired) -> DatasetType | None:
    """Return the type of a dataset; None if it is not declared."""
    dataset = document_at(reference, desired)
    return find_dataset_type(dataset.attributes["datasetType"]) if dataset else None


def schema_of(dataset: Document, desired: Desired) -> Schema | None:
    """Return the schema of a dataset; None if it is not declared or not valid."""
    document = document_at(dataset.references["schema"], desired)
    try:
        return parse(document.attributes["schema"]) if document else None
    except SchemaSyntaxError:  # PG101
        return None


def solution_of(document: Document, desired: Desired) -> Document | None:
    """Return the solution whose version a document uses; None if it is not declared."""
    reference = document.references.get("solutionVersion")
    if isinstance(reference, Newest):
        return document_at(reference.of, desired)
    version = document_at(reference, desired)
    return document_at(version.references.get("solution"), desired) if version else None


def recipe_of(document: Document | None) -> Recipe | None:
    """Return the recipe of a solution or a recommender; None if it is not known."""
    return find_recipe(str(document.attributes.get("recipe"))) if document else None


def expression_of(document: Document) -> FilterExpression | None:
    """Return the expression of a filter; None if it is not valid."""
    try:
        return parse_filter(document.attributes["filterExpression"])
    except FilterSyntaxError:  # PG301
        return None


class DeclaredSchemas(Mapping[DatasetType, Schema | None]):
    """The schemas of the declared datasets of one group, parsed only when a rule looks at their columns."""

    def __init__(self, desired: Desired) -> None:
        self._desired = desired
        self._datasets: dict[DatasetType, Document] = {}

    def add(self, type_: DatasetType, dataset: Document) -> None:
        """Add the schema of a dataset."""
        self._datasets[type_] = dataset

    def __contains__(self, type_: object) -> bool:
        return type_ in self._datasets

    def __getitem__(self, type_: DatasetType) -> Schema | None:
        return schema_of(self._datasets[type_], self._desired)

    def __iter__(self) -> Iterator[DatasetType]:
        return iter(self._datasets)

    def __len__(self) -> int:
        return len(self._datasets)


def groups_of(desired: Desired) -> Mapping[Reference, Group]:
    """Return the dataset groups that are declared or have declared datasets.

    A group that is not declared, such as one given by its ARN, can have other datasets too.
    """
    found: dict[Reference, DeclaredSchemas] = {
        address: DeclaredSchemas(desired) for address in desired.documents if address.kind_name == GROUP
    }
    for dataset in desired.documents.values():
        if dataset.address.kind_name == "Dataset" and (type_ := find_dataset_type(dataset.attributes["datasetType"])):
            found.setdefault(dataset.references["datasetGroup"], DeclaredSchemas(desired)).add(type_, dataset)
    return {reference: _group(reference, of_group, desired) for reference, of_group in found.items()}


def group_of(document: Document, groups: Mapping[Reference, Group]) -> Group:
    """Return what is known of the dataset group that a document refers to."""
    return groups.get(document.references["datasetGroup"], UNKNOWN)


def _group(reference: Reference, schemas: DeclaredSchemas, desired: Desired) -> Group:
    document = document_at(reference, desired)
    if document is None:
        return Group(schemas=schemas)
    domain = document.attributes.get("domain")
    return Group(known=True, domain=Domain(domain) if domain else None, schemas=schemas)
