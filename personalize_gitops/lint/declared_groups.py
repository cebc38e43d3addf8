"""What the manifests declare of a dataset group, for the rules of the resources in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from personalize_gitops.catalog.datasets import DatasetType, Domain, find_dataset_type
from personalize_gitops.catalog.rules.groups import UNKNOWN, Group
from personalize_gitops.catalog.schemas import Schema, SchemaSyntaxError, parse
from personalize_gitops.lint.declared import document_at
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.reference import Reference
from personalize_gitops.model.resource import GROUP


class DeclaredSchemas(Mapping[DatasetType, Schema | None]):
    """The schemas of the declared datasets of one group, parsed only when a rule looks at their columns."""

    def __init__(self) -> None:
        self._documents: dict[DatasetType, Document | None] = {}  # None: the schema is not declared

    def add(self, type_: DatasetType, schema: Document | None) -> None:
        """Add the schema of a dataset."""
        self._documents[type_] = schema

    def __contains__(self, type_: object) -> bool:
        return type_ in self._documents

    def __getitem__(self, type_: DatasetType) -> Schema | None:
        document = self._documents[type_]
        try:
            return parse(document.attributes["schema"]) if document else None
        except SchemaSyntaxError:
            return None

    def __iter__(self) -> Iterator[DatasetType]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


def groups_of(desired: Desired) -> Mapping[Reference, Group]:
    """Return the dataset groups that are declared or have declared datasets.

    A group that is not declared, such as one given by its ARN, can have other datasets too.
    """
    found: dict[Reference, DeclaredSchemas] = {
        address: DeclaredSchemas() for address in desired.documents if address.kind_name == GROUP
    }
    for dataset in desired.documents.values():
        if dataset.address.kind_name == "Dataset" and (type_ := find_dataset_type(dataset.attributes["datasetType"])):
            group = found.setdefault(dataset.references["datasetGroup"], DeclaredSchemas())
            group.add(type_, document_at(dataset.references["schema"], desired))
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
