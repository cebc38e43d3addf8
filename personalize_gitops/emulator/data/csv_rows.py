"""Rows from CSV files, checked against the schema of their dataset (docs/service/1 §10, docs/service/2 §7.3).

Whole columns are checked at a time, because a file can have many rows. The first invalid value fails the import.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence

from personalize_gitops.catalog.schemas import Field, Schema
from personalize_gitops.emulator.data.tables import ID_COLUMNS, Row
from personalize_gitops.emulator.data.values import PARSERS, is_valid
from personalize_gitops.emulator.errors import CreationFailed
from personalize_gitops.emulator.settings import Settings


def read_rows(name: str, content: bytes, schema: Schema, settings: Settings) -> list[Row]:
    """Return the rows of a file with the columns of the schema, in its order. CreationFailed if a value is invalid."""
    # Quotes and backslashes inside quoted text are escaped with a backslash (docs/service/1 §10).
    reader = csv.reader(io.StringIO(text_of(name, content), newline=""), escapechar="\\", strict=True)
    try:
        header = next(reader, [])
        _check_header(header, schema, settings)
        rows = list(map(tuple, reader))
    except csv.Error as error:
        raise CreationFailed(f"{name}, line {reader.line_num}: {error}") from error
    if () in rows[-1:]:  # the file ends in a blank line
        rows = [row for row in rows if row]
    _check_lengths(name, rows, len(header))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    kept = [columns[header.index(field.name)] if field.name in header else None for field in schema.fields]
    for field, values in zip(schema.fields, kept, strict=True):
        if values is not None:
            _check_values(field, values, settings)
    if header == [field.name for field in schema.fields]:
        return rows
    blank = ("",) * len(rows)
    return list(zip(*(blank if values is None else values for values in kept), strict=True))


def text_of(name: str, content: bytes) -> str:
    """Decode a file. CreationFailed if it is not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CreationFailed(f"{name} is not encoded in UTF-8.") from error


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


def _check_lengths(name: str, rows: list[Row], length: int) -> None:
    """Check that every row has as many values as the header."""
    if set(map(len, rows)) - {length}:
        line = next(number for number, row in enumerate(rows, start=2) if len(row) != length)
        raise CreationFailed(f"{name}, record {line}: expected {length} values, found {len(rows[line - 2])}.")


def _check_values(field: Field, values: Sequence[str], settings: Settings) -> None:
    if not field.nullable and "" in values:
        raise CreationFailed(f"Column {field.name} cannot be empty (record {values.index('') + 2}).")
    if field.type == "string":
        _check_strings(field, values, settings)
        return
    parse = PARSERS.get(field.type or "")
    if parse is not None and not _all_valid(parse, filter(None, values)):
        record, value = next((n, v) for n, v in enumerate(values, start=2) if v and not is_valid(field.type, v))
        raise CreationFailed(
            f"Column {field.name} has a value that is not of type {field.type}: {value!r} (record {record})."
        )


def _all_valid(parse: Callable[[str], object], values: Iterable[str]) -> bool:
    """Return whether `is_valid` holds for all values; faster than one call for each."""
    try:
        for value in values:
            parse(value)
            if "_" in value:
                return False
    except ValueError:
        return False
    return True


def _check_strings(field: Field, values: Sequence[str], settings: Settings) -> None:
    if field.name in ID_COLUMNS.values():
        longest = settings.limit("characters of an id")
        if any('"' in value for value in values):
            raise CreationFailed(f"Values of {field.name} cannot contain double quotes.")
    elif field.categorical or field.name == "IMPRESSION":
        longest = settings.limit("characters of a categorical value or impression")
    else:
        return  # the service truncates other texts (docs/service/1 §9)
    if values and max(map(len, values)) > longest:
        raise CreationFailed(f"Length of {field.name} cannot be more than {longest} characters.")
