"""Whether the fields of a filter exist and have the types that its operators take: docs/service/3 §4.3 and §4.4."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

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
from personalize_gitops.model.problem import Problem, Severity, Span, did_you_mean, use_instead
from personalize_gitops.model.problem_codes import FilterCode
from personalize_gitops.model.reason import Reason, Verbatim, because


class FieldType(StrEnum):
    """The type of a column, as far as filters distinguish them."""

    STRING = "string"  # categorical or plain
    TEXT = "text"  # textual: cannot be filtered on
    NUMBER = "number"
    BOOLEAN = "boolean"  # cannot be filtered on

    @classmethod
    def of(cls, avro_type: str, *, textual: bool = False) -> "FieldType":
        """The field type of a column with this Avro type."""
        if textual:
            return cls.TEXT
        if avro_type == "boolean":
            return cls.BOOLEAN
        return cls.STRING if avro_type == "string" else cls.NUMBER


Fields = Mapping[str, Mapping[str, FieldType]]


def field_problems(condition: Condition, fields: Fields | None) -> Iterator[Problem[Span]]:
    """Find the fields of a condition that do not exist or cannot be compared in this way."""
    subject, operand = condition.subject, condition.operand
    yield from _existence_problems(subject, fields)
    type_ = _type_of(subject, fields)
    yield from _operator_problems(condition, type_)
    yield from _literal_problems(condition, type_)
    if isinstance(operand, ItemField):
        yield from _existence_problems(operand, fields)
        other = _type_of(operand, fields)
        if type_ and other and type_ is not other:
            names = Verbatim(subject.name), Verbatim(operand.name)
            reason = because(
                FilterCode.FIELD_TYPES_DIFFER, field=names[0], type=type_, other=names[1], other_type=other
            )
            yield Problem(reason, condition.span)


def _existence_problems(subject: Subject, fields: Fields | None) -> Iterator[Problem[Span]]:
    if fields is None:
        return
    name, dataset, columns = Verbatim(subject.name), _dataset_of(subject), _columns(subject, fields)
    if columns is None:
        yield Problem(because(FilterCode.MISSING_DATASET, dataset=dataset), subject.span)
        return
    if subject.name.casefold() not in {column.casefold() for column in columns}:
        reason = because(FilterCode.UNKNOWN_COLUMN, dataset=dataset, field=name)
        place = Span(subject.end - len(subject.name), subject.end)
        yield Problem(reason, place, suggestion=did_you_mean(subject.name, columns))
        return
    match _type_of(subject, fields):
        case FieldType.BOOLEAN:
            yield Problem(because(FilterCode.BOOLEAN_IN_FILTER, field=name), subject.span)
        case FieldType.TEXT:
            yield Problem(because(FilterCode.TEXTUAL_IN_FILTER, field=name), subject.span)


def _operator_problems(condition: Condition, type_: FieldType | None) -> Iterator[Problem[Span]]:
    subject, operator = condition.subject, condition.operator
    name = Verbatim(subject.name)
    if type_ is FieldType.STRING and operator.of_order:
        yield Problem(because(FilterCode.STRING_IN_ORDER, field=name, operator=operator), condition.span)
    elif type_ is FieldType.STRING and operator in (Operator.EQUAL, Operator.NOT_EQUAL):
        # The guide uses = and != for numbers, and = also for strings of the current user (docs/service/3 §4.4).
        if not (isinstance(subject, UserField) and operator is Operator.EQUAL):
            instead = Operator.IN if operator is Operator.EQUAL else Operator.NOT_IN
            reason = because(FilterCode.STRING_BY_EQUALITY, field=name, operator=operator)
            yield Problem(reason, condition.span, Severity.WARNING, use_instead(instead))
    elif type_ is FieldType.NUMBER and operator.of_lists:
        reason = because(FilterCode.NUMBER_IN_LIST, field=name, operator=operator)
        yield Problem(reason, condition.span, Severity.WARNING)


def _literal_problems(condition: Condition, type_: FieldType | None) -> Iterator[Problem[Span]]:
    name, operator = Verbatim(condition.subject.name), condition.operator
    for literal in condition.literals:
        match literal:
            case Text(value) if operator.of_order:
                reason = because(FilterCode.TEXT_IN_ORDER, operator=operator, found=Verbatim(value))
                yield Problem(reason, literal.span, Severity.WARNING, _unquoted(value))
            case Text(value) if type_ is FieldType.NUMBER:
                reason = because(FilterCode.TEXT_FOR_NUMBER, field=name, found=Verbatim(value))
                yield Problem(reason, literal.span, Severity.WARNING, _unquoted(value))
            case Number(text) if type_ is FieldType.STRING:
                reason = because(FilterCode.NUMBER_FOR_TEXT, field=name, found=Verbatim(text))
                yield Problem(reason, literal.span, Severity.WARNING, use_instead(f'"{text}"'))


def _unquoted(value: str) -> Reason | None:
    """Suggest the number inside the quotes, if there is one."""
    return use_instead(value) if value.lstrip("-").replace(".", "", 1).isdecimal() else None


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
