"""References: ARNs of declared resources to addresses, and problems of undeclared addresses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, addresses_in
from personalize_gitops.model.live import arn_tail
from personalize_gitops.model.problem import Problem, did_you_mean, use_instead
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import Path, Reason, Source, because
from personalize_gitops.model.reference import Newest, Reference


def by_address(documents: Mapping[Address, Document]) -> dict[Address, Document]:
    """Return the documents with the ARNs of declared resources replaced by their addresses.

    Both refer to the same resource, so that neither the order nor the fingerprint of a run depends on which is used.
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
            return replace(reference, of=declared.get(arn_tail(arn), arn))
        case str():
            return declared.get(arn_tail(reference), reference)
        case _:
            return reference


def _arn_tail(document: Document, documents: Mapping[Address, Document]) -> str:
    """Return the end of the ARN of a document's object without a successor; a dataset's contains the group's name."""
    group = document.references.get("datasetGroup")
    named = documents[group].aws_name if isinstance(group, Address) and group in documents else str(group)
    return document.kind.arn_tail(document.aws_name, {**document.attributes, "datasetGroup": named})


def undeclared(documents: Mapping[Address, Document], invalid: frozenset[Address]) -> Iterator[Problem[Source]]:
    """Yield the problems of references to undeclared resources. `invalid` documents count as declared.

    Cycles need no check: a reference names its kind, and kinds refer to each other in one direction only.
    """
    for document in documents.values():
        for member, reference in document.references.items():
            for address in addresses_in(reference):
                if address not in documents and address not in invalid:
                    yield Problem(
                        because(ManifestCode.UNDECLARED_REFERENCE, target=address),
                        document.places.of(("spec", member)),
                        suggestion=_remedy(address, documents),
                        subject=str(document.address),
                        field=Path((member,)),
                    )


def _remedy(address: Address, documents: Mapping[Address, Document]) -> Reason | None:
    """Return the version of a solution where the solution is named instead, else the nearest name that is declared."""
    if address.kind_name == "SolutionVersion" and Address("Solution", address.name) in documents:
        return use_instead(f"{{solution: {address.name}, version: latest}}")
    return did_you_mean(address.name, [other.name for other in documents if other.kind_name == address.kind_name])
