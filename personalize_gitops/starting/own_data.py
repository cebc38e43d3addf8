"""Schemas, datasets and imports for the CSV files of a user, from their headers and values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.schemas.tables import Column, ColumnRules, column_rules
from personalize_gitops.errors import UsageError
from personalize_gitops.model.address import Address
from personalize_gitops.model.draft import Draft, Template
from personalize_gitops.model.nearest import nearest

_WHOLE = re.compile(r"-?(0|[1-9]\d*)")
_REAL = re.compile(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_LEADING_ZERO = re.compile(r"-?0\d+")  # a code, not a number
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}  # of files that spreadsheets and databases export
_LARGEST_INT = 2**31 - 1
_LONG_TEXT = 60  # characters; longer values are text, not categories
_FEW, _MANY = 50, 1_000  # distinct values that are categories in a small file, and in a file of any size
_KEYS = (
    (DatasetType.ACTION_INTERACTIONS, {"USER_ID", "ACTION_ID"}),
    (DatasetType.ACTIONS, {"ACTION_ID"}),
    (DatasetType.INTERACTIONS, {"USER_ID", "ITEM_ID"}),
    (DatasetType.ITEMS, {"ITEM_ID"}),
    (DatasetType.USERS, {"USER_ID"}),
)
"""The columns by which a file is recognized, the most telling first."""


@dataclass
class Seen:
    """What is known about the values of a column."""

    rows: int = 0
    empty: bool = False
    whole: bool = True
    real: bool = True
    largest: int = 0
    characters: int = 0
    several: bool = False  # several values in one, joined by a bar
    odd: str = ""  # the first value that is not a whole number
    distinct: set[str] = field(default_factory=set)  # of the first values

    def add(self, value: str) -> None:
        """Take note of a value."""
        if not value:
            self.empty = True
            return
        self.rows += 1
        self.characters += len(value)
        self.several = self.several or "|" in value
        if len(self.distinct) <= _MANY:
            self.distinct.add(value)
        is_code = bool(_LEADING_ZERO.fullmatch(value))
        self.whole = self.whole and bool(_WHOLE.fullmatch(value))
        self.real = self.real and not is_code and bool(_REAL.fullmatch(value))
        self.odd = self.odd or ("" if self.whole else value)
        if self.whole:
            self.largest = max(self.largest, abs(int(value)))

    @property
    def is_number(self) -> bool:
        """Whether every value is a number."""
        return self.rows > 0 and (self.whole or self.real)

    @property
    def is_text(self) -> bool:
        """Whether values are texts rather than names of categories."""
        return self.rows > 0 and self.characters / self.rows > _LONG_TEXT

    @property
    def is_category(self) -> bool:
        """Whether few values come again and again."""
        return self.several or len(self.distinct) <= max(_FEW, min(_MANY, self.rows // 10))

    @property
    def number_type(self) -> str:
        """The smallest type for the numbers."""
        return "float" if not self.whole else "int" if self.largest <= _LARGEST_INT else "long"


@dataclass(frozen=True)
class OwnFile:
    """A CSV file: its name in the bucket, its columns and what they hold."""

    name: str
    columns: dict[str, Seen]


def read_rows(name: str, rows: Iterable[Sequence[str]]) -> OwnFile:
    """Return what a CSV file holds. Raises UsageError if it has no header or a row of another length."""
    lines = iter(rows)
    header = next(lines, None)
    if not header:
        raise UsageError(f"{name}: the file is empty; its first line has the names of the columns")
    _check_header(name, header)
    columns = {column: Seen() for column in header}
    number = 1
    for number, row in enumerate(lines, start=2):
        if len(row) != len(header):
            raise UsageError(f"{name}:{number}: expected {len(header)} values, found {len(row)}")
        for seen, value in zip(columns.values(), row, strict=True):
            seen.add(value)
    if number == 1:
        raise UsageError(f"{name}: the file has no rows below the names of its columns")
    return OwnFile(name, columns)


def _check_header(name: str, header: Sequence[str]) -> None:
    """Raise UsageError if a header is not that of a CSV file as Personalize reads it."""
    if header[0].startswith("\ufeff"):
        raise UsageError(f"{name}: the file begins with a byte order mark: save it as UTF-8 without one")
    separator = next((mark for mark in _SEPARATORS if mark in header[0]), None)
    if len(header) == 1 and separator:
        raise UsageError(f"{name}: the columns are separated by {_SEPARATORS[separator]}: separate them by commas")
    twice = next((column for column in header if header.count(column) > 1), None)
    if twice:
        raise UsageError(f"{name}: two columns are named {twice}")


def type_of(file: OwnFile) -> DatasetType:
    """Return the dataset type of a file by its columns. Raises UsageError if it has none of the ids."""
    for type_, keys in _KEYS:
        if keys <= file.columns.keys():
            _check_columns(file, type_)
            _check_values(file, type_)
            return type_
    raise UsageError(
        f"{file.name}: no column is named USER_ID, ITEM_ID or ACTION_ID{_renaming(file, 'USER_ID', 'ITEM_ID')}; "
        f"found {', '.join(file.columns)}"
    )


def _check_columns(file: OwnFile, type_: DatasetType) -> None:
    required = _rules(type_).required
    if missing := [name for name in required if name not in file.columns]:
        raise UsageError(
            f"{file.name}: {type_} needs {'a column' if len(missing) == 1 else 'columns'} {', '.join(missing)}"
            f"{_renaming(file, *missing)}; found {', '.join(file.columns)}"
        )


def _check_values(file: OwnFile, type_: DatasetType) -> None:
    """Raise UsageError if a column in which the service expects numbers has other values."""
    rules = _rules(type_)
    for name, column in {**rules.reserved, **rules.required}.items():
        seen = file.columns.get(name)
        if seen is None or column.type == "string":
            continue
        if column.type == "long" and not seen.whole:
            raise UsageError(f'{file.name}: {name} has whole numbers, found "{seen.odd}"{_SECONDS.get(name, "")}')
        if not (seen.whole or seen.real):
            raise UsageError(f'{file.name}: {name} has numbers, found "{seen.odd}"')


_SECONDS = dict.fromkeys(("TIMESTAMP", "CREATION_TIMESTAMP"), ": write seconds since 1970")


def _renaming(file: OwnFile, *names: str) -> str:
    """Return the advice to rename columns whose names are near to those that are needed."""
    upper = {column.upper(): column for column in file.columns if column not in names}
    near = {name: nearest(name, upper, 0.8) for name in names}
    told = [f"rename {upper[found]} to {name}" for name, found in near.items() if found]
    return f": {' and '.join(told)}" if told else ""


def _rules(type_: DatasetType) -> ColumnRules:
    rules = column_rules(type_, None)
    if rules is None:  # every type is possible in a custom dataset group
        raise KeyError(type_)
    return rules


def documents(group: str, files: Sequence[OwnFile]) -> list[Draft]:
    """Return a dataset group with a schema, a dataset and an import for each file."""
    drafts = [Draft(Address("DatasetGroup", group), {}, file="data")]
    types = [type_of(file) for file in files]
    if len({*types}) < len(types):
        raise UsageError(f"two files are for the same dataset: {', '.join(map(str, types))}")
    for file, type_ in zip(files, types, strict=True):
        name = type_.value.lower().replace("_", "-")
        location = Template(f"s3://${{bucket}}/{file.name.replace('${', '$${')}")
        schema = {"schema": avro(file, type_)}
        dataset = {"datasetGroup": group, "datasetType": type_.value, "schema": name}
        job = {"dataset": name, "dataSource": {"dataLocation": location}, "roleArn": Template("${role}")}
        drafts += [
            Draft(Address("Schema", name), schema, file="data"),
            Draft(Address("Dataset", name), dataset, file="data"),
            Draft(Address("DatasetImportJob", name), job, run={"when": ["config", "data"]}, file="data"),
        ]
    return drafts


def avro(file: OwnFile, type_: DatasetType) -> dict[str, Any]:
    """Return the schema of a file: the columns that the service knows as it wants them, the others by their values."""
    rules = _rules(type_)
    known = {**rules.reserved, **rules.required}
    fields = [
        _known(name, known[name], seen) if name in known else _own(name, seen, rules)
        for name, seen in file.columns.items()
    ]
    own = [each for each in fields if each["name"] not in known]
    if rules.least_metadata and not any(_is_metadata(each) for each in own):
        fewest = min(own, key=lambda each: len(file.columns[each["name"]].distinct), default=None)
        if fewest is not None:
            fewest.pop("textual", None)
            fewest["categorical"] = True
    head = {"type": "record", "name": type_.record_name, "namespace": "com.amazonaws.personalize.schema"}
    return {**head, "version": "1.0", "fields": fields}


def _known(name: str, column: Column, seen: Seen) -> dict[str, Any]:
    marks = {"categorical": column.categorical, "textual": column.textual}
    return {
        "name": name,
        "type": ["null", column.type] if column.nullable and seen.empty else column.type,
        **{mark: True for mark, on in marks.items() if on},
    }


def _own(name: str, seen: Seen, rules: ColumnRules) -> dict[str, Any]:
    type_ = seen.number_type if seen.is_number else "string"
    found: dict[str, Any] = {"name": name, "type": ["null", type_] if seen.empty else type_}
    if type_ == "string" and seen.is_text and rules.textual_allowed:
        found["textual"] = True
    elif type_ == "string" and seen.is_category and not seen.is_text:
        found["categorical"] = True
    return found


def _is_metadata(column: dict[str, Any]) -> bool:
    return "string" not in column["type"] or bool(column.get("categorical") or column.get("textual"))
