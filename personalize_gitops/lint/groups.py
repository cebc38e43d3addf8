"""PG2xx: resources that a dataset group cannot have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from personalize_gitops.catalog.datasets import Domain, dataset_type_of_record, find_dataset_type
from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.catalog.rules.needs import type_problems
from personalize_gitops.lint.declared import document_at
from personalize_gitops.lint.place import placed, problem_at
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import LintCode
from personalize_gitops.model.reason import Source, Verbatim, because


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield resources that conflict with others in their dataset group (PG201, PG202, PG204)."""
    first: dict[Any, Document] = {}
    for document in desired.documents.values():
        match document.address.kind_name:
            case "Dataset":
                key = (document.references["datasetGroup"], document.attributes["datasetType"])
                yield from _second_dataset(document, first.setdefault(key, document))
                unfit = [*_unfit_type(document, desired)]
                yield from unfit or _schema_fits(document, desired)
            case "EventTracker":
                key = (document.references["datasetGroup"], "EventTracker")
                yield from _second_event_tracker(document, first.setdefault(key, document))


def _second_dataset(document: Document, first: Document) -> Iterator[Problem[Source]]:
    """Yield PG201: a dataset group can have only one dataset of each type (docs/service/4 §4.6)."""
    if document is not first:
        type_ = Verbatim(document.attributes["datasetType"])
        reason = because(LintCode.SECOND_DATASET, type=type_, first=first.address)
        yield problem_at(document, ("datasetGroup",), reason, Check.PG201)


def _second_event_tracker(document: Document, first: Document) -> Iterator[Problem[Source]]:
    """Yield PG201: a dataset group can have only one event tracker (docs/service/4 §4.6)."""
    if document is not first:
        reason = because(LintCode.SECOND_EVENT_TRACKER, first=first.address)
        yield problem_at(document, ("datasetGroup",), reason, Check.PG201)


def _unfit_type(document: Document, desired: Desired) -> Iterator[Problem[Source]]:
    """Yield PG204: a dataset group with a domain can have no actions."""
    group, type_ = document_at(document.references["datasetGroup"], desired), document.attributes["datasetType"]
    domain = group.attributes.get("domain") if group else None
    if domain and (found := find_dataset_type(type_)):
        yield from placed(document, type_problems(found, Group(domain=Domain(domain))))


def _schema_fits(document: Document, desired: Desired) -> Iterator[Problem[Source]]:
    """Yield PG202: the schema of a dataset must be for its type and the domain of its group (docs/service/2 §3.3)."""
    schema = document_at(document.references["schema"], desired)
    if schema is None:
        return
    record = str(schema.attributes["schema"].get("name"))
    type_ = find_dataset_type(document.attributes["datasetType"])
    if type_ and dataset_type_of_record(record) is not type_:
        reason = because(LintCode.SCHEMA_OF_OTHER_TYPE, schema=schema.address, record=Verbatim(record), expected=type_)
        yield problem_at(document, ("schema",), reason, Check.PG202)
    group = document_at(document.references["datasetGroup"], desired)
    if group is None:
        return
    of_schema, of_group = schema.attributes.get("domain"), group.attributes.get("domain")
    if of_schema != of_group:
        domains = {"of_schema": of_schema, "of_group": of_group}
        reason = because(
            LintCode.SCHEMA_OF_OTHER_DOMAIN,
            schema=schema.address,
            group=group.address,
            **{whose: Domain(domain) for whose, domain in domains.items() if domain},
        )
        yield problem_at(document, ("schema",), reason, Check.PG202)
