"""From a folder of manifests and the name of a target to what is desired."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from personalize_gitops.errors import ManifestError, UsageError
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.checking import checked, place_at
from personalize_gitops.manifest.documents import DocumentReader
from personalize_gitops.manifest.nodes import Node, file_of, flaws, patched, place_of, read, text_at
from personalize_gitops.manifest.project import Project, ProjectSpec, Target
from personalize_gitops.manifest.references import by_address, dangling
from personalize_gitops.manifest.values import Builder
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.diagnostics import Problem, did_you_mean
from personalize_gitops.model.reason import Source

TARGETS = "targets"  # the folder of patches
PROJECT = "Project"


@dataclass(frozen=True)
class Loaded:
    """A project as it is for one of its targets."""

    project: Project
    folder: Path  # of the project file: what relative paths in it start from
    target_name: str
    target: Target
    desired: Desired


@dataclass(frozen=True)
class Manifests:
    """Every document of a folder, as nodes."""

    folder: Path
    project_node: Node
    project: Project
    nodes: tuple[Node, ...]
    patches: Mapping[str, tuple[Node, ...]]  # by target
    problems: tuple[Problem, ...]  # of files and documents that could not be read


@dataclass
class _Files:
    """What the files of a folder hold; those for one target by the target's name."""

    nodes: dict[str | None, list[Node]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load(folder: Path, target: str | None = None, env: Mapping[str, str] = os.environ) -> Loaded:
    """What the manifests in a folder ask for, for a target (the project's default when None).

    Raises ManifestError with every problem in them, UsageError when there is no such target.
    """
    return for_target(read_folder(folder, env), target, env)


def load_all(folder: Path, env: Mapping[str, str] = os.environ) -> list[Loaded]:
    """The manifests for every target. Raises ManifestError with the problems of all of them."""
    manifests = read_folder(folder, env)
    loaded: list[Loaded] = []
    problems: dict[Problem, None] = {}
    for name in sorted(manifests.project.spec.targets):
        try:
            loaded.append(for_target(manifests, name, env))
        except ManifestError as error:
            problems.update(dict.fromkeys(error.problems))
    if problems:
        raise ManifestError(sorted(problems))
    return loaded


def read_folder(folder: Path, env: Mapping[str, str]) -> Manifests:
    """Every file of a folder, and the project among them. Raises ManifestError when the project cannot be told."""
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}; --manifests names another")
    files = _read_files(folder)
    nodes = files.nodes.pop(None, [])
    rest = tuple(node for node in nodes if text_at(node, "kind") != PROJECT)
    found = [node for node in nodes if text_at(node, "kind") == PROJECT]
    problems: list[Problem] = []
    project = _project(found, env, problems)
    if project is None or problems:
        if not found and not files.problems:
            shown = str(folder / "project.yaml")
            problems.append(Problem(Source(shown), shown, "no `kind: Project` document is among the manifests"))
        problems += [*files.problems, *_problems_without_target(rest, env)]
        raise ManifestError(sorted(set(problems)))
    patches = {name: tuple(patches) for name, patches in files.nodes.items() if name is not None}
    strays = _strays(patches, project)
    return Manifests(folder, found[0], project, rest, patches, (*files.problems, *strays))


def _read_files(folder: Path) -> _Files:
    files = _Files()
    for path in _paths(folder, files.problems):
        inside = path.relative_to(folder).parts
        target = inside[1] if inside[0] == TARGETS and len(inside) > 2 else None
        try:
            found = read(path)
        except ManifestError as error:
            files.problems += error.problems
            continue
        for node in found:
            flawed = [Problem(place_of(at), _subject(node, path), fact) for at, fact in flaws(node)]
            files.problems += flawed
            if not flawed:
                files.nodes.setdefault(target, []).append(node)
    return files


def _paths(folder: Path, problems: list[Problem]) -> list[Path]:
    """Every YAML file of a folder, links that lead nowhere included: what cannot be read must not pass for absent."""

    def refused(error: OSError) -> None:
        problems.append(Problem(Source(error.filename), error.filename, f"cannot be read: {error.strerror}"))

    found: list[Path] = []
    for directory, folders, names in os.walk(folder, onerror=refused, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(directory, name) for name in names if not name.startswith("."))
        found += [path for path in paths if path.suffix in {".yaml", ".yml"} and (path.is_file() or path.is_symlink())]
    return sorted(found)


def _subject(node: Node, path: Path) -> str:
    address = _address(node)
    return str(address) if address else str(path)


def _strays(patches: Mapping[str, tuple[Node, ...]], project: Project) -> Iterator[Problem]:
    """Patches for a target that does not exist would never be applied, in silence."""
    for name, nodes in patches.items():
        if name not in project.spec.targets:
            fact = f'there is no target "{name}"'
            at = Source(file_of(nodes[0]))
            yield Problem(at, at.file, fact, did_you_mean(name, project.spec.targets))


def _project(found: list[Node], env: Mapping[str, str], problems: list[Problem]) -> Project | None:
    """The project, if there is one and its document is in order."""
    if not found:
        return None
    first, *others = found
    problems += [
        Problem(place_of(again), PROJECT, f"a second project; the first is at {place_of(first)}") for again in others
    ]
    # Variables of the file are for documents; its own values may only read the environment.
    builder = Builder(_Unfilled(), env, PROJECT, problems)
    project = checked(Project, builder.value(first), first, PROJECT, problems)
    if project is None:
        return None
    for kind in project.spec.defaults.replace.keys() - KINDS.keys():
        at = place_at(first, ("spec", "defaults", "replace", kind))
        problems.append(Problem(at, PROJECT, f'there is no kind "{kind}"', did_you_mean(kind, KINDS)))
    default = project.spec.default_target
    if default is not None and default not in project.spec.targets:
        at = place_at(first, ("spec", "defaultTarget"))
        fact = f'defaultTarget: there is no target "{default}"'
        problems.append(Problem(at, PROJECT, fact, did_you_mean(default, project.spec.targets)))
    return project


class _Unfilled(dict[str, Any]):
    """Every variable stands for its own spelling, to be filled in later."""

    asked = False  # whether one was

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        self.asked = True
        return f"$${{{name}}}"


def _problems_without_target(nodes: tuple[Node, ...], env: Mapping[str, str]) -> list[Problem]:
    """What is wrong with the documents even before the project says how to fill them in."""
    problems: list[Problem] = []
    for node in nodes:
        variables = _Unfilled()
        reader = DocumentReader(KINDS, Builder(variables, env), Target())
        reader.read(node)
        if not variables.asked:
            problems += reader.problems
    return problems


def for_target(manifests: Manifests, name: str | None, env: Mapping[str, str]) -> Loaded:
    """The manifests with a target's patches and variables."""
    spec = manifests.project.spec
    chosen = _chosen(spec, name)
    target = spec.targets[chosen]
    problems = list(manifests.problems)
    nodes = _with_patches(manifests, chosen, problems)
    builder = Builder({**spec.variables, **target.variables}, env, problems=problems)
    reader = DocumentReader(KINDS, builder, target, spec.tags)
    documents, unread = _documents(nodes, reader)
    if not manifests.problems:  # what a reference leads to may stand in what could not be read
        problems += dangling(documents, unread)
    desired = Desired(manifests.project.name, by_address(documents), KINDS, spec.tags, spec.defaults.replace, chosen)
    if not problems:
        from personalize_gitops.lint import lint

        problems += lint(desired)
    if problems:
        raise ManifestError(sorted(set(problems)))
    return Loaded(manifests.project, Path(file_of(manifests.project_node)).parent, chosen, target, desired)


def _chosen(spec: ProjectSpec, name: str | None) -> str:
    """The target that is meant."""
    known = ", ".join(sorted(spec.targets))
    chosen = name or spec.default_target or (known if len(spec.targets) == 1 else None)
    if chosen is None:
        raise UsageError(f"which target? --target names one of {known}")
    if chosen not in spec.targets:
        remedy = did_you_mean(chosen, spec.targets)
        raise UsageError(f'there is no target "{chosen}"; {remedy or f"there are {known}"}')
    return chosen


def _documents(nodes: list[Node], reader: DocumentReader) -> tuple[dict[Address, Document], frozenset[Address]]:
    """The documents by address, and the addresses of those with problems of their own."""
    documents: dict[Address, Document] = {}
    unread: set[Address] = set()
    for node in nodes:
        document, address = reader.read(node), _address(node)
        if document is None:
            unread.update({address} if address else ())
        elif document.address in documents:  # two names with variables in them came to the same
            reader.problems.append(_twice(document.address, node, documents[document.address].source))
        else:
            documents[document.address] = document
    return documents, frozenset(unread)


def _twice(address: Address, again: Node, first: Source) -> Problem:
    return Problem(place_of(again), str(address), f"declared twice; the first is at {first}")


def _with_patches(manifests: Manifests, target: str, problems: list[Problem]) -> list[Node]:
    """The documents, each with the target's patches merged in; what is declared twice is a problem."""
    nodes: dict[Address | int, Node] = {}
    for node in manifests.nodes:
        address = _address(node)
        if address in nodes:
            problems.append(_twice(address, node, place_of(nodes[address])))
        else:
            nodes[address or id(node)] = node
    for patch in manifests.patches.get(target, ()):
        address = _address(patch)
        if address in nodes:
            nodes[address] = patched(nodes[address], patch)
        elif not manifests.problems:
            problems.append(_homeless(patch, address, nodes))
    return list(nodes.values())


def _homeless(patch: Node, address: Address | None, nodes: Mapping[Address | int, Node]) -> Problem:
    """A patch without the document it changes."""
    if address is None:
        return Problem(
            place_of(patch), file_of(patch), "a patch names the kind and the name of the document it changes"
        )
    named = [str(known) for known in nodes if isinstance(known, Address)]
    fact = f"a patch needs the document it changes; no {address} is declared"
    return Problem(place_of(patch), str(address), fact, did_you_mean(str(address), named))


def _address(node: Node) -> Address | None:
    kind, name = text_at(node, "kind"), text_at(node, "name")
    return Address(kind, name) if kind and name else None
