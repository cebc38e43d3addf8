"""A column of a table that is kept as numbers, because a dataset can have millions of rows.

A column of whole numbers, such as timestamps, is an array of them. Any other column is an array of positions in the
list of its different values: ids and event types repeat.
"""

from array import array
from collections.abc import Iterator, Sequence
from typing import overload


class Column(Sequence[str]):
    """The values of one column: texts, like those of a list. They compare by identity."""

    def __init__(self, values: "array[int]", texts: Sequence[str] = ()) -> None:
        self.values = values  # the numbers themselves, or positions in `texts` if there are any
        self.texts = texts

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, number: int) -> str: ...
    @overload
    def __getitem__(self, number: slice) -> list[str]: ...
    def __getitem__(self, number: int | slice) -> str | list[str]:
        if isinstance(number, slice):
            return list(self._texts(self.values[number]))
        value = self.values[number]
        return self.texts[value] if self.texts else str(value)

    def __iter__(self) -> Iterator[str]:
        return self._texts(self.values)

    def _texts(self, values: "array[int]") -> Iterator[str]:
        return map(self.texts.__getitem__, values) if self.texts else map(str, values)
