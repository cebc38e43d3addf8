"""Choices that are kept, so that a random history can be written to a file and played again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

FOLDER = Path(".hypothesis/histories")
"""Where a failing history is written: one file for each promise, the last history that broke it."""


@dataclass
class Picks:
    """Chooses by a source of numbers, and keeps what it chose; `story` tells the history to people."""

    number: Callable[[int], int]  # below the given one
    taken: list[int] = field(default_factory=list)
    story: list[str] = field(default_factory=list)

    def __call__(self, options: Sequence[T], /) -> T:
        self.taken.append(self.number(len(options)))
        return options[self.taken[-1]]

    def tell(self, line: str) -> None:
        self.story.append(line)


def write(picks: Picks, promise: str, how: str, folder: Path | None = None) -> Path:
    """Write a history that broke a promise, and return its file."""
    path = (folder or FOLDER) / f"{promise.replace(' ', '-')}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"broken": how, "picks": picks.taken, "story": picks.story}, indent=1))
    return path


def read(path: Path) -> Picks:
    """Return the picks of a written history. After its end each pick is the first option."""
    numbers = iter(json.loads(path.read_text())["picks"])
    return Picks(lambda below: next(numbers, 0) % below)
