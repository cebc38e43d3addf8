"""Bulk import: CSV files in S3 against the schema of their dataset (docs/service/1 §10, docs/service/2 §7.3).

Whole columns are checked at a time, because an import may have many rows, and the first wrong value fails it.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from personalize_gitops.catalog.schemas import Field, Schema, parse
from personalize_gitops.emulator.data.tables import ID_COLUMNS, Row, Table
from personalize_gitops.emulator.errors import CreationFailed
from personalize_gitops.emulator.service import access
from personalize_gitops.emulator.settings import Settings
from personalize_gitops.emulator.state.objects import split_location
from personalize_gitops.emulator.state.records import Record
from personalize_gitops.emulator.state.region import Region

LOCATION = re.compile(r"s3://[a-z0-9][a-z0-9.\-]{1,61}[a-z0-9](/.*)?")
_ROW_MINIMUM_TYPES = {"FULL": ("INTERACTIONS",), "INCREMENTAL": ("INTERACTIONS", "ACTION_INTERACTIONS")}


def is_location(location: str) -> bool:
    """Whether data can be there: a bucket and a file ending in .csv, or a folder ending in / (docs/service/2 §7.5)."""
    return bool(LOCATION.fullmatch(location)) and location.endswith((".csv", "/"))


def load(region: Region, dataset: Record, location: str, mode: str) -> None:
    """Read, check and keep the rows of an import, or fail with the reason a person needs."""
    schema = parse(region.schema_text(dataset))
    rows: list[Row] = []
    files = read_files(region, location)
    most = region.settings.limit(f"bytes of {'a full' if mode == 'FULL' else 'an incremental'} import")
    if sum(map(len, files.values())) > most:
        raise CreationFailed(f"The data of {mode} imports cannot be larger than {most} bytes.")
    for name, content in files.items():
        rows += read_rows(name, content, schema, region.settings)
    dataset_type = dataset.fields["datasetType"]
    fewest = region.settings.limit("records of an interactions import")
    if dataset_type in _ROW_MINIMUM_TYPES[mode] and len(rows) < fewest:
        raise CreationFailed(f"The import has {len(rows)} interactions; at least {fewest} are needed.")
    columns = [field.name for field in schema.fields]
    table = region.tables.setdefault(dataset.arn, Table(columns, ID_COLUMNS.get(dataset_type)))
    if mode == "FULL":
        table.replace_bulk(columns, rows, region.now)
    else:
        table.add_bulk(columns, rows, region.now)


def read_files(region: Region, location: str) -> dict[str, bytes]:
    """The CSV files a location means: one file, or the first level of a folder (docs/service/2 §3.4)."""
    bucket, key = split_location(location)
    found = region.objects.read(bucket, key)
    if found is None:
        raise CreationFailed(access.NO_ACCESS)
    if location.endswith("/"):
        files = {name: content for name, content in found.items() if _is_csv_directly_in(name, key)}
    else:
        files = {name: content for name, content in found.items() if name == key}
    if not files:
        raise CreationFailed(f"No CSV file found at {location}.")
    return files


def read_rows(name: str, content: bytes, schema: Schema, settings: Settings) -> list[Row]:
    """The rows of one file in the order of the schema's columns, every value checked."""
    text = text_of(name, content)
    # Quotes and backslashes inside quoted text are escaped with a backslash (docs/service/1 §10).
    reader = csv.reader(io.StringIO(text, newline=""), escapechar="\\", strict=True)
    try:
        header = next(reader, [])
        _check_header(header, schema, settings)
        rows = list(map(tuple, reader))
    except csv.Error as error:
        raise CreationFailed(f"{name}, line {reader.line_num}: {error}") from error
    rows = [row for row in rows if row] if () in rows[-1:] else rows
    _check_widths(name, rows, len(header))
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
    """The text of an object in S3."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CreationFailed(f"{name} is not encoded in UTF-8.") from error


def _is_csv_directly_in(name: str, folder: str) -> bool:
    rest = name.removeprefix(folder)
    return "/" not in rest and rest.lower().endswith(".csv")


def _check_header(header: list[str], schema: Schema, settings: Settings) -> None:
    wanted = [field.name for field in schema.fields]
    missing = [name for name in wanted if name not in header]
    if missing:
        raise CreationFailed(f"Input CSV is missing the following columns:[{', '.join(missing)}]")
    if len(set(header)) < len(header):
        raise CreationFailed(f"Input CSV has a column twice: {', '.join(header)}")
    extra = [name for name in header if name not in schema.field]
    if extra and settings.csv_extra_columns_fail:
        raise CreationFailed(f"Input CSV has columns the schema does not know:[{', '.join(extra)}]")
    if settings.csv_order_matters and [name for name in header if name in schema.field] != wanted:
        raise CreationFailed(f"The columns of the input CSV are not in the order of the schema: {', '.join(wanted)}")


def _check_widths(name: str, rows: list[Row], width: int) -> None:
    if set(map(len, rows)) - {width}:
        line = next(number for number, row in enumerate(rows, start=2) if len(row) != width)
        raise CreationFailed(f"{name}, record {line}: expected {width} values, found {len(rows[line - 2])}.")


def _check_values(field: Field, values: Sequence[str], settings: Settings) -> None:
    if not field.nullable and "" in values:
        raise CreationFailed(f"Column {field.name} cannot be empty (record {values.index('') + 2}).")
    if field.type == "string":
        _check_texts(field, values, settings)
        return
    read = READERS.get(field.type or "", str)
    try:
        for value in _present(field, values):
            read(value)
    except ValueError:
        _refuse_value(field, values)
    if any("_" in value for value in values):  # Python reads 1_000 as a number, nobody else does
        _refuse_value(field, values)


def _check_texts(field: Field, values: Sequence[str], settings: Settings) -> None:
    if field.name in ID_COLUMNS.values():
        longest = settings.limit("characters of an id")
        if any('"' in value for value in values):
            raise CreationFailed(f"Values of {field.name} cannot contain double quotes.")
    elif field.categorical or field.name == "IMPRESSION":
        longest = settings.limit("characters of a categorical value or impression")
    else:
        return  # other text is cut off by the service, never refused (docs/service/1 §9)
    if values and max(map(len, values)) > longest:
        raise CreationFailed(f"Length of {field.name} cannot be more than {longest} characters.")


def _present(field: Field, values: Sequence[str]) -> Iterable[str]:
    return filter(None, values) if field.nullable else values


def _refuse_value(field: Field, values: Sequence[str]) -> None:
    read = READERS.get(field.type or "", str)
    for number, value in enumerate(values, start=2):
        try:
            if value:
                read(value.replace("_", "?"))
        except ValueError as error:
            raise CreationFailed(
                f"Column {field.name} has a value that is no {field.type}: {value!r} (record {number})."
            ) from error


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


READERS: Mapping[str, Callable[[str], object]] = {
    "int": int,
    "long": int,
    "float": float,
    "double": float,
    "boolean": _boolean,
}
