"""Problems: the finding of a check, with its place, severity and remedy.

`catalog` finds problems at paths of a schema, `filters` at characters of an expression, `manifest` and `lint` at places
in files. `model/problem_codes` lists every reason a problem can have, `render/problems.py` has the sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as member
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar

from personalize_gitops.model.address import Address
from personalize_gitops.model.checks import CHECKS, Check
from personalize_gitops.model.nearest import nearest
from personalize_gitops.model.problem_codes import Remedy, Shape
from personalize_gitops.model.reason import Path, Reason, Source, Verbatim, because


class Severity(StrEnum):
    """The severity of a problem."""

    ERROR = "error"  # the service or this program refuses it, as far as documented
    WARNING = "warning"  # likely a mistake, or a rule that the documentation leaves open
    INFO = "info"  # worth knowing, nothing to repair


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """The characters `text[start:end]` of a text."""

    start: int
    end: int


P = TypeVar("P", Source, Path, Span)
_WHOLE = Path()


@dataclass(frozen=True, slots=True)
class Problem(Generic[P]):
    """A problem at one place: in a file, at a path of a JSON document, or at characters of a text.

    The members after `suggestion` are set once the problem has a place in a file.
    """

    reason: Reason
    place: P
    severity: Severity = Severity.ERROR
    suggestion: Reason | None = None  # what to do about it
    subject: str = ""  # the address of the document, or the file where there is no address
    field: Path = _WHOLE  # the field of the document; empty for all of it
    character: int | None = None  # in the field's text, from 1, if `place` is only that of the field
    check: Check | None = None  # the check that found it; by default the one of the reason

    def __post_init__(self) -> None:
        """Find the check of the reason, if none is named."""
        if self.check is None:
            object.__setattr__(self, "check", CHECKS.get(self.reason.code))

    def moved_to(
        self, source: Source, subject: str, field: Path, check: Check, character: int | None = None
    ) -> Problem[Source]:
        """Return the problem at a place in a file."""
        return Problem(self.reason, source, self.severity, self.suggestion, subject, field, character, check)


@dataclass(frozen=True)
class DataSummary:
    """What the declared imports of a dataset have."""

    dataset: Address
    rows: int
    event_types: tuple[tuple[str, int], ...] = ()  # with the number of rows of each, the most frequent first


@dataclass(frozen=True)
class ValidationReport:
    """The result of `validate`."""

    document: ClassVar[str] = "validation"
    problems: tuple[Problem[Source], ...]  # warnings included
    documents: int = 0
    targets: tuple[str, ...] = ()
    lines: Mapping[Source, str] = member(default_factory=dict)  # of the manifests, where the problems are
    data: tuple[DataSummary, ...] = ()  # of the data files, if they were read
    every: bool = False  # the text tells each problem, not only the first of many that are alike

    @property
    def valid(self) -> bool:
        """Whether no problem is an error."""
        return all(problem.severity is not Severity.ERROR for problem in self.problems)


def in_reading_order(problems: Iterable[Problem[Source]]) -> tuple[Problem[Source], ...]:
    """Return the problems sorted by file, line and column, each once."""
    return tuple(
        sorted(
            dict.fromkeys(problems),
            key=lambda problem: (problem.place, problem.subject, str(problem.field), problem.reason.code),
        )
    )


def did_you_mean(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> Reason | None:
    """Return the suggestion of the candidate nearest to a misspelt word; None if none is near enough."""
    near = nearest(word, candidates, cutoff)
    return because(Remedy.DID_YOU_MEAN, candidate=Verbatim(near)) if near else None


def use_instead(text: str) -> Reason:
    """Return the suggestion to write `text` instead."""
    return because(Remedy.USE_INSTEAD, instead=Verbatim(text))


def use_one_of(names: Iterable[str]) -> Reason | None:
    """Return the suggestion to use one of some names; None if there are none."""
    found = tuple(map(Verbatim, names))
    return because(Remedy.USE_ONE_OF, names=found) if found else None


def given(value: object) -> Shape | Verbatim | bool | int | float:
    """Return a value of a document as the parameter of a reason: a scalar itself, any other value as its shape."""
    match value:
        case None:
            return Shape.NOTHING
        case bool() | int() | float():
            return value
        case Mapping():
            return Shape.MAPPING
        case list() | tuple():
            return Shape.LIST
        case _:
            return Verbatim(value)
