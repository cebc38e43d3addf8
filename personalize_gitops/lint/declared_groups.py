"""What the manifests declare of a dataset group, for the rules of the resources in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from personalize_gitops.catalog.datasets import DatasetType, Domain, find_dataset_type
from personalize_gitops.catalog.rules.groups import UNKNOWN, Group
from personalize_gitops.catalog.schemas import Schema, SchemaSyntaxError, parse
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.reference import Reference
from personalize_gitops.model.resource import GROUP


def groups_of(desired: Desired) -> Mapping[Reference, Group]:
    """Return the dataset groups that are declared or have declared datasets.

    A group that is not declared, such as one given by its ARN, can have other datasets too.
    """
    schemas: dict[Reference, dict[DatasetType, Schema | None]] = {
        address: {} for address in desired.documents if address.kind_name == GROUP
    }
    for dataset in _datasets(desired):
        type_ = find_dataset_type(dataset.attributes["datasetType"])
        if type_ is not None:
            schemas.setdefault(dataset.references["datasetGroup"], {})[type_] = _schema_of(dataset, desired)
    return {reference: _group(reference, found, desired) for reference, found in schemas.items()}


def group_of(document: Document, groups: Mapping[Reference, Group]) -> Group:
    """Return what is known of the dataset group that a document refers to."""
    return groups.get(document.references["datasetGroup"], UNKNOWN)


def _datasets(desired: Desired) -> Iterator[Document]:
    return (document for document in desired.documents.values() if document.address.kind_name == "Dataset")


def _group(reference: Reference, schemas: Mapping[DatasetType, Schema | None], desired: Desired) -> Group:
    document = desired.documents.get(reference) if isinstance(reference, Address) else None
    if document is None:
        return Group(schemas=schemas)
    domain = document.attributes.get("domain")
    return Group(known=True, domain=Domain(domain) if domain else None, schemas=schemas)


def _schema_of(dataset: Document, desired: Desired) -> Schema | None:
    """Return the schema of a dataset; None if it is not declared or invalid."""
    reference = dataset.references["schema"]
    document = desired.documents.get(reference) if isinstance(reference, Address) else None
    if document is None:
        return None
    try:
        return parse(document.attributes["schema"])
    except SchemaSyntaxError:
        return None
