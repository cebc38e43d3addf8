"""The lines of manifests that problems are at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import ValueCode
from personalize_gitops.model.reason import Source

_LONGEST = 4096  # characters of a line that are read


def lines_of(problems: Iterable[Problem[Source]], folder: Path) -> Mapping[Source, str]:
    """Return the line of each problem by its place.

    Lines with a secret are left out, and so are files outside of the folder that has the manifests folder: a link must
    not make this program print what is in them.
    """
    found = list(problems)
    secret = {_line(problem) for problem in found if problem.reason.code is ValueCode.LITERAL_URL}
    wanted: dict[str, dict[int, list[Source]]] = {}
    for problem in found:
        if _line(problem) not in secret:
            wanted.setdefault(problem.place.file, {}).setdefault(problem.place.line, []).append(problem.place)
    root = folder.resolve().parent
    return {
        place: line
        for file, places in wanted.items()
        for number, line in _read(Path(file), places, root).items()
        for place in places[number]
    }


def _line(problem: Problem[Source]) -> tuple[str, int]:
    return problem.place.file, problem.place.line


def _read(path: Path, numbers: Iterable[int], root: Path) -> dict[int, str]:
    """Return lines of a file by their numbers; none of a file that cannot be read or lies elsewhere."""
    wanted = set(numbers)
    found: dict[int, str] = {}
    try:
        if not (path.is_file() and path.resolve().is_relative_to(root)):
            return {}
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            for number in range(1, max(wanted) + 1):
                line = file.readline()
                if number in wanted and line:
                    found[number] = line[:_LONGEST].rstrip("\r\n")
    except OSError:
        return {}
    return found
