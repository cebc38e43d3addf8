"""The subset of Avro that schemas use: from JSON to values that compare by meaning (docs/service/1 §7).

Parsing is lenient: it accepts any record with named and typed fields. `checks` decides whether the service accepts it,
so that one pass reports every problem.
"""

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from personalize_gitops.model.problem import Problem, given
from personalize_gitops.model.problem_codes import SchemaCode, Shape, ValueCode
from personalize_gitops.model.reason import Path, Verbatim, because

_KNOWN_OF_FIELD = ("name", "type", "categorical", "textual", "itemName")
_KNOWN_OF_SCHEMA = ("type", "name", "namespace", "version", "fields")


class SchemaSyntaxError(ValueError):
    """The text or value is not a schema. Carries every problem found."""

    def __init__(self, problems: Sequence[Problem[Path]]) -> None:
        super().__init__("; ".join(problem.reason.code.about for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Field:
    """One column."""

    name: str
    types: tuple[str, ...]  # as written, without null; a nested type as its JSON text
    nullable: bool = False
    categorical: bool = False
    textual: bool = False
    item_name: bool = False  # the title, which Semantic-Similarity requires (docs/service/2 §14)
    attributes: tuple[tuple[str, str], ...] = ()  # the other attributes by name, each with its value as JSON text

    @property
    def type(self) -> str | None:
        """The only type besides null, or None where there is none or more than one."""
        return self.types[0] if len(self.types) == 1 else None

    @property
    def meaning(self) -> tuple[Hashable, ...]:
        """A value that is equal for fields that differ only in their names."""
        return (
            frozenset(self.types),
            self.nullable,
            self.categorical,
            self.textual,
            self.item_name,
            self.attributes,
        )

    @property
    def numeric(self) -> bool:
        """Whether values compare as numbers."""
        return self.type in ("int", "long", "float", "double")


@dataclass(frozen=True)
class Schema:
    """An Avro record: the columns of a dataset."""

    name: str
    namespace: str | None
    version: str | None
    fields: tuple[Field, ...]
    type: str | None = "record"
    attributes: tuple[tuple[str, str], ...] = ()

    @cached_property
    def field(self) -> Mapping[str, Field]:
        """The fields by name; the first of two with the same name."""
        return MappingProxyType({field.name: field for field in reversed(self.fields)})


def parse(source: str | Mapping[str, object]) -> Schema:
    """Parse a schema from its JSON text or from the object in it.

    Raises:
        SchemaSyntaxError: with every place that does not have the shape of a schema.
    """
    document = _load(source) if isinstance(source, str) else source
    if not isinstance(document, Mapping):
        raise SchemaSyntaxError([_expected(Shape.RECORD, document, Path())])
    problems = list(_shape_problems(document))
    if problems:
        raise SchemaSyntaxError(problems)
    fields: list[Mapping[str, object]] = document["fields"]
    return Schema(
        name=document["name"],
        namespace=document.get("namespace"),
        version=_text_of_version(document.get("version")),
        fields=tuple(_field(field) for field in fields),
        type=document.get("type"),
        attributes=_others(document, _KNOWN_OF_SCHEMA),
    )


def _text_of_version(version: object) -> str | None:
    return None if version is None else str(version)


def canonical(schema: Schema) -> Hashable:
    """Return a value that is equal for schemas with the same meaning (docs/service/1 §19, item 5).

    The order of fields counts, because the header of the CSV file follows it. White space, the order of members, the
    order of a union and attributes that are false do not count; `["string"]` is `"string"`.
    """
    fields = tuple((field.name, field.meaning) for field in schema.fields)
    return (schema.type, schema.name, schema.namespace, schema.version, fields, schema.attributes)


def _load(text: str) -> object:
    try:
        value: object = json.loads(text)
    except ValueError as error:
        reason = because(SchemaCode.SCHEMA_NOT_JSON, error=Verbatim(error))
        raise SchemaSyntaxError([Problem(reason, Path())]) from error
    except RecursionError as error:
        raise SchemaSyntaxError([Problem(because(SchemaCode.SCHEMA_NESTED_TOO_DEEPLY), Path())]) from error
    return value


def _expected(shape: Shape, value: object, place: Path) -> Problem[Path]:
    return Problem(because(ValueCode.WRONG_TYPE, expected=(shape,), found=given(value)), place)


def _shape_problems(document: Mapping[str, object]) -> Iterator[Problem[Path]]:
    if not isinstance(document.get("name"), str):
        yield _expected(Shape.RECORD_NAME, document.get("name"), Path(("name",)))
    for key in ("type", "namespace", "version"):
        is_number = key == "version" and type(document.get(key)) in (int, float)  # docs/service/4 §9
        if key in document and not isinstance(document[key], str) and not is_number:
            yield _expected(Shape.TEXT, document[key], Path((key,)))
    fields = document.get("fields")
    if not isinstance(fields, list | tuple):
        yield _expected(Shape.COLUMNS, fields, Path(("fields",)))
        return
    for index, field in enumerate(fields):
        yield from _field_shape_problems(field, Path(("fields", index)))


def _field_shape_problems(field: object, place: Path) -> Iterator[Problem[Path]]:
    if not isinstance(field, Mapping):
        yield _expected(Shape.COLUMN, field, place)
        return
    if not isinstance(field.get("name"), str):
        yield _expected(Shape.COLUMN_NAME, field.get("name"), place / "name")
    type_ = field.get("type")
    if not isinstance(type_, str | list | tuple | Mapping):
        yield _expected(Shape.COLUMN_TYPE, type_, place / "type")
    elif isinstance(type_, list | tuple):
        for index, member in enumerate(type_):
            if not isinstance(member, str | Mapping):
                yield _expected(Shape.COLUMN_TYPE, member, place / "type" / index)
    for flag in ("categorical", "textual", "itemName"):
        if flag in field and not isinstance(field[flag], bool):
            yield _expected(Shape.BOOLEAN, field[flag], place / flag)


def _field(field: Mapping[str, object]) -> Field:
    written = field["type"]
    members = written if isinstance(written, list | tuple) else (written,)
    types = tuple(member if isinstance(member, str) else _text(member) for member in members)
    return Field(
        name=str(field["name"]),
        types=tuple(type_ for type_ in types if type_ != "null"),
        nullable="null" in types,
        categorical=field.get("categorical") is True,
        textual=field.get("textual") is True,
        item_name=field.get("itemName") is True,
        attributes=_others(field, _KNOWN_OF_FIELD),
    )


def _others(value: Mapping[str, object], known: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, _text(other)) for key, other in value.items() if key not in known and other is not False))


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)
