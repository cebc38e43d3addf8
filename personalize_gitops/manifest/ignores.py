"""Comments that ignore the problems of one line: `# personalize-gitops: ignore PG204 because of the trial`.

A comment at the end of a line is for that line. A comment on a line of its own is for the next line that is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from personalize_gitops.manifest.nodes import MappingNode, ScalarNode, SequenceNode
from personalize_gitops.manifest.severities import why_not_set
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, Severity
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import Reason, Source, Verbatim, because

_MARK = "personalize-gitops: ignore"
_COMMENT = re.compile(rf"(?:^|(?<=\s))#\s*{_MARK}\b[ \t]*(?P<check>[^\s#]*)[ \t]*(?P<reason>.*)$")
_BY_OPTION = "PG9"  # checks of data files run only with an option, so their ignores may be unused without it


@dataclass(frozen=True)
class Ignore:
    """A comment that ignores the problems of a check at a line."""

    place: Source  # of the comment
    line: int  # that it is for
    check: Check


@dataclass(frozen=True)
class Ignores:
    """The comments in a text that ignore problems, and the problems of those that are not right."""

    valid: Sequence[Ignore] = ()
    problems: Sequence[Problem[Source]] = ()


def ignores_in(text: str, file: str, documents: Sequence[Any]) -> Ignores:
    """Return the comments of a file. `documents` are its nodes: what looks like a comment in a value is none."""
    if _MARK not in text:
        return Ignores()
    valid: list[Ignore] = []
    problems: list[Problem[Source]] = []
    lines = text.split("\n")
    for index, found in _comments(lines, documents):
        place = Source(file, index + 1, found.start() + 1)
        if wrong := _why_invalid(found):
            problems.append(Problem(wrong, place, subject=file))
        else:
            valid.append(Ignore(place, _line_of(index, lines), Check[found["check"]]))
    return Ignores(valid, problems)


def _comments(lines: Sequence[str], documents: Sequence[Any]) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield each comment with the index of its line."""
    found = [(index, match) for index, line in enumerate(lines) if _MARK in line and (match := _COMMENT.search(line))]
    values = [scalar for node in documents for scalar in _scalars(node, set())] if found else []
    for index, match in found:
        at = (index, match.start())
        if not any(start <= at < end for start, end in values):
            yield index, match


def _scalars(node: Any, seen: set[int]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Yield where each scalar begins and ends, as indexes of lines and columns."""
    if id(node) in seen:
        return
    seen.add(id(node))
    match node:
        case ScalarNode():
            start, end = node.start_mark, node.end_mark
            yield (start.line, start.column), (end.line, end.column)
        case SequenceNode():
            for item in node.value:
                yield from _scalars(item, seen)
        case MappingNode():
            for pair in node.value:
                for part in pair:
                    yield from _scalars(part, seen)


def _why_invalid(found: re.Match[str]) -> Reason | None:
    if not found["check"] or not found["reason"].strip():
        return because(ManifestCode.IGNORE_WITHOUT_REASON)
    return why_not_set(found["check"])


def _line_of(index: int, lines: Sequence[str]) -> int:
    """Return the number of the line that a comment is for: its own, or the next that is no such comment."""
    if not lines[index].lstrip().startswith("#"):
        return index + 1
    while index < len(lines) and _COMMENT.match(lines[index].lstrip()):
        index += 1
    return index + 1


def split(
    problems: Iterable[Problem[Source]], ignores: Iterable[Ignore]
) -> tuple[list[Problem[Source]], frozenset[Ignore]]:
    """Return the problems that no comment ignores, and the comments that ignore any of the others."""
    by_place: dict[tuple[str, int, Check | None], list[Ignore]] = {}
    for ignore in ignores:
        by_place.setdefault((ignore.place.file, ignore.line, ignore.check), []).append(ignore)
    told: list[Problem[Source]] = []
    used: set[Ignore] = set()
    for problem in problems:
        found = by_place.get((problem.place.file, problem.place.line, problem.check))
        if found:
            used.update(found)
        else:
            told.append(problem)
    return told, frozenset(used)


def unused(ignores: Iterable[Ignore], used: frozenset[Ignore]) -> Iterator[Problem[Source]]:
    """Yield a warning for each comment that ignores nothing."""
    for ignore in ignores:
        if ignore not in used and not ignore.check.startswith(_BY_OPTION):
            reason = because(ManifestCode.UNUSED_IGNORE, check=Verbatim(ignore.check))
            yield Problem(reason, ignore.place, Severity.WARNING, subject=ignore.place.file)
