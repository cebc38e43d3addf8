"""A terminal: stderr that shows what a person would see."""

from __future__ import annotations

import re
from io import StringIO

_PARTS = re.compile(r"\x1b\[(\d*)([A-Za-z])|(\r)|(\n)|([^\x1b\r\n]+)")


class Screen(StringIO):
    """A stream that is a terminal. Colours are left out of what it shows."""

    terminal = True

    def isatty(self) -> bool:
        """Return whether the stream is a terminal; a test can let it be a file."""
        return self.terminal

    @property
    def rows(self) -> list[str]:
        """The rows that are shown, after everything that was written."""
        rows, row, column = [""], 0, 0
        for number, command, back, down, text in _PARTS.findall(self.getvalue()):
            match command:
                case "A":
                    row -= int(number)
                case "J":
                    rows[row:] = [rows[row][:column]]
            if back or down:
                column = 0
            if down:
                row += 1
                rows += [""] * (row + 1 - len(rows))
            if text:
                rows[row] = rows[row][:column].ljust(column) + text + rows[row][column + len(text) :]
                column += len(text)
        assert row >= 0
        return rows
