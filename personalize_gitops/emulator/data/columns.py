"""Rows that are kept by column, because a dataset can have millions of them; see `models.column`."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, islice
from typing import overload

from personalize_gitops.emulator.models import Column

Row = tuple[str, ...]
_CHUNK = 500  # rows that are converted at a time; more make Python search for garbage
_DIGITS = 18  # a number of so many fits into 64 bits


class Rows(Sequence[Row]):
    """Rows that never change, so that tables and snapshots share them. They compare by identity."""

    def __init__(self, columns: Sequence[Column], count: int) -> None:
        self.columns, self._count = columns, count

    @staticmethod
    def of(rows: Iterable[Row], width: int) -> "Rows":
        """Return rows of `width` values by column. ValueError or TypeError if they are not of this form."""
        builder = RowsBuilder(width)
        builder.add_rows(rows)
        return builder.rows()

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, number: int) -> Row: ...
    @overload
    def __getitem__(self, number: slice) -> list[Row]: ...
    def __getitem__(self, number: int | slice) -> Row | list[Row]:
        if isinstance(number, int):
            return tuple([column[number] for column in self.columns])
        start, end, _ = number.indices(self._count)
        return list(zip(*(column[start:end] for column in self.columns), strict=True))

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, self._count, _CHUNK):
            yield from self[start : start + _CHUNK]

    def column(self, number: int) -> Column:
        """Return the values of a column."""
        return self.columns[number]

    def chosen(self, kept: Sequence[bool]) -> "Rows":
        """Return the rows of which `kept` says so."""
        return self.at(list(compress(range(self._count), kept)))

    def last_of_each(self, number: int) -> "Rows":
        """Return the last row of each value of a column, in the order of the first ones."""
        last = {value: position for position, value in enumerate(self.column(number))}
        return self if len(last) == len(self) else self.at(list(last.values()))

    def at(self, positions: Sequence[int]) -> "Rows":
        """Return the rows at some positions, in their order."""

        def chosen(column: Column) -> Column:
            return Column(array(column.values.typecode, map(column.values.__getitem__, positions)), column.texts)

        return Rows([chosen(column) for column in self.columns], len(positions))

    def extended(self, more: Sequence[Row]) -> "Rows":
        """Return these rows and more."""
        if not more:
            return self
        builder = RowsBuilder(len(self.columns), self)
        builder.add_rows(more)
        return builder.rows()

    def arranged(self, numbers: Sequence[int | None]) -> "Rows":
        """Return rows with the columns of these numbers; None is a column of nulls."""
        blank = Column(array("i", bytes(4 * self._count)), ("",))
        return Rows([blank if number is None else self.columns[number] for number in numbers], self._count)


class RowsBuilder:
    """Collects rows, after those that there are."""

    def __init__(self, width: int, first: Rows | None = None) -> None:
        columns = first.columns if first is not None else [Column(array("q"))] * width
        self._columns = [_ColumnBuilder(column) for column in columns]
        self._count = len(first) if first is not None else 0

    def add(self, columns: Sequence[Sequence[str]]) -> None:
        """Add rows, given by column. ValueError or TypeError if their form is another one."""
        for builder, values in zip(self._columns, columns, strict=True):
            builder.add(values)
        self._count += len(columns[0]) if columns else 0

    def add_rows(self, rows: Iterable[Row]) -> None:
        """Add rows. ValueError or TypeError if their form is another one."""
        left = iter(rows)
        while chunk := list(islice(left, _CHUNK)):
            self.add(list(zip(*chunk, strict=True)))

    def rows(self) -> Rows:
        """Return the rows. Nothing can be added afterwards."""
        return Rows([builder.column() for builder in self._columns], self._count)

    def __len__(self) -> int:
        return self._count


class _ColumnBuilder:
    """Collects the values of a column: as numbers, as long as all of them are."""

    def __init__(self, first: Column) -> None:
        self._codes = {text: position for position, text in enumerate(first.texts)}
        self._positions = first.values[:] if first.texts else array("i")
        self._numbers: array[int] | None = None if first.texts else first.values[:]

    def add(self, values: Sequence[str]) -> None:
        if self._numbers is not None and _are_numbers(values):
            self._numbers.fromlist(list(map(int, values)))
            return
        if self._numbers is not None:
            self._add_texts(list(map(str, self._numbers)))
            self._numbers = None
        self._add_texts(values)

    def _add_texts(self, values: Sequence[str]) -> None:
        codes = self._codes
        for text in dict.fromkeys(values):
            if text not in codes:
                # A copy: a text of a chunk would keep the memory of its neighbours from being used again.
                codes[(text + " ")[:-1]] = len(codes)
        self._positions.fromlist(list(map(codes.__getitem__, values)))

    def column(self) -> Column:
        return Column(self._positions, list(self._codes)) if self._numbers is None else Column(self._numbers)


def _are_numbers(values: Sequence[str]) -> bool:
    """Return whether all values are whole numbers that convert to the same text again, such as 17 but not 017."""
    joined = "".join(values)
    # The least text has the least first character. None of them is empty, and none begins with 0.
    return joined.isascii() and joined.isdigit() and min(values) >= "1" and max(map(len, values)) <= _DIGITS
