"""CSV text is read as an import reads it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from personalize_gitops.catalog.rows.reading import CsvText
from personalize_gitops.model.problem_codes import DataCode

Rows = list[tuple[str, ...]]


def read(*lines: str) -> tuple[Rows, list[tuple[DataCode, Sequence[int]]]]:
    """Return the rows of a file, and what is wrong with others."""
    text = CsvText(lines)
    rows: Rows = []
    found: list[tuple[DataCode, Sequence[int]]] = []
    for chunk in text.chunks():
        rows += zip(*chunk.columns, strict=True)
        found += ((each.code, list(each.records)) for each in chunk.findings)
    return rows, found + ([(text.invalid.code, list(text.invalid.records))] if text.invalid else [])


@pytest.mark.parametrize(
    ("lines", "rows", "found"),
    [
        (["A,B\n", "1,2\n"], [("1", "2")], []),
        (["A,B\r\n", '1,"say \\"hi\\", \\\\"\r\n'], [("1", 'say "hi", \\')], []),
        (["A,B\n", '1,"two\n', 'lines"\n', "3,4\n"], [("1", "two\nlines"), ("3", "4")], []),
        (
            ["A,B\n", "1\n", "2,3\n", "4,5,6\n"],
            [("2", "3")],
            [(DataCode.WRONG_LENGTH, [2]), (DataCode.WRONG_LENGTH, [4])],
        ),
        (["A,B\n", "1,2\n", "\n", "\n"], [("1", "2")], []),
        (["A,B\n", "1,2\n", '"3"4,5\n'], [], [(DataCode.NOT_CSV, [3])]),
        ([], [], []),
    ],
    ids=["plain", "escaped", "line break", "lengths", "blank end", "no csv", "empty"],
)
def test_rows(lines: list[str], rows: Rows, found: list[tuple[DataCode, list[int]]]) -> None:
    """Rows of the right length are kept, and others are found with their numbers."""
    assert read(*lines) == (rows, found)


def test_a_blank_line_between_rows() -> None:
    """A blank line is a row without values, unless only blank lines follow; also at the end of a chunk."""
    lines = ["A,B\n", *["1,2\n"] * 499, "\n", "3,4\n"]

    rows, found = read(*lines)

    assert (len(rows), found) == (500, [(DataCode.WRONG_LENGTH, [501])])


def test_a_quoted_header() -> None:
    """Quotes around the names of columns are noticed."""
    assert CsvText(['"A",B\n']).quoted_header
    assert CsvText(['"A",B\n']).header == ["A", "B"]
    assert not CsvText(["A,B\n", '"1",2\n']).quoted_header
