"""Problems of `renamedFrom`: an earlier name that is the present one, or that something else has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import Path, Reason, Source, Verbatim, because


def renaming_problems(documents: Mapping[Address, Document]) -> Iterator[Problem[Source]]:
    """Yield the problems of the earlier names of documents."""
    first: dict[Address, Document] = {}
    for document in documents.values():
        if document.renamed_from is None:
            continue
        earlier = first.setdefault(document.renamed_from, document)
        if reason := _problem(document, document.renamed_from, earlier, documents):
            place, field = document.places.of(("renamedFrom",)), Path(("renamedFrom",))
            yield Problem(reason, place, subject=str(document.address), field=field)


def _problem(
    document: Document, renamed_from: Address, first: Document, documents: Mapping[Address, Document]
) -> Reason | None:
    """Return why an earlier name is invalid; None if it is valid. `first` is the first document that gives it."""
    kind = Verbatim(document.address.kind_name)
    if not document.kind.taggable:
        return because(ManifestCode.RENAMED_WITHOUT_TAGS, kind=kind)
    if renamed_from.kind_name != kind:
        return because(ManifestCode.RENAMED_FROM_OTHER_KIND, expected=kind, found=Verbatim(renamed_from.kind_name))
    if renamed_from in documents:
        return because(ManifestCode.RENAMED_STILL_DECLARED, address=renamed_from, at=documents[renamed_from].source)
    if first is not document:
        return because(ManifestCode.RENAMED_TWICE, address=renamed_from, first=first.source)
    return None
