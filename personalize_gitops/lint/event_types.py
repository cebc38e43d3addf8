"""The event types that the documents of a dataset group name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from personalize_gitops.filters import event_types
from personalize_gitops.lint.declared import expression_of
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.reference import Reference

Named = tuple[str, Address]
"""An event type, and the document that names it."""


def event_types_by_group(desired: Desired) -> Mapping[Reference, Sequence[Named]]:
    """Return the types of item interactions that solutions, filters and metric attributions name, by dataset group."""
    found: dict[Reference, list[Named]] = {}
    for document in desired.documents.values():
        for name in _named_by(document):
            found.setdefault(document.references["datasetGroup"], []).append((name, document.address))
    return found


def _named_by(document: Document) -> Iterator[str]:
    match document.address.kind_name:
        case "Solution":
            yield from solution_event_types(document)
        case "Filter":
            tree = expression_of(document)
            yield from (text.value for text in event_types(tree)) if tree else ()
        case "MetricAttribution":
            yield from (metric["eventType"] for metric in document.attributes["metrics"])


def solution_event_types(solution: Document) -> Iterator[str]:
    """Yield the event types that a solution trains on, as far as it names them."""
    if event_type := solution.attributes.get("eventType"):
        yield event_type
    events = (solution.attributes.get("solutionConfig") or {}).get("eventsConfig") or {}
    for entry in events.get("eventParametersList") or ():
        if event_type := entry.get("eventType"):
            yield event_type
