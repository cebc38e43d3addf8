"""PG3xx: filter expressions that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from personalize_gitops.catalog.datasets import find_dataset_type
from personalize_gitops.catalog.schemas import SchemaSyntaxError
from personalize_gitops.catalog.schemas import parse as parse_schema
from personalize_gitops.filters import FieldType, FilterSyntaxError, parse
from personalize_gitops.filters import check as check_expression
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem, Span
from personalize_gitops.model.reason import Path, Source
from personalize_gitops.model.reference import Reference
from personalize_gitops.model.resource import GROUP

Fields = Mapping[str, Mapping[str, FieldType]]

_EXPRESSION = Path(("filterExpression",))


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """PG301: the expression is valid. PG302: it uses datasets and fields as the service allows (docs/service/3 §4)."""
    columns = _columns_by_group(desired)
    for document in desired.documents.values():
        if document.address.kind_name == "Filter":
            yield from _problems(document, columns.get(document.references["datasetGroup"]))


def _problems(document: Document, fields: Fields | None) -> Iterator[Problem[Source]]:
    try:
        tree = parse(document.attributes["filterExpression"])
    except FilterSyntaxError as error:
        yield _moved(error.problem, document, "PG301")
        return
    for problem in check_expression(tree, fields):
        yield _moved(problem, document, "PG302")


def _moved(problem: Problem[Span], document: Document, check: str) -> Problem[Source]:
    """The problem at its character in the file; in a text that is folded or filled in, with the character's number."""
    start = problem.place.start
    field, inside = (document.places.of(("spec", *path)) for path in (_EXPRESSION, _EXPRESSION / start))
    character = start + 1 if inside == field else None
    return problem.moved_to(inside, str(document.address), _EXPRESSION, check, character)


def _columns_by_group(desired: Desired) -> dict[Reference, Fields | None]:
    """Return the columns of each declared group's datasets, or None where the manifests do not have them all."""
    found: dict[Reference, dict[str, Mapping[str, FieldType]] | None] = {
        address: {} for address in desired.documents if address.kind_name == GROUP
    }
    for dataset in desired.documents.values():
        if dataset.address.kind_name != "Dataset":
            continue
        group, columns = dataset.references["datasetGroup"], _columns(dataset, desired)
        earlier = found.get(group)
        if earlier is not None:
            found[group] = None if columns is None else {**earlier, _type_of(dataset): columns}
    return dict(found)


def _type_of(dataset: Document) -> str:
    return str(find_dataset_type(dataset.attributes["datasetType"]))


def _columns(dataset: Document, desired: Desired) -> Mapping[str, FieldType] | None:
    """Return the columns of a dataset's schema, or None if the manifests do not declare it or it is invalid."""
    schema = dataset.references["schema"]
    if not isinstance(schema, Address) or schema not in desired.documents:
        return None
    try:
        fields = parse_schema(desired.documents[schema].attributes["schema"]).fields
    except SchemaSyntaxError:
        return None
    return {field.name: FieldType.of(field.type or "string", textual=field.textual) for field in fields}
