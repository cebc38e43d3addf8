"""PG3xx: filter expressions that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from personalize_gitops.catalog.rules.groups import Group
from personalize_gitops.catalog.schemas import Schema
from personalize_gitops.filters import (
    FieldType,
    FilterExpression,
    FilterSyntaxError,
    parse,
    too_many_fields,
    uses_current_item,
    uses_current_user,
)
from personalize_gitops.filters import check as check_expression
from personalize_gitops.lint.declared import groups_of
from personalize_gitops.lint.place import problem_at, warning_at
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem, Span
from personalize_gitops.model.reason import Path, Source
from personalize_gitops.model.reference import Reference

Fields = Mapping[str, Mapping[str, FieldType]]

_EXPRESSION = Path(("filterExpression",))


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield invalid expressions (PG301), and those that use datasets and fields as the service does not allow (PG302).

    PG303: all filters of a dataset group together use too many fields (docs/service/3 §4).
    """
    columns = {reference: _columns(group) for reference, group in groups_of(desired).items()}
    parsed: dict[Reference, list[tuple[Document, FilterExpression]]] = {}
    for document in desired.documents.values():
        if document.address.kind_name != "Filter":
            continue
        group = document.references["datasetGroup"]
        try:
            tree = parse(document.attributes["filterExpression"])
        except FilterSyntaxError as error:
            yield _moved(error.problem, document, Check.PG301)
            continue
        parsed.setdefault(group, []).append((document, tree))
        for problem in check_expression(tree, columns.get(group)):
            yield _moved(problem, document, Check.PG302)
    for filters in parsed.values():
        yield from _too_many_fields(filters)


def _too_many_fields(filters: Sequence[tuple[Document, FilterExpression]]) -> Iterator[Problem[Source]]:
    """Yield PG303 at the last filter of a dataset group whose filters use too many distinct fields.

    It is a warning if a filter uses the current user or item: whether their fields count is not documented.
    """
    trees = [tree for _, tree in filters]
    if reason := too_many_fields(*trees):
        is_sure = not any(uses_current_user(tree) or uses_current_item(tree) for tree in trees)
        yield (problem_at if is_sure else warning_at)(filters[-1][0], _EXPRESSION, reason, Check.PG303)


def _moved(problem: Problem[Span], document: Document, check: Check) -> Problem[Source]:
    """Return the problem at its place in the file.

    In a text that is folded or templated, the place is the field, and the problem has the number of the character.
    """
    start, last = problem.place.start, max(problem.place.start, problem.place.end - 1)
    field, inside, end = (
        document.places.of(("spec", *path)) for path in (_EXPRESSION, _EXPRESSION / start, _EXPRESSION / last)
    )
    if inside == field:
        return problem.moved_to(field, str(document.address), _EXPRESSION, check, start + 1)
    return problem.moved_to(replace(inside, end=end.end), str(document.address), _EXPRESSION, check)


def _columns(group: Group) -> Fields | None:
    """Return the columns of the datasets of a group; None if they are not all declared and valid."""
    schemas = {str(type_): schema for type_, schema in group.schemas.items()}
    if not group.known or not all(schemas.values()):
        return None
    return {type_: _types(schema) for type_, schema in schemas.items() if schema}


def _types(schema: Schema) -> Mapping[str, FieldType]:
    return {field.name: FieldType.of(field.type or "string", textual=field.textual) for field in schema.fields}
