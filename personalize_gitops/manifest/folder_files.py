"""The files in a folder of manifests: their documents as nodes, and what is wrong with the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest.ignores import Ignore, ignores_in
from personalize_gitops.manifest.nodes import Budget, Flaws, Node, address_of, parsed, place_of, text_of
from personalize_gitops.manifest.reading import Roots, roots_of
from personalize_gitops.manifest.walking import Walk
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.problem_codes import ManifestCode, Remedy
from personalize_gitops.model.reason import Reason, Source, Verbatim, because

TARGETS = "targets"  # the folder of patches
BASELINE = "drift-baseline.yaml"  # beside the project file; only `drift` and `validate` read it


@dataclass
class FolderFiles:
    """The documents in the files of a folder, by target; the key None has those for all targets."""

    folder: Path
    unsaved: Mapping[Path, str]  # contents of files that are not written yet
    nodes: dict[str | None, list[Node]] = field(default_factory=dict)
    baselines: list[Path] = field(default_factory=list)
    problems: list[Problem[Source]] = field(default_factory=list)
    ignores: list[Ignore] = field(default_factory=list)
    outside: Sequence[Path] = ()  # links out of the usual folders
    _budget: Budget = field(default_factory=Budget)

    def read(self) -> Roots:
        """Read the files below the usual folders, and return these."""
        walk = Walk(roots_of(self.folder), self.problems)
        self._read(walk.files([self.folder]) if self.folder.is_dir() else [])
        self._read(path for path in self.unsaved if path.suffix == ".yaml")
        self.outside = walk.outside
        return walk.roots

    def read_links(self, roots: Roots) -> None:
        """Read the files behind links out of the usual folders, and tell each link that may not be followed."""
        walk = Walk(roots, self.problems)
        self._read(walk.files(self.outside))
        for path in walk.outside:
            reason, remedy = because(ManifestCode.FILE_OUTSIDE, file=Verbatim(path)), Reason(Remedy.ADD_FILE_ROOT)
            self.problems.append(Problem(reason, Source(str(path)), suggestion=remedy, subject=str(path)))

    def _read(self, paths: Iterable[Path]) -> None:
        """Read files, and add their documents and problems."""
        for path in paths:
            if path.name == BASELINE:
                self.baselines.append(path)
                continue
            try:
                text = self.unsaved[path] if path in self.unsaved else text_of(path)
                documents = parsed(text, str(path), self._budget)
            except ManifestError as error:
                self.problems += error.problems
                continue
            ignores = ignores_in(text, str(path), documents)
            self.ignores += ignores.valid
            self.problems += ignores.problems
            self._add(path, documents)

    def _add(self, path: Path, documents: Iterable[Node]) -> None:
        """Add the documents of a file up to the first that goes too far, and the flaws of those that have some."""
        flaws = Flaws()
        for node in documents:
            subject = str(address_of(node) or path)
            flawed = [Problem(reason, place_of(at), subject=subject) for at, reason in flaws.of(node)]
            self.problems += flawed
            if flaws.ended:
                break
            if not flawed:
                self.nodes.setdefault(self._target_of(path), []).append(node)

    def _target_of(self, path: Path) -> str | None:
        """Return the target whose patches a file has; None for a file with documents."""
        inside = path.relative_to(self.folder).parts
        return inside[1] if inside[0] == TARGETS and len(inside) > 2 else None
