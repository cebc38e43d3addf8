"""Symbols and colours of text output, and time spans and plurals. No other module has symbols or colours."""

from __future__ import annotations

from dataclasses import dataclass
from posixpath import normpath
from typing import Final

from personalize_gitops.model.action import Action
from personalize_gitops.render.lines import Line, line

SYMBOLS: Final = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.DELETE: "-",
    Action.SUCCESSOR: "+/-",
    Action.RECREATE: "-/+",
    Action.RUN: ">",
    Action.WAIT: "?",
    Action.ADOPT: "=",
    Action.FORGET: ".",
    Action.BLOCKED: "!",
    Action.KEEP: " ",
    Action.NONE: " ",
}

_CODES: Final = {"green": "32", "yellow": "33", "red": "31", "cyan": "36", "bold": "1", "dim": "2"}

_COLOURS: Final = {
    Action.CREATE: "green",
    Action.RUN: "cyan",
    Action.WAIT: "cyan",
    Action.ADOPT: "cyan",
    Action.FORGET: "cyan",
    Action.UPDATE: "yellow",
    Action.SUCCESSOR: "yellow",
    Action.RECREATE: "red",
    Action.DELETE: "red",
    Action.BLOCKED: "red",
}


@dataclass(frozen=True)
class Style:
    """The style of an output: coloured or plain text, and where links lead."""

    coloured: bool = False
    base: str = ""  # the address of the repository's files at this commit; "" if unknown: links are relative
    folder: str = ""  # the folder of the repository that the paths of manifests start from; "" if it is the root
    width: int = 0  # columns of the terminal, at which reasons wrap; 0: lines are not wrapped

    def path(self, file: str) -> str:
        """Return the path of a manifest in the repository."""
        return normpath(f"{self.folder}/{file}") if self.folder else file

    def paint(self, text: str, colour: str) -> Line:
        """Return `text` in a colour; without if the style has no colours."""
        plain = line(text)
        return Line(f"\x1b[{_CODES[colour]}m{plain}\x1b[0m") if self.coloured and plain else plain

    def of(self, action: Action, text: str) -> Line:
        """Return `text` in the colour of an action."""
        return self.paint(text, _COLOURS[action]) if action in _COLOURS else line(text)


PLAIN: Final = Style()


def span(seconds: float) -> str:
    """Return a time span for people: `45s`, `12m 5s`, `1h 32m`, `6d 3h`."""
    whole = round(seconds)
    units = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))
    for index, (unit, size) in enumerate(units):
        if whole >= size:
            rest, next_ = whole % size, units[index + 1 : index + 2]
            more = f" {rest // next_[0][1]}{next_[0][0]}" if next_ and rest // next_[0][1] else ""
            return f"{whole // size}{unit}{more}"
    return "0s"


def plural(count: int, word: str) -> str:
    """Return a count with its noun: `1 problem`, `2 problems`."""
    return f"{count} {word}{'' if count == 1 else 's'}"
