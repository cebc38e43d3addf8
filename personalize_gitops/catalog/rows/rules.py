"""The rules of headers and values (docs/service/1 §8.4, §9 and §10). Each yields the rows that break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from personalize_gitops.catalog.quotas import QUOTAS
from personalize_gitops.catalog.rows.findings import Finding
from personalize_gitops.catalog.rows.values import PARSERS, is_valid
from personalize_gitops.catalog.schemas import Field, Schema
from personalize_gitops.catalog.schemas.tables import KEYWORDS
from personalize_gitops.model.problem_codes import DataCode
from personalize_gitops.model.reason import Verbatim

_LONGEST_ID, _LONGEST = "characters of an id", "characters of a categorical value or impression"
_LONGEST_TEXT = "characters of a text"  # the service truncates longer ones (docs/service/1 §9)
_DIGITS_OF_MILLISECONDS = 12
_FIRST_MILLISECOND = 10.0**11  # in seconds it is in the year 5138
_IDS = ("USER_ID", "ITEM_ID", "ACTION_ID")
_PAST = ("TIMESTAMP", "CREATION_TIMESTAMP")
_TIMES = (*_PAST, "EXPIRATION_TIMESTAMP", "ACTION_EXPIRATION_TIMESTAMP")
_RANGES = {"VALUE": (1, 10), "REPEAT_FREQUENCY": (1, 30)}  # of actions (docs/service/1 §8.4)

Values = Sequence[str]
Limit = Callable[[str], int]  # the value of a quota


def usual_limit(name: str) -> int:
    """Return the default of a quota."""
    return QUOTAS[name].default


def header_findings(header: Sequence[str], schema: Schema, *, quoted: bool) -> Iterator[Finding]:
    """Yield what is wrong with the names of the columns."""
    wanted = [field.name for field in schema.fields]
    if missing := [name for name in wanted if name not in header]:
        yield _of_header(DataCode.MISSING_COLUMNS, missing)
    if len(set(header)) < len(header):
        yield _of_header(DataCode.DUPLICATE_COLUMNS, [name for name in dict.fromkeys(header) if header.count(name) > 1])
    if extra := [name for name in header if name not in schema.field]:
        yield _of_header(DataCode.EXTRA_COLUMNS, extra)
    if not missing and [name for name in header if name in schema.field] != wanted:
        yield _of_header(DataCode.OTHER_ORDER, wanted)
    if quoted:
        yield Finding(DataCode.QUOTED_HEADER, (1,))


def value_findings(
    field: Field, values: Values, records: Sequence[int], *, actions: bool = False, limit: Limit = usual_limit
) -> Iterator[Finding]:
    """Yield what is wrong with some values of a column. `actions`: it is one of an Actions dataset."""
    if not field.nullable and "" in values:
        yield _where(DataCode.EMPTY_CELL, field, values, records, lambda value: value == "")
    joined = "".join(values)
    if field.type == "string":
        yield from _text_findings(field, values, records, joined, limit)
    elif not (joined.isascii() and joined.isdigit() and field.numeric):
        yield from _type_findings(field, values, records)
    if field.name in _TIMES and max(map(len, values), default=0) >= _DIGITS_OF_MILLISECONDS:
        yield from _some(DataCode.MILLISECONDS, field, values, records, _in_milliseconds)
    if actions and field.name in _RANGES:
        low, high = _RANGES[field.name]
        within = {"least": low, "most": high}
        yield from _some(DataCode.OUT_OF_RANGE, field, values, records, lambda v: _is_outside(v, low, high), within)


def future_findings(field: Field, values: Values, records: Sequence[int], latest: int) -> Iterator[Finding]:
    """Yield times of events and creations after a time in epoch seconds; not those in milliseconds."""
    if field.name in _PAST and max(values, default="") > str(latest):  # a quick test: equally long numbers sort as text
        yield from _some(
            DataCode.IN_THE_FUTURE, field, values, records, lambda v: not _in_milliseconds(v) and _number(v) > latest
        )


def _of_header(code: DataCode, names: Sequence[str]) -> Finding:
    return Finding(code, (1,), params={"columns": tuple(map(Verbatim, names))})


def _type_findings(field: Field, values: Values, records: Sequence[int]) -> Iterator[Finding]:
    parse = PARSERS.get(field.type or "")
    if parse is not None and not _all_valid(parse, values):
        wrong = next(value for value in values if value and not is_valid(field.type, value))
        params = {"type": Verbatim(field.type), "value": Verbatim(wrong)}
        yield from _some(
            DataCode.WRONG_TYPE, field, values, records, lambda v: v != "" and not is_valid(field.type, v), params
        )


def _all_valid(parse: Callable[[str], object], values: Values) -> bool:
    """Return whether all values are null or valid; faster than `is_valid` for each."""
    try:
        for value in filter(None, values):
            parse(value)
            if "_" in value:
                return False
    except ValueError:
        return False
    return True


def _text_findings(
    field: Field, values: Values, records: Sequence[int], joined: str, limit: Limit
) -> Iterator[Finding]:
    longest = max(map(len, values), default=0)
    if field.name in _IDS:
        if '"' in joined:
            yield _where(DataCode.QUOTE_IN_ID, field, values, records, lambda value: '"' in value)
        yield from _too_long(field, values, records, longest, limit(_LONGEST_ID))
    elif field.categorical or field.name == "IMPRESSION":
        yield from _too_long(field, values, records, longest, limit(_LONGEST))
    elif field.textual:
        yield from _too_long(field, values, records, longest, limit(_LONGEST_TEXT), DataCode.TRUNCATED)
    if "\n" in joined or "\r" in joined:
        yield _where(DataCode.LINE_BREAK, field, values, records, lambda value: "\n" in value or "\r" in value)
    if not KEYWORDS.isdisjoint(values):
        word = next(value for value in values if value in KEYWORDS)
        params = {"word": Verbatim(word)}
        yield from _some(DataCode.RESERVED_WORD, field, values, records, KEYWORDS.__contains__, params)


def _too_long(
    field: Field,
    values: Values,
    records: Sequence[int],
    longest: int,
    most: int,
    code: DataCode = DataCode.TOO_LONG,
) -> Iterator[Finding]:
    if longest > most:
        yield from _some(code, field, values, records, lambda v: len(v) > most, {"most": most})


def _where(
    code: DataCode, field: Field, values: Values, records: Sequence[int], wrong: Callable[[str], bool]
) -> Finding:
    return Finding(code, [n for n, value in zip(records, values, strict=True) if wrong(value)], field.name)


def _some(
    code: DataCode,
    field: Field,
    values: Values,
    records: Sequence[int],
    wrong: Callable[[str], bool],
    params: Mapping[str, int | Verbatim] | None = None,
) -> Iterator[Finding]:
    found = [number for number, value in zip(records, values, strict=True) if wrong(value)]
    if found:
        yield Finding(code, found, field.name, params or {})


def _number(value: str) -> float:
    """Return a value as a number; 0 for null and for text, which has a finding of its own."""
    try:
        return float(value)
    except ValueError:
        return 0.0


def _in_milliseconds(value: str) -> bool:
    return _number(value) >= _FIRST_MILLISECOND


def _is_outside(value: str, low: int, high: int) -> bool:
    return value != "" and is_valid("double", value) and not low <= float(value) <= high
