"""The manifests of a folder as nodes: the project, the documents, and the patches of each target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from personalize_gitops.errors import InvalidChoice, ManifestError
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.documents import DocumentReader
from personalize_gitops.manifest.finding_project import PROJECT, Unfilled, project_of
from personalize_gitops.manifest.folder_files import FolderFiles
from personalize_gitops.manifest.ignores import Ignore
from personalize_gitops.manifest.masking import FoundSecrets
from personalize_gitops.manifest.nodes import Node, file_of, text_at
from personalize_gitops.manifest.project import Project, Target
from personalize_gitops.manifest.reading import Roots
from personalize_gitops.manifest.states import shared_states
from personalize_gitops.manifest.values import Builder
from personalize_gitops.model.problem import Problem, did_you_mean, in_reading_order
from personalize_gitops.model.problem_codes import ManifestCode, Remedy
from personalize_gitops.model.reason import Reason, Source, Verbatim, because


@dataclass(frozen=True)
class Manifests:
    """The documents of a folder, as nodes."""

    folder: Path
    project_node: Node
    project: Project
    nodes: tuple[Node, ...]
    patches: Mapping[str, tuple[Node, ...]]  # by target
    problems: tuple[Problem[Source], ...]  # of files and documents that could not be read
    ignores: tuple[Ignore, ...]
    secrets: FoundSecrets  # of the project
    roots: Roots  # of the files that documents may name
    unsaved: Mapping[Path, str] = field(default_factory=dict)  # contents of files that are not written yet
    given: Mapping[str, str] = field(default_factory=dict)  # the texts of variables, instead of those of the project


def read_folder(folder: Path, env: Mapping[str, str], unsaved: Mapping[Path, str] | None = None) -> Manifests:
    """Read every file of a folder and find the project. Raises ManifestError if the project is missing or invalid.

    `unsaved` has the contents of files that are not written yet, by path.
    """
    if not (folder.is_dir() or unsaved):
        raise InvalidChoice("--manifests", str(folder), because(ManifestCode.NO_FOLDER), Reason(Remedy.BEGIN_WITH_INIT))
    files = FolderFiles(folder, unsaved or {})
    usual = files.read()
    found = [node for node in files.nodes.get(None, ()) if text_at(node, "kind") == PROJECT]
    problems: list[Problem[Source]] = []
    secrets: FoundSecrets = {}
    project = project_of(found, env, usual, problems, secrets)
    roots = _roots_with(project, found, usual)
    files.read_links(roots)
    if project is not None:
        problems += shared_states(project.spec.targets, found[0], folder)
    rest = tuple(node for node in files.nodes.pop(None, ()) if text_at(node, "kind") != PROJECT)
    if project is None or problems:
        if not found and not files.problems:
            problems.append(_without_project(folder, rest))
        problems += [*files.problems, *_problems_without_target(rest, env, roots)]
        raise ManifestError(in_reading_order(problems))
    patches = {name: tuple(patches) for name, patches in files.nodes.items() if name is not None}
    stray = [*_patches_without_target(patches, project), *_baselines_elsewhere(files.baselines, found[0])]
    return Manifests(
        folder,
        found[0],
        project,
        rest,
        patches,
        (*files.problems, *stray),
        tuple(files.ignores),
        secrets,
        roots,
        files.unsaved,
    )


def _without_project(folder: Path, others: Sequence[Node]) -> Problem[Source]:
    """Return the problem of a folder without a project."""
    file = str(folder / "project.yaml")
    reason = Reason(ManifestCode.NO_PROJECT if others else ManifestCode.NO_MANIFESTS)
    return Problem(reason, Source(file), suggestion=Reason(Remedy.BEGIN_WITH_INIT), subject=file)


def _roots_with(project: Project | None, found: Sequence[Node], roots: Roots) -> Roots:
    """Return the folders whose files the manifests may name: the usual ones, and those that the project adds."""
    added = [Path(file_of(found[0])).parent / name for name in project.spec.file_roots] if project else []
    return roots.and_(added)


def _baselines_elsewhere(baselines: list[Path], project: Node) -> Iterator[Problem[Source]]:
    """Yield the problems of drift baselines that would have no effect, because they are not beside the project file."""
    folder = Path(file_of(project)).parent
    for path in (path for path in baselines if path.parent != folder):
        reason = because(ManifestCode.BASELINE_ELSEWHERE, folder=Verbatim(folder))
        yield Problem(reason, Source(str(path)), subject=str(path))


def _patches_without_target(patches: Mapping[str, tuple[Node, ...]], project: Project) -> Iterator[Problem[Source]]:
    """Yield the problems of patches for a target that does not exist: they would have no effect."""
    for name, nodes in patches.items():
        if name not in project.spec.targets:
            file = file_of(nodes[0])
            reason = because(ManifestCode.UNKNOWN_TARGET, target=Verbatim(name))
            remedy = did_you_mean(name, project.spec.targets)
            yield Problem(reason, Source(file), suggestion=remedy, subject=file)


def _problems_without_target(nodes: tuple[Node, ...], env: Mapping[str, str], roots: Roots) -> list[Problem[Source]]:
    """Return the problems of the documents that do not depend on the project's variables."""
    problems: list[Problem[Source]] = []
    for node in nodes:
        variables = Unfilled()
        reader = DocumentReader(KINDS, Builder(variables, env, roots=roots), Target())
        reader.read(node)
        if not variables.asked:
            problems += reader.problems
    return problems
