"""The sentences of problems in data files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from personalize_gitops.model.problem_codes import DataCode
from personalize_gitops.model.reason import Code
from personalize_gitops.render.words import both


def _columns(sentence: str) -> Callable[..., str]:
    return lambda columns: sentence.format(columns=both(list(columns)))


def _in_rows(sentence: str) -> Callable[..., str]:
    """Return what makes a sentence about the first of some rows."""

    def told(rows: int = 1, **params: object) -> str:
        more = f" ({rows - 1:,} more {'row' if rows == 2 else 'rows'})" if rows > 1 else ""
        return sentence.format(**params) + more

    return told


def _without_members(members: Sequence[str], rows: int = 1) -> str:
    return _in_rows("{members} is missing or of another form")(rows, members=both(list(members)))


def _without_values(parameters: Sequence[str], rows: int = 1) -> str:
    return _in_rows("filterValues lacks {parameters}, which the filter needs")(rows, parameters=both(list(parameters)))


def _too_many_lines(found: int, most: int) -> str:
    return f"the file has {found:,} lines: the job reads at most {most:,}"


def _few_interactions(found: int, least: int, types: Sequence[str] = ()) -> str:
    of_types = f" of the event types {both(list(types))}" if types else ""
    return f"the data has {found:,} unique interactions{of_types}: a training needs {least:,}"


def _missing_event_type(type: str, found: Sequence[str]) -> str:  # noqa: A002 - the name of the parameter
    return f"no row has the event type {type}; the data has {both(list(found)) if found else 'none'}"


DATA: Mapping[Code, str | Callable[..., str]] = {
    DataCode.NO_DATA: "no CSV file at {location}",
    DataCode.NOT_UTF8: "the file is not encoded in UTF-8",
    DataCode.NOT_CSV: _in_rows("the file is not CSV: {error}"),
    DataCode.MISSING_COLUMNS: _columns("the file lacks the columns {columns}"),
    DataCode.DUPLICATE_COLUMNS: _columns("the file has the columns {columns} twice"),
    DataCode.EXTRA_COLUMNS: _columns("the schema lacks the columns {columns}"),
    DataCode.OTHER_ORDER: _columns("the columns are not in the order of the schema: {columns}"),
    DataCode.QUOTED_HEADER: "the names of columns must not be in quotes",
    DataCode.WRONG_LENGTH: _in_rows("expected {expected} values, found {found}"),
    DataCode.EMPTY_CELL: _in_rows("{column} is empty, and the schema does not allow null"),
    DataCode.WRONG_TYPE: _in_rows("{column} is not of type {type}: {value}"),
    DataCode.TOO_LONG: _in_rows("{column} has more than {most} characters"),
    DataCode.TRUNCATED: _in_rows("{column} has more than {most} characters: the service drops the rest"),
    DataCode.QUOTE_IN_ID: _in_rows("{column} has a double quote"),
    DataCode.OUT_OF_RANGE: _in_rows("{column} is not from {least} to {most}"),
    DataCode.MILLISECONDS: _in_rows("{column} is in milliseconds: expected seconds since 1970"),
    DataCode.IN_THE_FUTURE: _in_rows("{column} is in the future"),
    DataCode.LINE_BREAK: _in_rows("{column} has a line break: expected one record in each line"),
    DataCode.RESERVED_WORD: _in_rows("{column} has the reserved keyword {word} as a value"),
    DataCode.FEW_RECORDS: "{found} interactions: an import needs {least}",
    DataCode.FEW_INTERACTIONS: _few_interactions,
    DataCode.FEW_USERS: "{found} users have two or more interactions: a training needs {least}, or 1% of all users",
    DataCode.MISSING_EVENT_TYPE: _missing_event_type,
    DataCode.MANY_CATEGORIES: "{column} has more than {most} categories: keep fewer, unless only filters use it",
    DataCode.MANY_EVENT_TYPES: "the data has {found} event types: the columns of the schema leave room for {most}",
    DataCode.LINE_NOT_JSON: _in_rows("the line is not JSON: {error}"),
    DataCode.LINE_NOT_AN_OBJECT: _in_rows("the line is not a JSON object"),
    DataCode.LINE_WITHOUT_MEMBERS: _without_members,
    DataCode.LINE_WITHOUT_VALUES: _without_values,
    DataCode.QUERY_OF_UNKNOWN: _in_rows("the Items dataset has no column {column}"),
    DataCode.QUERY_OF_TEXT: _in_rows("{column} is a textual column; a query uses numeric or categorical columns"),
    DataCode.TOO_MANY_LINES: _too_many_lines,
}
