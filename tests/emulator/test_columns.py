"""Rows that are kept by column give back what they were given."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from personalize_gitops.emulator.data.columns import Row, Rows

VALUES = st.sampled_from(
    ["", "0", "7", "17", "017", "-1", "+1", "1.5", "1_0", "٣", "²", "a", "\ud800", "9" * 18, "9" * 19]
)
WIDTH = 2
ROWS = st.lists(st.tuples(VALUES, VALUES), max_size=6)


@given(ROWS, ROWS, st.data())
def test_any_rows(first: list[Row], more: list[Row], data: st.DataObject) -> None:
    """Rows of any texts, extended, chosen and arranged, are what the same steps on lists give."""
    rows, expected = Rows.of(first, WIDTH).extended(more), first + more
    kept = [data.draw(st.booleans()) for _ in expected]
    positions = [number for number, chosen in enumerate(kept) if chosen][::-1]

    assert (rows[:], list(rows), [rows[n] for n in range(len(rows))]) == (expected, expected, expected)
    assert [[*rows.column(n)] for n in range(WIDTH)] == [[row[n] for row in expected] for n in range(WIDTH)]
    assert rows.chosen(kept)[:] == [row for row, chosen in zip(expected, kept, strict=True) if chosen]
    assert rows.at(positions)[:] == [expected[n] for n in positions]
    assert rows.arranged([1, None, 0])[:] == [(two, "", one) for one, two in expected]


def test_rows_do_not_change() -> None:
    """Rows that others extend stay as they are, so that a training keeps its data."""
    rows = Rows.of([("1", "a")], WIDTH)

    longer = rows.extended([("x", "b")])

    assert (rows[:], longer[:]) == ([("1", "a")], [("1", "a"), ("x", "b")])


def test_more_rows_than_are_converted_at_a_time() -> None:
    """A late value that is no number changes the form of a column, not its values."""
    expected = [(str(number), "a") for number in range(1, 2001)] + [("last", "b")]

    assert Rows.of(expected, WIDTH)[:] == expected


def test_millions_of_rows_fit() -> None:
    """An interaction needs less than 30 bytes beside the texts that differ, instead of 600 as a tuple of texts."""
    count = 20_000
    rows = [(f"u{number % 50}", f"{1_600_000_000 + number}") for number in range(count)]
    tracemalloc.start()
    try:
        kept = Rows.of(rows, WIDTH)
        bytes_of_rows, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(kept) == count
    assert bytes_of_rows / count < 30
