"""Whether the service would take a schema: the rules common to all dataset types (docs/service/1 §7)."""

import re
from collections.abc import Iterator, Mapping

from personalize_gitops.catalog.avro import Field, Schema, SchemaSyntaxError, parse
from personalize_gitops.catalog.datasets import DatasetType, Domain, dataset_type_of_record
from personalize_gitops.catalog.problems import Problem, Severity
from personalize_gitops.catalog.schema_columns import column_problems

NAMESPACE = "com.amazonaws.personalize.schema"
FIELD_TYPES = ("float", "double", "int", "long", "string", "boolean", "null")
MOST_TEXT = 20_000  # characters of a schema, from the service model (docs/service/1 §7.11)
MOST_NAME = 150  # characters of a column name in a training configuration (docs/service/1 §7.7)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ATTRIBUTES = ("doc", "default", "order", "aliases")  # Avro's own; without meaning to the service


def schema_problems(
    schema: Schema | str | Mapping[str, object],
    dataset_type: DatasetType | None = None,
    domain: Domain | None = None,
) -> tuple[Problem, ...]:
    """Everything that speaks against a schema for this type of dataset, in this domain or a custom group.

    Without a dataset type the record's name decides. Text that is no schema at all gives problems too, not an error.
    """
    too_long = []
    if isinstance(schema, str) and len(schema) > MOST_TEXT:
        too_long = [Problem((), f"a schema may have {MOST_TEXT:,} characters, this one has {len(schema):,}")]
    try:
        record = schema if isinstance(schema, Schema) else parse(schema)
    except SchemaSyntaxError as error:
        return (*too_long, *error.problems)
    meant = dataset_type or dataset_type_of_record(record.name)
    return (
        *too_long,
        *_record_problems(record, dataset_type),
        *(problem for index, field in enumerate(record.fields) for problem in _field_problems(field, index)),
        *_name_problems(record),
        *_textual_problems(record, meant),
        *(column_problems(record, meant, domain) if meant else ()),
    )


def _record_problems(schema: Schema, dataset_type: DatasetType | None) -> Iterator[Problem]:
    if schema.type != "record":
        yield Problem(("type",), 'the type of a schema is "record"')
    if schema.namespace != NAMESPACE:
        # One screenshot of the guide shows com.amazon.personalize.schema, so this is not certain.
        yield Problem(("namespace",), f'the namespace is usually "{NAMESPACE}"', Severity.WARNING)
    if schema.version != "1.0":
        yield Problem(("version",), 'the version of every documented schema is "1.0"', Severity.WARNING)
    expected = dataset_type.record_names if dataset_type else tuple(type_.record_name for type_ in DatasetType)
    accepted = (
        dataset_type.record_names if dataset_type else tuple(name for t in DatasetType for name in t.record_names)
    )
    if schema.name in accepted:
        return
    folded = {name.casefold() for name in accepted}
    severity = Severity.WARNING if schema.name.casefold() in folded else Severity.ERROR
    names = " or ".join(f'"{name}"' for name in expected)
    yield Problem(
        ("name",), f'the record is named for its dataset type: expected {names}, found "{schema.name}"', severity
    )


def _field_problems(field: Field, index: int) -> Iterator[Problem]:
    place = ("fields", index)
    if not _NAME.fullmatch(field.name):
        message = f'"{field.name}" is not a column name: letters, digits and _ only, no digit first'
        yield Problem((*place, "name"), message)
    elif len(field.name) > MOST_NAME:
        message = f"names longer than {MOST_NAME} characters cannot be named in a training configuration"
        yield Problem((*place, "name"), message, Severity.WARNING)
    yield from _type_problems(field, (*place, "type"))
    if field.categorical and field.type != "string":
        yield Problem((*place, "categorical"), f"{field.name}: only string columns can be categorical")
    if field.textual and field.type != "string":
        yield Problem((*place, "textual"), f"{field.name}: only string columns can be textual")
    if field.categorical and field.textual:
        yield Problem(place, f"{field.name}: categorical and textual at once is not documented", Severity.WARNING)
    for name, _ in field.attributes:
        if name not in _ATTRIBUTES:
            message = f"{field.name}: attribute {name} has no documented meaning; known are categorical and textual"
            yield Problem((*place, name), message, Severity.WARNING)


def _type_problems(field: Field, place: tuple[str | int, ...]) -> Iterator[Problem]:
    if not field.types:
        yield Problem(place, f"{field.name}: a column needs a type besides null")
    for type_ in dict.fromkeys(field.types):
        if type_.startswith("{") or type_ in ("record", "enum", "array", "map", "fixed"):
            yield Problem(place, f"{field.name}: nested types are not supported, only {', '.join(FIELD_TYPES)}")
        elif type_ not in FIELD_TYPES:
            yield Problem(place, f'{field.name}: unknown type "{type_}"; expected one of {", ".join(FIELD_TYPES)}')
    if len(field.types) > len(set(field.types)):
        yield Problem(place, f"{field.name}: a type is named twice")
    elif len(field.types) > 1:
        message = (
            f"{field.name}: a choice between {' and '.join(field.types)} is not documented; name one type, and null"
        )
        yield Problem(place, message, Severity.WARNING)
    if "boolean" in field.types:
        message = (
            f"{field.name}: boolean columns are used neither in training nor in filters; "
            'write "True" and "False" as strings, or 0 and 1 as int'
        )
        yield Problem(place, message, Severity.WARNING)


def _name_problems(schema: Schema) -> Iterator[Problem]:
    """Names must differ in their letters and digits; punctuation and case do not count (docs/service/1 §7.7)."""
    first: dict[str, str] = {}
    for index, field in enumerate(schema.fields):
        key = re.sub(r"[^a-z0-9]", "", field.name.casefold())
        if key in first:
            same = "is there already" if first[key] == field.name else f"collides with {first[key]}"
            yield Problem(
                ("fields", index, "name"),
                f"{field.name} {same}: names must differ in letters and digits",
            )
        first.setdefault(key, field.name)


def _textual_problems(schema: Schema, dataset_type: DatasetType | None) -> Iterator[Problem]:
    textual = [(index, field) for index, field in enumerate(schema.fields) if field.textual]
    if dataset_type not in (None, DatasetType.ITEMS):
        for index, field in textual:
            yield Problem(("fields", index, "textual"), f"{field.name}: only Items schemas have textual columns")
    else:
        for index, field in textual[1:]:
            message = f"{field.name}: a schema has at most one textual column; {textual[0][1].name} is one already"
            yield Problem(("fields", index, "textual"), message)
