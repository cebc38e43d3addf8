"""Whether the service accepts a schema: the rules that all dataset types share (docs/service/1 §7)."""

import re
from collections.abc import Iterator, Mapping

from personalize_gitops.catalog.datasets import DatasetType, Domain, dataset_type_of_record
from personalize_gitops.catalog.schemas.avro import Field, Schema, SchemaSyntaxError, parse
from personalize_gitops.catalog.schemas.columns import column_problems
from personalize_gitops.model.problem import Problem, Severity, did_you_mean, given
from personalize_gitops.model.problem_codes import SchemaCode
from personalize_gitops.model.reason import Path, Verbatim, because

NAMESPACE = "com.amazonaws.personalize.schema"
VERSION = "1.0"
FIELD_TYPES = ("float", "double", "int", "long", "string", "boolean", "null")
MOST_TEXT = 20_000  # characters of a schema, from the service model (docs/service/1 §7.11)
MOST_NAME = 150  # characters of a column name in a training configuration (docs/service/1 §7.7)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NESTED = ("record", "enum", "array", "map", "fixed")
_FLAGS = ("categorical", "textual", "itemName")
_ATTRIBUTES = ("doc", "default", "order", "aliases")  # of Avro itself, without a meaning to the service


def schema_problems(
    schema: Schema | str | Mapping[str, object],
    dataset_type: DatasetType | None = None,
    domain: Domain | None = None,
) -> tuple[Problem[Path], ...]:
    """Return every problem of a schema for a dataset type, in a domain or a custom dataset group.

    Without a dataset type, the name of the record decides. A text that is not a schema is a problem, not an error.
    """
    too_long = []
    if isinstance(schema, str) and len(schema) > MOST_TEXT:
        too_long = [Problem(because(SchemaCode.SCHEMA_TOO_LONG, found=len(schema), most=MOST_TEXT), Path())]
    try:
        record = schema if isinstance(schema, Schema) else parse(schema)
    except SchemaSyntaxError as error:
        return (*too_long, *error.problems)
    described = dataset_type or dataset_type_of_record(record.name)
    return (
        *too_long,
        *_record_problems(record, dataset_type),
        *(problem for index, field in enumerate(record.fields) for problem in _field_problems(field, index)),
        *_name_problems(record),
        *_textual_problems(record, described),
        *(column_problems(record, described, domain) if described else ()),
    )


def _record_problems(schema: Schema, dataset_type: DatasetType | None) -> Iterator[Problem[Path]]:
    if schema.type != "record":
        yield Problem(because(SchemaCode.NOT_A_RECORD, found=given(schema.type)), Path(("type",)))
    if schema.namespace != NAMESPACE:
        # A warning, because one screenshot of the guide shows com.amazon.personalize.schema.
        reason = because(SchemaCode.UNUSUAL_NAMESPACE, expected=Verbatim(NAMESPACE), found=given(schema.namespace))
        yield Problem(reason, Path(("namespace",)), Severity.WARNING)
    if schema.version != VERSION:
        reason = because(SchemaCode.UNUSUAL_VERSION, expected=Verbatim(VERSION), found=given(schema.version))
        yield Problem(reason, Path(("version",)), Severity.WARNING)
    types = (dataset_type,) if dataset_type else tuple(DatasetType)
    accepted = [name for type_ in types for name in type_.record_names]
    if schema.name not in accepted:
        expected = dataset_type.record_names if dataset_type else tuple(type_.record_name for type_ in types)
        reason = because(
            SchemaCode.WRONG_RECORD_NAME, expected=tuple(map(Verbatim, expected)), found=Verbatim(schema.name)
        )
        differs_in_case = schema.name.casefold() in {name.casefold() for name in accepted}
        yield Problem(reason, Path(("name",)), Severity.WARNING if differs_in_case else Severity.ERROR)


def _field_problems(field: Field, index: int) -> Iterator[Problem[Path]]:
    place, column = Path(("fields", index)), Verbatim(field.name)
    if not _NAME.fullmatch(field.name):
        yield Problem(because(SchemaCode.INVALID_COLUMN_NAME, column=column), place / "name")
    elif len(field.name) > MOST_NAME:
        reason = because(SchemaCode.LONG_COLUMN_NAME, column=column, most=MOST_NAME)
        yield Problem(reason, place / "name", Severity.WARNING)
    yield from _type_problems(field, place / "type")
    if field.categorical and field.type != "string":
        yield Problem(because(SchemaCode.CATEGORICAL_NOT_STRING, column=column), place / "categorical")
    if field.textual and field.type != "string":
        yield Problem(because(SchemaCode.TEXTUAL_NOT_STRING, column=column), place / "textual")
    if field.categorical and field.textual:
        yield Problem(because(SchemaCode.CATEGORICAL_AND_TEXTUAL, column=column), place, Severity.WARNING)
    for name, _ in field.attributes:
        if name not in _ATTRIBUTES:
            reason = because(SchemaCode.UNKNOWN_ATTRIBUTE, column=column, attribute=Verbatim(name))
            yield Problem(reason, place / name, Severity.WARNING, did_you_mean(name, _FLAGS))


def _type_problems(field: Field, place: Path) -> Iterator[Problem[Path]]:
    column, supported = Verbatim(field.name), tuple(map(Verbatim, FIELD_TYPES))
    if not field.types:
        yield Problem(because(SchemaCode.NO_TYPE, column=column), place)
    for type_ in dict.fromkeys(field.types):
        if type_.startswith("{") or type_ in _NESTED:
            yield Problem(because(SchemaCode.NESTED_TYPE, column=column, expected=supported), place)
        elif type_ not in FIELD_TYPES:
            reason = because(SchemaCode.UNKNOWN_TYPE, column=column, found=Verbatim(type_), expected=supported)
            yield Problem(reason, place)
    if len(field.types) > len(set(field.types)):
        yield Problem(because(SchemaCode.DUPLICATE_TYPE, column=column), place)
    elif len(field.types) > 1:
        reason = because(SchemaCode.SEVERAL_TYPES, column=column, found=tuple(map(Verbatim, field.types)))
        yield Problem(reason, place, Severity.WARNING)
    if "boolean" in field.types:
        yield Problem(because(SchemaCode.BOOLEAN_COLUMN, column=column), place, Severity.WARNING)


def _name_problems(schema: Schema) -> Iterator[Problem[Path]]:
    """Names that differ only in case or punctuation are the same name for the service (docs/service/1 §7.7)."""
    first: dict[str, str] = {}
    for index, field in enumerate(schema.fields):
        key = re.sub(r"[^a-z0-9]", "", field.name.casefold())
        earlier = first.get(key)
        first.setdefault(key, field.name)
        place, column = Path(("fields", index, "name")), Verbatim(field.name)
        if earlier == field.name:
            yield Problem(because(SchemaCode.DUPLICATE_COLUMN, column=column), place)
        elif earlier is not None:
            yield Problem(because(SchemaCode.COLLIDING_COLUMNS, column=column, other=Verbatim(earlier)), place)


def _textual_problems(schema: Schema, dataset_type: DatasetType | None) -> Iterator[Problem[Path]]:
    textual = [(index, Verbatim(field.name)) for index, field in enumerate(schema.fields) if field.textual]
    if dataset_type not in (None, DatasetType.ITEMS):
        for index, column in textual:
            yield Problem(because(SchemaCode.TEXTUAL_OUTSIDE_ITEMS, column=column), Path(("fields", index, "textual")))
        return
    for index, column in textual[1:]:
        reason = because(SchemaCode.SECOND_TEXTUAL_COLUMN, column=column, first=textual[0][1])
        yield Problem(reason, Path(("fields", index, "textual")))
