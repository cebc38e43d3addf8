"""Names of runs: `<name>-<fingerprint>`, so that a list of runs shows which inputs each was made from.

The fingerprint has eight hexadecimal digits for references and configuration, and eight more for the input data when
`run.when` contains `data`. A failed run keeps its name (docs/service/2 §2.1), so the next attempt adds `-2`, `-3`, ….
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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
    documents: dict[str, list[RunDocument]] = {}
    for document in desired.runs:
        documents.setdefault(document.address.kind_name, []).append(document)
    found: dict[tuple[Address, str], str] = {}
    for live in sorted(objects, key=lambda live: (live.created, live.arn)):
        for document in documents.get(live.kind.kind_name(), ()):
            if live.condition is Condition.READY and (fingerprint := fingerprint_in(document, live.name)):
                found[document.address, fingerprint[:PART]] = live.arn
    return frozenset(found.values())
