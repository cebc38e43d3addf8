"""The files of the imports of a dataset: their rows by the rules, and what is counted in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.rows.findings import Finding
from personalize_gitops.catalog.rows.reading import Chunk, CsvText
from personalize_gitops.catalog.rows.rules import future_findings, header_findings, value_findings
from personalize_gitops.catalog.schemas import Schema
from personalize_gitops.checking.files import Progress, lines_of
from personalize_gitops.checking.found import CHECK_OF, Found
from personalize_gitops.checking.tally import Tally
from personalize_gitops.model.checks import Check
from personalize_gitops.model.data_files import DataFile, Files
from personalize_gitops.model.desired import Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import DataCode
from personalize_gitops.model.reason import Path, Reason, Source, Verbatim, because

_DAY = 86_400
_LOCATION = Path(("dataSource", "dataLocation"))
_FULL, _INCREMENTAL = "FULL", "INCREMENTAL"
# The dataset types whose imports need a minimum number of rows, by mode (docs/service/2 §7).
_WITH_MINIMUM = {
    _FULL: (DatasetType.INTERACTIONS,),
    _INCREMENTAL: (DatasetType.INTERACTIONS, DatasetType.ACTION_INTERACTIONS),
}

_BREAKING = (Check.PG901, Check.PG902, Check.PG903)  # then the number of rows says nothing


@dataclass(frozen=True)
class Reading:
    """What the imports of one dataset are read with."""

    files: Files
    schema: Schema
    type: DatasetType
    now: float  # epoch seconds
    least: int  # records of an import of interactions
    progress: Progress


def import_problems(job: Document, reading: Reading, tally: Tally) -> Iterator[Problem[Source]]:
    """Yield what is wrong with the files of an import; the tally counts their rows."""
    location = job.attributes["dataSource"]["dataLocation"]
    files = reading.files(location, ".csv")
    if not files:
        yield _at_job(job, because(DataCode.NO_DATA, location=Verbatim(location)))
        return
    before, broken = tally.rows, False
    for file in files:
        found = Found(file.name, str(job.address))
        for findings in _read(file, reading, tally):
            found.add(findings)
        problems = list(found.problems())
        broken |= any(problem.check in _BREAKING for problem in problems)
        yield from problems
    rows = tally.rows - before
    if not broken and rows < reading.least and reading.type in _WITH_MINIMUM[job.attributes.get("importMode") or _FULL]:
        yield _at_job(job, because(DataCode.FEW_RECORDS, found=rows, least=reading.least))


def _read(file: DataFile, reading: Reading, tally: Tally) -> Iterator[Iterable[Finding]]:
    """Yield the findings of a file, some rows at a time."""
    lines = lines_of(file, reading.progress)
    try:
        text = CsvText(lines)
    except UnicodeDecodeError:
        yield [Finding(DataCode.NOT_UTF8, (1,))]
        return
    if text.invalid is None:
        of_header = list(header_findings(text.header, reading.schema, quoted=text.quoted_header))
        yield of_header
        if any(finding.code is DataCode.DUPLICATE_COLUMNS for finding in of_header):
            return
        for chunk in text.chunks():
            columns = _columns(text.header, chunk, reading.schema)
            tally.add(columns)
            yield chunk.findings
            yield _value_findings(columns, chunk.records, reading)
    if text.invalid is not None:
        yield [text.invalid]


def _columns(header: Sequence[str], chunk: Chunk, schema: Schema) -> Mapping[str, Sequence[str]]:
    """Return the columns of the schema that a file has."""
    return {name: values for name, values in zip(header, chunk.columns, strict=True) if name in schema.field}


def _value_findings(
    columns: Mapping[str, Sequence[str]], records: Sequence[int], reading: Reading
) -> Iterator[Finding]:
    latest = int(reading.now) + _DAY
    for name, values in columns.items():
        field = reading.schema.field[name]
        yield from value_findings(field, values, records, actions=reading.type is DatasetType.ACTIONS)
        yield from future_findings(field, values, records, latest)


def _at_job(job: Document, reason: Reason) -> Problem[Source]:
    return problem_of(job, _LOCATION, reason)


def problem_of(document: Document, field: Path, reason: Reason) -> Problem[Source]:
    """Return a problem at a field of a document."""
    place = document.places.of(("spec", *field))
    return Problem(reason, place, subject=str(document.address), field=field, check=CHECK_OF[reason.code])
