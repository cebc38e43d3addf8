"""Whether every reference leads to a declared resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document, addresses_in
from personalize_gitops.model.diagnostics import Problem, did_you_mean


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
