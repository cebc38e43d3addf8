"""From a folder of manifests and the name of a target to what is desired."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from personalize_gitops.errors import ManifestError, UsageError
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.checking import checked, place_at
from personalize_gitops.manifest.documents import DocumentReader
from personalize_gitops.manifest.nodes import Node, file_of, patched, place_of, read, text_at
from personalize_gitops.manifest.project import Project, Target
from personalize_gitops.manifest.references import dangling
from personalize_gitops.manifest.values import Builder
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.diagnostics import Problem, Source, did_you_mean

TARGETS = "targets"  # the folder of patches


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
    """Every file of a folder, and the project among them."""
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder}; --manifests names another")
    problems: list[Problem] = []
    nodes: list[Node] = []
    patches: dict[str, tuple[Node, ...]] = {}
    for path in _files(folder):
        try:
            found = read(path)
        except ManifestError as error:
            problems += error.problems
            continue
        inside = path.relative_to(folder).parts
        if inside[0] == TARGETS and len(inside) > 2:
            patches[inside[1]] = (*patches.get(inside[1], ()), *found)
        else:
            nodes += found
    project = _project(folder, nodes, env, problems)
    rest = tuple(node for node in nodes if text_at(node, "kind") != "Project")
    if project is None or problems:
        problems += _problems_without_target(rest, env)
        raise ManifestError(sorted(set(problems)))
    return Manifests(folder, project[0], project[1], rest, patches)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix in {".yaml", ".yml"} and path.is_file() and not hidden:
            yield path


def _project(
    folder: Path, nodes: list[Node], env: Mapping[str, str], problems: list[Problem]
) -> tuple[Node, Project] | None:
    found = [node for node in nodes if text_at(node, "kind") == "Project"]
    if not found:
        shown = str(folder / "project.yaml")
        problems.append(Problem(Source(shown), shown, "no `kind: Project` document is among the manifests"))
        return None
    for again in found[1:]:
        problems.append(Problem(place_of(again), "Project", f"a second project; the first is at {place_of(found[0])}"))
    # Variables of the file are for documents; its own values may only read the environment.
    builder = Builder(_Unfilled(), env, "Project")
    value = builder.value(found[0])
    problems += builder.problems
    project = checked(Project, value, found[0], "Project", problems)
    if project is None:
        return None
    for kind in project.spec.defaults.replace.keys() - KINDS.keys():
        at = place_at(found[0], ("spec", "defaults", "replace", kind))
        problems.append(Problem(at, "Project", f'there is no kind "{kind}"', did_you_mean(kind, KINDS)))
    default = project.spec.default_target
    if default is not None and default not in project.spec.targets:
        at = place_at(found[0], ("spec", "defaultTarget"))
        fact = f'defaultTarget: there is no target "{default}"'
        problems.append(Problem(at, "Project", fact, did_you_mean(default, project.spec.targets)))
    return found[0], project


class _Unfilled(dict[str, Any]):
    """Every variable stands for its own spelling, to be filled in later."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        return f"$${{{name}}}"


def _problems_without_target(nodes: tuple[Node, ...], env: Mapping[str, str]) -> list[Problem]:
    """What is wrong with the documents even before the project says how to fill them in."""
    reader = DocumentReader(KINDS, Builder(_Unfilled(), env), Target())
    for node in nodes:
        reader.read(node)
    return reader.problems


def for_target(manifests: Manifests, name: str | None, env: Mapping[str, str]) -> Loaded:
    """The manifests with a target's patches and variables."""
    spec = manifests.project.spec
    chosen = name or spec.default_target or (next(iter(spec.targets)) if len(spec.targets) == 1 else None)
    if chosen is None:
        raise UsageError(f"which target? --target names one of {', '.join(sorted(spec.targets))}")
    if chosen not in spec.targets:
        raise UsageError(f'there is no target "{chosen}"; there are {", ".join(sorted(spec.targets))}')
    target = spec.targets[chosen]
    problems: list[Problem] = []
    nodes = _with_patches(manifests, chosen, problems)
    builder = Builder({**spec.variables, **target.variables}, env, problems=problems)
    reader = DocumentReader(KINDS, builder, target, spec.tags)
    documents: dict[Address, Document] = {}
    unread: set[Address] = set()
    for node in nodes:
        document = reader.read(node)
        address = _address(node)
        if document:
            documents[document.address] = document
        elif address:
            unread.add(address)
    problems += dangling(documents, frozenset(unread))
    desired = Desired(manifests.project.name, documents, KINDS, spec.tags, spec.defaults.replace)
    if not problems:
        from personalize_gitops.lint import lint

        problems += lint(desired)
    if problems:
        raise ManifestError(sorted(set(problems)))
    return Loaded(manifests.project, Path(file_of(manifests.project_node)).parent, chosen, target, desired)


def _with_patches(manifests: Manifests, target: str, problems: list[Problem]) -> list[Node]:
    """The documents, each with the target's patches merged in; what is declared twice is a problem."""
    nodes: dict[Address | int, Node] = {}
    for node in manifests.nodes:
        address = _address(node)
        if address in nodes:
            first = place_of(nodes[address])
            problems.append(Problem(place_of(node), str(address), f"declared twice; the first is at {first}"))
        else:
            nodes[address or id(node)] = node
    for patch in manifests.patches.get(target, ()):
        address = _address(patch)
        if address is None or address not in nodes:
            named = [str(known) for known in nodes if isinstance(known, Address)]
            fact = "a patch needs the document it changes" + (f"; no {address} is declared" if address else "")
            problems.append(Problem(place_of(patch), str(address), fact, did_you_mean(str(address), named)))
        else:
            nodes[address] = patched(nodes[address], patch)
    return list(nodes.values())


def _address(node: Node) -> Address | None:
    kind, name = text_at(node, "kind"), text_at(node, "name")
    return Address(kind, name) if kind and name else None
