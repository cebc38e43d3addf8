"""What is found in the rows of one file: each sort of finding once, at its first row, with the number of rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from personalize_gitops.catalog.rows.findings import Finding
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.problem_codes import DataCode
from personalize_gitops.model.reason import Code, Reason, Source

CHECK_OF: Mapping[Code, Check] = {
    DataCode.NO_DATA: Check.PG901,
    DataCode.NOT_UTF8: Check.PG901,
    DataCode.NOT_CSV: Check.PG901,
    DataCode.MISSING_COLUMNS: Check.PG902,
    DataCode.DUPLICATE_COLUMNS: Check.PG902,
    DataCode.EXTRA_COLUMNS: Check.PG902,
    DataCode.OTHER_ORDER: Check.PG902,
    DataCode.QUOTED_HEADER: Check.PG902,
    DataCode.WRONG_LENGTH: Check.PG903,
    DataCode.EMPTY_CELL: Check.PG903,
    DataCode.WRONG_TYPE: Check.PG904,
    DataCode.OUT_OF_RANGE: Check.PG904,
    DataCode.TOO_LONG: Check.PG905,
    DataCode.TRUNCATED: Check.PG905,
    DataCode.QUOTE_IN_ID: Check.PG905,
    DataCode.MILLISECONDS: Check.PG906,
    DataCode.IN_THE_FUTURE: Check.PG906,
    DataCode.LINE_BREAK: Check.PG907,
    DataCode.RESERVED_WORD: Check.PG907,
    DataCode.FEW_RECORDS: Check.PG908,
    DataCode.FEW_INTERACTIONS: Check.PG911,
    DataCode.FEW_USERS: Check.PG911,
    DataCode.MISSING_EVENT_TYPE: Check.PG912,
    DataCode.MANY_CATEGORIES: Check.PG913,
    DataCode.MANY_EVENT_TYPES: Check.PG914,
    DataCode.LINE_NOT_JSON: Check.PG921,
    DataCode.LINE_NOT_AN_OBJECT: Check.PG921,
    DataCode.LINE_WITHOUT_MEMBERS: Check.PG921,
    DataCode.LINE_WITHOUT_VALUES: Check.PG921,
    DataCode.QUERY_OF_UNKNOWN: Check.PG921,
    DataCode.QUERY_OF_TEXT: Check.PG921,
    DataCode.TOO_MANY_LINES: Check.PG922,
}


class Found:
    """The findings of one file."""

    def __init__(self, file: str, subject: str) -> None:
        self._file, self._subject = file, subject
        self._first: dict[tuple[DataCode, str], Finding] = {}
        self._rows: dict[tuple[DataCode, str], int] = {}

    def add(self, findings: Iterable[Finding]) -> None:
        """Add what was found in some rows."""
        for finding in findings:
            key = finding.code, finding.column
            self._first.setdefault(key, finding)
            self._rows[key] = self._rows.get(key, 0) + len(finding.records)

    def problems(self) -> Iterator[Problem[Source]]:
        """Yield a problem for each sort of finding."""
        for key, finding in self._first.items():
            rows = {"rows": self._rows[key]} if self._rows[key] > 1 else {}
            reason = Reason(finding.code, {**finding.reason.params, **rows})
            severity = Severity.WARNING if finding.doubtful else Severity.ERROR
            place = Source(self._file, finding.records[0])
            yield Problem(reason, place, severity, subject=self._subject, check=CHECK_OF[finding.code])
