"""Reasons: why something is decided, as a code with parameters. `render/reasons.py` turns them into sentences.

A code is a member of a closed vocabulary and says for people when it is used. Parameters are values with a type, never
prose of ours, so that every format can show them in its own way and no reader has to parse a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Self

from personalize_gitops.model.address import Address


class Code(StrEnum):
    """Base of every vocabulary of reasons. A member's value is for machines, its `about` explains it to people."""

    about: str

    def __new__(cls, value: str, about: str) -> Self:
        """Attach the explanation to the member."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.about = about
        return member


class Verbatim(str):
    """Text from outside, passed on as it is: an AWS name, a value of a manifest, a message of the service."""

    __slots__ = ()


class Path(tuple[str | int, ...]):
    """The members and indexes that lead to a place in a document: `solutionConfig.hpoConfig`, `fields[3]`."""

    __slots__ = ()

    def __truediv__(self, step: str | int) -> Path:
        """The path of a member or element of what this path leads to."""
        return Path((*self, step))

    def __str__(self) -> str:
        return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self).lstrip(".")


@dataclass(frozen=True, order=True, slots=True)
class Source:
    """A place in a manifest file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and the values its sentence names. Make one with `because`, which checks the values."""

    code: Code
    params: Mapping[str, Param | tuple[Param, ...]] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.code, frozenset(self.params.items())))


Param = Address | Path | Source | Verbatim | Reason | Enum | timedelta | bool | int | float
"""What a reason may be about. Several values of one sort make a tuple; a member of a `Code` stands for its sentence."""

_PARAMS = (Address, Path, Source, Verbatim, Reason, Enum, timedelta, bool, int, float)


def because(code: Code, **params: Param | tuple[Param, ...]) -> Reason:
    """The reason of a code. Raises TypeError for a parameter that is prose or of no known type."""
    for name, value in params.items():
        several = value if isinstance(value, tuple) and not isinstance(value, Path) else (value,)
        if wrong := [one for one in several if not isinstance(one, _PARAMS)]:
            raise TypeError(f"{code}: {name} is a {type(wrong[0]).__name__}")
    return Reason(code, MappingProxyType(params))
