"""Finding the files of manifests in a folder, through symbolic links that end and stay where they may lead."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from personalize_gitops.manifest.nodes import unreadable
from personalize_gitops.manifest.reading import Roots
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import Reason, Source, because

_MOST_FOLDERS = 10_000
_ENDINGS = {".yaml", ".yml"}


@dataclass
class Walk:
    """Walks through folders, and collects what is wrong with them."""

    roots: Roots
    problems: list[Problem[Source]]
    outside: list[Path] = field(default_factory=list)  # links that lead out of the roots; they are not followed
    _walked: int = 0

    def files(self, start: Iterable[Path]) -> list[Path]:
        """Return every YAML file below some paths. Broken links count: unreadable files must not look like missing."""
        found: list[Path] = []
        waiting = [(path, os.path.abspath(path), frozenset[str]()) for path in start]
        while waiting:
            path, at, above = waiting.pop()
            real = os.path.realpath(at)
            if os.path.islink(at) and not self.roots.hold(real):
                self.outside.append(path)
            elif not os.path.isdir(real):
                found += [path] if path.suffix in _ENDINGS else []
            elif self._may_enter(path, real, above):
                inside = self._inside(path, real)
                waiting += [(path / name, os.path.join(real, name), above | {real}) for name in inside]
        return sorted(found)

    def _may_enter(self, folder: Path, real: str, above: frozenset[str]) -> bool:
        """Return whether a folder is new on its path and one of not too many; add the problem if it is not."""
        self._walked += 1
        if real in above:
            self._problem(folder, Reason(ManifestCode.LINK_TO_ITSELF))
        elif self._walked == _MOST_FOLDERS + 1:
            self._problem(folder, because(ManifestCode.TOO_MANY_FOLDERS, most=_MOST_FOLDERS))
        return real not in above and self._walked <= _MOST_FOLDERS

    def _inside(self, folder: Path, real: str) -> Iterator[str]:
        """Yield the names of the folders and YAML files in a folder, without hidden ones."""
        try:
            with os.scandir(real) as entries:
                for entry in entries:
                    is_of_use = Path(entry.name).suffix in _ENDINGS or os.path.isdir(entry.path)
                    if is_of_use and not entry.name.startswith("."):
                        yield entry.name
        except OSError as error:
            self.problems.append(unreadable(str(folder), error))

    def _problem(self, folder: Path, reason: Reason) -> None:
        self.problems.append(Problem(reason, Source(str(folder)), subject=str(folder)))
