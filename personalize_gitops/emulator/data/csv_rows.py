"""Rows from CSV files, checked against the schema of their dataset (docs/service/1 §10, docs/service/2 §7.3).

Whole columns of some rows are checked at a time, because a file can have many. The first invalid value fails the
import.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from personalize_gitops.catalog.schemas import Field, Schema
from personalize_gitops.emulator.data.columns import RowsBuilder
from personalize_gitops.emulator.data.tables import ID_COLUMNS
from personalize_gitops.emulator.data.values import PARSERS, is_valid
from personalize_gitops.emulator.errors import CreationFailed
from personalize_gitops.emulator.settings import Settings

_CHUNK = 500  # rows: more make Python search for garbage, and leave the cache of the processor


def read_rows(name: str, content: bytes, schema: Schema, settings: Settings, rows: RowsBuilder) -> None:
    """Add the rows of a file, with the columns of the schema in its order. CreationFailed if a value is invalid."""
    # Quotes and backslashes inside quoted text are escaped with a backslash (docs/service/1 §10).
    lines = io.TextIOWrapper(io.BytesIO(content), "utf-8", newline="")
    reader = csv.reader(lines, escapechar="\\", strict=True)
    try:
        header = next(reader, [])
        _check_header(header, schema, settings)
        for number, chunk in _chunks(name, reader, len(header)):
            columns = list(zip(*chunk, strict=True))
            rows.add([_column(field, header, columns, number, settings) for field in schema.fields])
    except csv.Error as error:
        raise CreationFailed(f"{name}, line {reader.line_num}: {error}") from error
    except UnicodeDecodeError as error:
        raise _not_text(name) from error


def _chunks(name: str, reader: Iterator[list[str]], width: int) -> Iterator[tuple[int, list[list[str]]]]:
    """Yield the rows of a file a few at a time, with the number of the first; not the blank lines at its end."""
    number, blank = 2, False  # the header is record 1
    while chunk := list(islice(reader, _CHUNK)):
        if blank:
            raise _wrong_length(name, number - 1, width, 0)
        while chunk and not chunk[-1]:
            chunk.pop()
            blank = True
        if set(map(len, chunk)) - {width}:
            record, row = next((n, row) for n, row in enumerate(chunk, number) if len(row) != width)
            raise _wrong_length(name, record, width, len(row))
        if chunk:
            yield number, chunk
        number += len(chunk) + blank


def _wrong_length(name: str, record: int, expected: int, found: int) -> CreationFailed:
    return CreationFailed(f"{name}, record {record}: expected {expected} values, found {found}.")


def _column(
    field: Field, header: list[str], columns: Sequence[Sequence[str]], first: int, settings: Settings
) -> Sequence[str]:
    """Return the checked values of a column; nulls if the file lacks it."""
    if field.name not in header:
        return ("",) * len(columns[0])
    values = columns[header.index(field.name)]
    _check_values(field, values, first, settings)
    return values


def text_of(name: str, content: bytes) -> str:
    """Decode a file. CreationFailed if it is not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_text(name) from error


def _not_text(name: str) -> CreationFailed:
    return CreationFailed(f"{name} is not encoded in UTF-8.")


def _check_header(header: list[str], schema: Schema, settings: Settings) -> None:
    wanted = [field.name for field in schema.fields]
    missing = [name for name in wanted if name not in header]
    if missing:
        raise CreationFailed(f"Input CSV is missing the following columns:[{', '.join(missing)}]")
    if len(set(header)) < len(header):
        raise CreationFailed(f"Input CSV has a column twice: {', '.join(header)}")
    extra = [name for name in header if name not in schema.field]
    if extra and settings.csv_extra_columns_fail:
        raise CreationFailed(f"Input CSV has columns that are not in the schema:[{', '.join(extra)}]")
    if settings.csv_order_matters and [name for name in header if name in schema.field] != wanted:
        raise CreationFailed(f"The columns of the input CSV are not in the order of the schema: {', '.join(wanted)}")


def _check_values(field: Field, values: Sequence[str], first: int, settings: Settings) -> None:
    if not field.nullable and "" in values:
        raise CreationFailed(f"Column {field.name} cannot be empty (record {values.index('') + first}).")
    if field.type == "string":
        _check_strings(field, values, settings)
        return
    parse = PARSERS.get(field.type or "")
    if parse is not None and not _all_valid(parse, values):
        record, value = next((n, v) for n, v in enumerate(values, first) if v and not is_valid(field.type, v))
        raise CreationFailed(
            f"Column {field.name} has a value that is not of type {field.type}: {value!r} (record {record})."
        )


def _all_valid(parse: Callable[[str], object], values: Sequence[str]) -> bool:
    """Return whether all values are null or valid; faster than `is_valid` for each."""
    joined = "".join(values)
    if joined.isascii() and joined.isdigit() and parse is not PARSERS["boolean"]:
        return True
    try:
        for value in filter(None, values):
            parse(value)
            if "_" in value:
                return False
    except ValueError:
        return False
    return True


def _check_strings(field: Field, values: Sequence[str], settings: Settings) -> None:
    if field.name in ID_COLUMNS.values():
        longest = settings.limit("characters of an id")
        if '"' in "".join(values):
            raise CreationFailed(f"Values of {field.name} cannot contain double quotes.")
    elif field.categorical or field.name == "IMPRESSION":
        longest = settings.limit("characters of a categorical value or impression")
    else:
        return  # the service truncates other texts (docs/service/1 §9)
    if values and max(map(len, values)) > longest:
        raise CreationFailed(f"Length of {field.name} cannot be more than {longest} characters.")
