"""Whether the fields of a filter exist and can be compared that way: docs/service/3 §4.3 and §4.4."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum

from personalize_gitops.filters.problems import Problem, Severity
from personalize_gitops.filters.syntax import (
    Condition,
    Dataset,
    DatasetField,
    ItemField,
    Number,
    Operator,
    Subject,
    Text,
    UserField,
)


class FieldType(StrEnum):
    """What a column holds, as far as filters care."""

    STRING = "string"  # categorical or plain
    TEXT = "text"  # textual: prose, which cannot be filtered on
    NUMBER = "number"
    BOOLEAN = "boolean"  # cannot be filtered on either

    @classmethod
    def of(cls, avro_type: str, *, textual: bool = False) -> "FieldType":
        """The field type of a column of this Avro type."""
        if textual:
            return cls.TEXT
        if avro_type == "boolean":
            return cls.BOOLEAN
        return cls.STRING if avro_type == "string" else cls.NUMBER


Fields = Mapping[str, Mapping[str, FieldType]]


def field_problems(condition: Condition, fields: Fields | None) -> Iterator[Problem]:
    """What is wrong with the fields of one condition and the way they are compared."""
    subject = condition.subject
    yield from _existence_problems(subject, fields)
    type_ = _type_of(subject, fields)
    yield from _comparison_problems(condition, type_)
    if isinstance(condition.operand, ItemField):
        yield from _existence_problems(condition.operand, fields)
        other = _type_of(condition.operand, fields)
        if type_ and other and type_ is not other:
            message = f"{subject.name} is a {type_}, CurrentItem.{condition.operand.name} a {other}"
            yield Problem(condition.start, condition.end, message)


def _existence_problems(subject: Subject, fields: Fields | None) -> Iterator[Problem]:
    if fields is None:
        return
    dataset, columns = _dataset_of(subject), _columns(subject, fields)
    if columns is None:
        yield Problem(subject.start, subject.end, f"{subject.name}: the dataset group has no {dataset} dataset")
        return
    by_fold = {name.casefold(): name for name in columns}
    if subject.name.casefold() not in by_fold:
        close = get_close_matches(subject.name.casefold(), by_fold, n=1)
        suggestion = by_fold[close[0]] if close else None
        meant = f"; did you mean {suggestion}?" if suggestion else ""
        message = f"{dataset} has no field {subject.name}{meant}"
        yield Problem(subject.end - len(subject.name), subject.end, message, suggestion)
        return
    match _type_of(subject, fields):
        case FieldType.BOOLEAN:
            message = f'{subject.name} is boolean and cannot be filtered on; use strings "True" and "False", or 0 and 1'
            yield Problem(subject.start, subject.end, message)
        case FieldType.TEXT:
            message = f"{subject.name} is textual and cannot be filtered on"
            yield Problem(subject.start, subject.end, message)


def _comparison_problems(condition: Condition, type_: FieldType | None) -> Iterator[Problem]:
    subject, operator = condition.subject, condition.operator
    if type_ is FieldType.STRING and operator.of_order:
        message = f"{subject.name} holds strings, which {operator} cannot compare; use IN or NOT IN"
        yield Problem(condition.start, condition.end, message)
    elif type_ is FieldType.STRING and operator in (Operator.EQUAL, Operator.NOT_EQUAL):
        # The guide ties = to numbers, and yet uses it for strings of the current user (docs/service/3 §4.4).
        if not (isinstance(subject, UserField) and operator is Operator.EQUAL):
            instead = "IN" if operator is Operator.EQUAL else "NOT IN"
            message = f"{subject.name} holds strings; the guide compares those by {instead}"
            yield Problem(condition.start, condition.end, message, instead, Severity.WARNING)
    elif type_ is FieldType.NUMBER and operator.of_lists:
        message = f"{subject.name} holds numbers; the guide uses {operator} for strings only"
        yield Problem(condition.start, condition.end, message, severity=Severity.WARNING)
    for literal in condition.literals:
        if isinstance(literal, Text) and operator.of_order:
            message = f'"{literal.value}" is a string; {operator} compares numbers'
            yield Problem(literal.start, literal.end, message, _unquoted(literal), Severity.WARNING)
        elif isinstance(literal, Text) and type_ is FieldType.NUMBER:
            message = f'{subject.name} holds numbers, "{literal.value}" is a string'
            yield Problem(literal.start, literal.end, message, _unquoted(literal), Severity.WARNING)
        elif isinstance(literal, Number) and type_ is FieldType.STRING:
            message = f"{subject.name} holds strings, {literal.text} is a number"
            yield Problem(literal.start, literal.end, message, f'"{literal.text}"', Severity.WARNING)


def _unquoted(literal: Text) -> str | None:
    """The number inside the quotes, if there is one."""
    return literal.value if literal.value.lstrip("-").replace(".", "", 1).isdecimal() else None


def _type_of(subject: Subject, fields: Fields | None) -> FieldType | None:
    if isinstance(subject, DatasetField) and subject.dataset.of_events:
        return FieldType.STRING if subject.name.upper() == "EVENT_TYPE" else None
    columns = _columns(subject, fields) if fields is not None else None
    folded = {name.casefold(): type_ for name, type_ in (columns or {}).items()}
    return folded.get(subject.name.casefold())


def _columns(subject: Subject, fields: Fields) -> Mapping[str, FieldType] | None:
    wanted = _dataset_of(subject).value.casefold()
    return next((columns for name, columns in fields.items() if name.casefold() == wanted), None)


def _dataset_of(subject: Subject) -> Dataset:
    match subject:
        case DatasetField(dataset):
            return dataset
        case UserField():
            return Dataset.USERS
        case ItemField():
            return Dataset.ITEMS
