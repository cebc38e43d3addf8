"""PG3xx: filter expressions the service would refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from personalize_gitops.catalog.datasets import find_dataset_type
from personalize_gitops.catalog.schemas import SchemaSyntaxError, parse
from personalize_gitops.filters import FieldType, FilterSyntaxError, Severity
from personalize_gitops.filters import check as check_expression
from personalize_gitops.filters import parse as parse_expression
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.diagnostics import Problem
from personalize_gitops.model.reference import Reference
from personalize_gitops.model.resource import GROUP

Fields = Mapping[str, Mapping[str, FieldType]]


def check(desired: Desired) -> Iterator[Problem]:
    """PG301: the expression reads well. PG302: what it says about datasets and fields can be (docs/service/3 §4)."""
    columns = _columns_by_group(desired)
    for document in desired.documents.values():
        if document.address.kind == "Filter":
            yield from _problems(document, columns.get(document.references["datasetGroup"]))


def _problems(document: Document, fields: Fields | None) -> Iterator[Problem]:
    text = document.attributes["filterExpression"]
    try:
        tree = parse_expression(text)
    except FilterSyntaxError as error:
        yield _problem(document, error.start, error.message, "PG301")
        return
    for problem in check_expression(tree, fields):
        if problem.severity is Severity.ERROR:
            yield _problem(document, problem.start, problem.message, "PG302")


def _problem(document: Document, start: int, message: str, code: str) -> Problem:
    """A problem at a character of the expression: at its place, or by its number where text is folded or filled in."""
    expression = ("spec", "filterExpression")
    at, inside = document.places.of(expression), document.places.of((*expression, start))
    where = "filterExpression" if inside != at else f"filterExpression, character {start + 1}"
    fact, meant, remedy = message.partition("did you mean")
    return Problem(inside, str(document.address), f"{where}: {fact.rstrip('; ')}", meant + remedy, code)


def _columns_by_group(desired: Desired) -> dict[Reference, Fields | None]:
    """The columns of each declared group's datasets, or None where the manifests do not tell them all."""
    found: dict[Reference, dict[str, Mapping[str, FieldType]] | None] = {
        address: {} for address in desired.documents if address.kind == GROUP
    }
    for dataset in desired.documents.values():
        if dataset.address.kind != "Dataset":
            continue
        group, columns = dataset.references["datasetGroup"], _columns(dataset, desired)
        told = found.get(group)
        if told is not None:
            found[group] = None if columns is None else {**told, _type_of(dataset): columns}
    return dict(found)


def _type_of(dataset: Document) -> str:
    return str(find_dataset_type(dataset.attributes["datasetType"]))


def _columns(dataset: Document, desired: Desired) -> Mapping[str, FieldType] | None:
    schema = dataset.references["schema"]
    if not isinstance(schema, Address) or schema not in desired.documents:
        return None
    try:
        fields = parse(desired.documents[schema].attributes["schema"]).fields
    except SchemaSyntaxError:
        return None
    return {field.name: FieldType.of(field.type or "string", textual=field.textual) for field in fields}
