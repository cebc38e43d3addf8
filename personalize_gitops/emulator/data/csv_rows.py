"""Rows from CSV files, refused by the rules that `validate --data` has too (docs/service/1 §10, docs/service/2 §7.3).

The first finding that fails an import fails it. Settings decide on those of which the guide does not say so.
"""

import io
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from personalize_gitops.catalog.rows.findings import Finding
from personalize_gitops.catalog.rows.reading import Chunk, CsvText
from personalize_gitops.catalog.rows.rules import header_findings, value_findings
from personalize_gitops.catalog.schemas import Schema
from personalize_gitops.emulator.data.columns import RowsBuilder
from personalize_gitops.emulator.errors import CreationFailed
from personalize_gitops.emulator.settings import Settings
from personalize_gitops.model.problem_codes import DataCode
from personalize_gitops.render.reasons import text as sentence


def read_rows(
    name: str, content: bytes, schema: Schema, settings: Settings, rows: RowsBuilder, *, actions: bool = False
) -> None:
    """Add the rows of a file, with the columns of the schema in its order. CreationFailed if a value is invalid."""
    accepted = _accepted(settings)
    lines = io.TextIOWrapper(io.BytesIO(content), "utf-8", newline="")
    try:
        file = CsvText(lines)
        _refuse(name, filter(None, [file.invalid]), accepted)
        _refuse(name, header_findings(file.header, schema, quoted=file.quoted_header), accepted)
        for chunk in file.chunks():
            columns = _columns(file.header, chunk, schema)
            found = _findings(schema, columns, chunk, settings.limit, actions=actions)
            _refuse(name, chain(chunk.findings, found), accepted)
            rows.add(columns)
        _refuse(name, filter(None, [file.invalid]), accepted)
    except UnicodeDecodeError as error:
        raise _not_text(name) from error


def text_of(name: str, content: bytes) -> str:
    """Decode a file. CreationFailed if it is not UTF-8."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_text(name) from error


def _not_text(name: str) -> CreationFailed:
    return CreationFailed(f"{name} is not encoded in UTF-8.")


def _columns(header: Sequence[str], chunk: Chunk, schema: Schema) -> Sequence[Sequence[str]]:
    """Return the columns of the schema, all of which the file has."""
    of = dict(zip(header, chunk.columns, strict=True))
    return [of[field.name] for field in schema.fields]


def _findings(
    schema: Schema,
    columns: Sequence[Sequence[str]],
    chunk: Chunk,
    limit: Callable[[str], int],
    *,
    actions: bool,
) -> Iterator[Finding]:
    for field, values in zip(schema.fields, columns, strict=True):
        yield from value_findings(field, values, chunk.records, actions=actions, limit=limit)


def _refuse(name: str, findings: Iterable[Finding], accepted: Container[DataCode]) -> None:
    """Raise CreationFailed for the first finding that fails an import."""
    for finding in findings:
        if finding.code not in accepted:
            raise CreationFailed(_text(name, finding))


def _accepted(settings: Settings) -> frozenset[DataCode]:
    """Return the findings that fail no import: those of doubtful rules, by their switches."""
    switches: Mapping[DataCode, bool] = {
        DataCode.EXTRA_COLUMNS: settings.csv_extra_columns_fail,
        DataCode.OTHER_ORDER: settings.csv_order_matters,
        DataCode.QUOTED_HEADER: settings.csv_quoted_headers_fail,
        DataCode.MILLISECONDS: settings.csv_milliseconds_fail,
        DataCode.LINE_BREAK: settings.csv_line_breaks_fail,
        DataCode.RESERVED_WORD: settings.csv_reserved_words_fail,
        DataCode.OUT_OF_RANGE: settings.action_values_out_of_range_fail,
        DataCode.TRUNCATED: False,
    }
    return frozenset(code for code, fails in switches.items() if not fails)


def _text(name: str, finding: Finding) -> str:
    """Return the reason of a failure: as the service words it where that is known."""
    match finding.code:
        case DataCode.MISSING_COLUMNS:
            return f"Input CSV is missing the following columns:[{_joined(finding)}]"
        case DataCode.EXTRA_COLUMNS:
            return f"Input CSV has columns that are not in the schema:[{_joined(finding)}]"
        case DataCode.TOO_LONG:
            return f"Length of {finding.column} cannot be more than {finding.params['most']} characters."
        case DataCode.NOT_UTF8:
            return f"{name} is not encoded in UTF-8."
    return f"{name}, record {finding.records[0]}: {sentence(finding.reason)}."


def _joined(finding: Finding) -> str:
    columns = finding.params["columns"]
    return ", ".join(map(str, columns)) if isinstance(columns, tuple) else str(columns)
