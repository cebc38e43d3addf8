"""The Avro subset schemas are written in: from JSON to values that compare by meaning.

docs/service/1 §7 is the language. Reading is lenient: what has the shape of a schema is read, and whether the service
would take it is for `schema_checks` to say, so that one pass reports everything.
"""

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from personalize_gitops.catalog.problems import Problem

_KNOWN_OF_FIELD = ("name", "type", "categorical", "textual", "itemName")
_KNOWN_OF_SCHEMA = ("type", "name", "namespace", "version", "fields")


class SchemaSyntaxError(ValueError):
    """The text is not a schema; `problems` says where and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Field:
    """One column."""

    name: str
    types: tuple[str, ...]  # as written, without null; a nested type appears as its JSON text
    nullable: bool = False
    categorical: bool = False
    textual: bool = False
    item_name: bool = False  # the title, which semantic-similarity needs (docs/service/2 §14)
    attributes: tuple[tuple[str, str], ...] = ()  # any other attribute and its value as JSON text, by name

    @property
    def type(self) -> str | None:
        """The one type besides null, or None where there is none or a choice."""
        return self.types[0] if len(self.types) == 1 else None

    @property
    def meaning(self) -> tuple[Hashable, ...]:
        """All that counts of the field but its name; equal for fields declared alike."""
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
        """The fields by name; of two with one name the first."""
        return MappingProxyType({field.name: field for field in reversed(self.fields)})


def parse(source: str | Mapping[str, object]) -> Schema:
    """The schema written as JSON text, or already read from it.

    Raises:
        SchemaSyntaxError: with every place that has not the shape of a schema.
    """
    document = _load(source) if isinstance(source, str) else source
    if not isinstance(document, Mapping):
        raise SchemaSyntaxError([Problem((), f"expected an Avro record, found {_a(document)}")])
    problems = list(_shape_problems(document))
    if problems:
        raise SchemaSyntaxError(problems)
    fields: list[Mapping[str, object]] = document["fields"]
    return Schema(
        name=document["name"],
        namespace=document.get("namespace"),
        version=document.get("version"),
        fields=tuple(_field(field) for field in fields),
        type=document.get("type"),
        attributes=_others(document, _KNOWN_OF_SCHEMA),
    )


def canonical(schema: Schema) -> Hashable:
    """A value equal for schemas that mean the same (docs/service/1 §19, item 5).

    Field order counts, because the header of the CSV follows it. The order of a union, whitespace, the order of
    members and a false attribute do not; `["string"]` is `"string"`.
    """
    fields = tuple((field.name, field.meaning) for field in schema.fields)
    return (schema.type, schema.name, schema.namespace, schema.version, fields, schema.attributes)


def _load(text: str) -> object:
    try:
        value: object = json.loads(text)
    except ValueError as error:
        raise SchemaSyntaxError([Problem((), f"not JSON: {error}")]) from error
    except RecursionError as error:
        raise SchemaSyntaxError([Problem((), "not a schema: nested too deeply")]) from error
    return value


def _shape_problems(document: Mapping[str, object]) -> list[Problem]:
    problems = []
    if not isinstance(document.get("name"), str):
        problems.append(Problem(("name",), "expected the name of the record"))
    problems += [
        Problem((key,), f"expected a string, found {_a(document[key])}")
        for key in ("type", "namespace", "version")
        if key in document and not isinstance(document[key], str)
    ]
    fields = document.get("fields")
    if not isinstance(fields, list | tuple):
        return [*problems, Problem(("fields",), "expected a list of fields")]
    for index, field in enumerate(fields):
        problems += _field_shape_problems(field, ("fields", index))
    return problems


def _field_shape_problems(field: object, path: tuple[str | int, ...]) -> list[Problem]:
    if not isinstance(field, Mapping):
        return [Problem(path, f"expected a field with name and type, found {_a(field)}")]
    problems = []
    if not isinstance(field.get("name"), str):
        problems.append(Problem((*path, "name"), "expected the name of the field"))
    type_ = field.get("type")
    if not isinstance(type_, str | list | tuple | Mapping):
        problems.append(Problem((*path, "type"), "expected a type, or a list of types"))
    elif isinstance(type_, list | tuple):
        problems += [
            Problem((*path, "type", index), f"expected a type, found {_a(member)}")
            for index, member in enumerate(type_)
            if not isinstance(member, str | Mapping)
        ]
    problems += [
        Problem((*path, flag), f"expected true or false, found {_a(field[flag])}")
        for flag in ("categorical", "textual", "itemName")
        if flag in field and not isinstance(field[flag], bool)
    ]
    return problems


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


def _a(value: object) -> str:
    match value:
        case bool():
            return "a boolean"
        case str():
            return "a string"
        case int() | float():
            return "a number"
        case list() | tuple():
            return "a list"
        case None:
            return "null"
        case _:
            return "an object"
