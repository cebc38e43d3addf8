"""Lines of output: the only place where text becomes a line, with its control characters escaped.

Names, values and messages come from manifests and from the service. Printed as they are, a newline in them could begin
a line of its own, such as `::error::…`, which GitHub takes for a command, and an escape sequence could move the cursor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import category

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})  # Unicode categories; bidirectional marks are Cf
_COMMAND = re.compile(r"^((?:\s|\x1b\[\d+m)*):(?=:)")  # GitHub ignores the white space before a command
OLD_COMMAND = re.compile(r"##(?=\w*\[)")  # GitHub's older form and that of Azure, in any place of a line


class Line(str):
    """A line that can be printed: no control characters except colours, and no command of a CI system."""

    __slots__ = ()


def line(*parts: str) -> Line:
    """Return a line of several parts. Invisible characters are escaped, except in parts that are a `Line`."""
    text = "".join(part if isinstance(part, Line) else escaped(part) for part in parts)
    return Line(OLD_COMMAND.sub(r"#\\x23", _COMMAND.sub(r"\1\\x3a", text)))


def escaped(text: str) -> str:
    r"""Return a text with invisible characters as escapes, such as `\n`, `\x1b` and `\u202e`."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    return character.encode("unicode_escape").decode() if is_invisible(character) else character


def is_invisible(character: str) -> bool:
    """Return whether a character is a control character, a line separator or has no glyph."""
    return category(character) in _INVISIBLE


def joined(lines: Iterable[Line]) -> str:
    """Return lines as one text; each ends with a newline."""
    return "".join(f"{each}\n" for each in lines)
