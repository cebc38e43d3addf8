"""Whether every reference leads to a declared resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, addresses_in
from personalize_gitops.model.diagnostics import Problem, did_you_mean
from personalize_gitops.model.reference import Newest, Reference


def by_address(documents: Mapping[Address, Document]) -> dict[Address, Document]:
    """The documents with ARNs of declared resources turned into their addresses.

    Written either way it is the same resource: the same order of things, and no reason to train again.
    """
    declared = {_arn_tail(document, documents): address for address, document in documents.items()}
    return {
        address: replace(
            document,
            references={member: _addressed(found, declared) for member, found in document.references.items()},
        )
        for address, document in documents.items()
    }


def _addressed(reference: Reference, declared: Mapping[str, Address]) -> Reference:
    match reference:
        case Newest(of=str() as arn):
            return replace(reference, of=declared.get(arn.split(":", 5)[-1], arn))
        case str():
            return declared.get(reference.split(":", 5)[-1], reference)
        case _:
            return reference


def _arn_tail(document: Document, documents: Mapping[Address, Document]) -> str:
    """The end of the ARN a document's object has when it has not been succeeded; a dataset's holds its group's name."""
    group = document.references.get("datasetGroup")
    named = documents[group].aws_name if isinstance(group, Address) and group in documents else str(group)
    return document.kind.arn_tail(document.aws_name, {**document.attributes, "datasetGroup": named})


def dangling(documents: Mapping[Address, Document], unread: frozenset[Address]) -> Iterator[Problem]:
    """References to what is not declared. `unread` are documents that are there, with problems of their own.

    Circles need no check: a reference says its kind, and the kinds refer to each other in one direction only.
    """
    for document in documents.values():
        for member, reference in document.references.items():
            for address in addresses_in(reference):
                if address not in documents and address not in unread:
                    declared = [other.name for other in documents if other.kind == address.kind]
                    yield Problem(
                        document.places.of(("spec", member)),
                        str(document.address),
                        f'{member}: no {address.kind} named "{address.name}" is declared',
                        did_you_mean(address.name, declared),
                    )
