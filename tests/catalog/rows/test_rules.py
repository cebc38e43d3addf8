"""The rules of headers and values, each with its nearest neighbour."""

from __future__ import annotations

import pytest

from personalize_gitops.catalog.rows.rules import future_findings, header_findings, value_findings
from personalize_gitops.catalog.schemas import Field, parse
from personalize_gitops.model.problem_codes import DataCode as Code

SCHEMA = parse({"name": "Items", "fields": [{"name": "ITEM_ID", "type": "string"}, {"name": "PRICE", "type": "float"}]})
ID = Field("ITEM_ID", ("string",))
CATEGORY = Field("GENRES", ("string",), nullable=True, categorical=True)
TEXT = Field("DESCRIPTION", ("string",), nullable=True, textual=True)
TIME = Field("TIMESTAMP", ("long",))
NUMBER = Field("PRICE", ("float",), nullable=True)
FLAG = Field("NEW", ("boolean",), nullable=True)
VALUE, REPEATS = (Field(name, ("long",), nullable=True) for name in ("VALUE", "REPEAT_FREQUENCY"))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (ID, "", Code.EMPTY_CELL),
        (CATEGORY, "", None),
        (TIME, "noon", Code.WRONG_TYPE),
        (TIME, "1_000", Code.WRONG_TYPE),
        (TIME, "-5", None),
        (TIME, "1.5", Code.WRONG_TYPE),
        (NUMBER, "1.5", None),
        (NUMBER, "٣", None),
        (FLAG, "1", Code.WRONG_TYPE),
        (FLAG, "True", None),
        (ID, "i" * 257, Code.TOO_LONG),
        (ID, "i" * 256, None),
        (ID, 'i"1', Code.QUOTE_IN_ID),
        (CATEGORY, "x" * 1001, Code.TOO_LONG),
        (CATEGORY, "x" * 1000, None),
        (TEXT, "x" * 20_001, Code.TRUNCATED),
        (TEXT, "x" * 20_000, None),
        (TEXT, "two\nlines", Code.LINE_BREAK),
        (CATEGORY, "EVENT_TYPE", Code.RESERVED_WORD),
        (CATEGORY, "event_type", None),
        (TIME, "1596238243000", Code.MILLISECONDS),
        (TIME, "1596238243", None),
        (VALUE, "0", Code.OUT_OF_RANGE),
        (VALUE, "11", Code.OUT_OF_RANGE),
        (VALUE, "10", None),
        (REPEATS, "31", Code.OUT_OF_RANGE),
        (REPEATS, "30", None),
    ],
)
def test_values(field: Field, value: str, code: Code | None) -> None:
    """A wrong value is found with its row, between values that are right."""
    right = "1" if field.type != "boolean" else "true"
    found = list(value_findings(field, [right, value, right], [2, 3, 4], actions=True))

    assert [(each.code, each.column, list(each.records)) for each in found] == (
        [] if code is None else [(code, field.name, [3])]
    )


def test_values_of_other_datasets() -> None:
    """VALUE has a range in Actions datasets only."""
    assert list(value_findings(VALUE, ["11"], [2])) == []


@pytest.mark.parametrize(
    ("value", "rows"), [("1700000001", [2]), ("1700000000", []), ("1700000001000", []), ("999", []), ("", [])]
)
def test_times_in_the_future(value: str, rows: list[int]) -> None:
    """A time after now is found; one in milliseconds has a finding of its own."""
    assert [n for each in future_findings(TIME, [value], [2], 1_700_000_000) for n in each.records] == rows


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        (["ITEM_ID", "PRICE"], []),
        (["ITEM_ID"], [Code.MISSING_COLUMNS]),
        (["ITEM_ID", "PRICE", "ITEM_ID"], [Code.DUPLICATE_COLUMNS, Code.OTHER_ORDER]),
        (["ITEM_ID", "PRICE", "MORE"], [Code.EXTRA_COLUMNS]),
        (["PRICE", "ITEM_ID"], [Code.OTHER_ORDER]),
    ],
)
def test_headers(header: list[str], codes: list[Code]) -> None:
    """The names of the columns are those of the schema, each once and in its order."""
    assert [each.code for each in header_findings(header, SCHEMA, quoted=False)] == codes
