"""Names of runs: `<name>-<fingerprint>`, so that a list of runs shows which inputs each was made from.

The fingerprint has eight hexadecimal digits for references and configuration, and eight more for the input data when
`run.when` contains `data`. A failed run keeps its name (docs/service/2 §2.1), so the next attempt adds `-2`, `-3`, ….
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document, RunDocument
from personalize_gitops.model.live import Live
from personalize_gitops.model.names import MAX_NAME, cut
from personalize_gitops.model.status import Condition

PART = 8
"""Digits of each part of a fingerprint."""

_UNCUT = (
    MAX_NAME - len("-") - 2 * PART - len("-999")
)  # characters of a document's name that are in the name of every run


def run_name(document: Document, fingerprint: str) -> str:
    """Return the name of the first attempt at a run."""
    return cut(document.aws_name, f"-{fingerprint}")


def fingerprint_in(document: Document, name: str) -> str:
    """Return the fingerprint in the name of a run of this document; empty if it is not one."""
    if not name.startswith(document.aws_name[:_UNCUT]):
        return ""  # excludes most names before the regular expression
    found = re.fullmatch(rf"(.*)-([0-9a-f]{{{PART}}}(?:[0-9a-f]{{{PART}}})?)(?:-\d+)?", name)
    if not found or found[1] != cut(document.aws_name, f"-{found[2]}")[: -len(found[2]) - 1]:
        return ""
    return found[2]


def current_runs(desired: Desired, objects: Iterable[Live]) -> frozenset[str]:
    """Return the ARNs of runs that can be current: the newest success of each configuration of each document."""
    found: dict[tuple[Address, str], str] = {}
    for document, live in _named_runs(desired, sorted(objects, key=lambda live: (live.created, live.arn))):
        if live.condition is Condition.READY:
            found[document.address, fingerprint_in(document, live.name)[:PART]] = live.arn
    return frozenset(found.values())


def possibly_renamed_runs(desired: Desired, objects: Iterable[Live]) -> frozenset[str]:
    """Return the ARNs of runs that only their tags can assign to a document, because a renamed run keeps its AWS name.

    These are runs without the name of a document, of the kinds of documents without a run of their name.
    """
    runs = [live for live in objects if live.kind.is_run and not live.service_made]
    named = [*_named_runs(desired, runs)]
    ran, taken = {document.address for document, _ in named}, {live.arn for _, live in named}
    kinds = {document.kind for document in desired.runs if document.address not in ran}
    return frozenset(live.arn for live in runs if live.kind in kinds and live.arn not in taken)


def _named_runs(desired: Desired, objects: Iterable[Live]) -> Iterator[tuple[RunDocument, Live]]:
    """Yield the documents with the runs that have their names, in the order of the objects."""
    documents: dict[str, list[RunDocument]] = {}
    for document in desired.runs:
        documents.setdefault(document.address.kind_name, []).append(document)
    for live in objects:
        for document in documents.get(live.kind.kind_name(), ()):
            if fingerprint_in(document, live.name):
                yield document, live
