"""From a folder of manifests and the name of a target to the desired state."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from personalize_gitops.errors import InvalidChoice, ManifestError
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.checking import checked, place_at
from personalize_gitops.manifest.documents import DocumentReader
from personalize_gitops.manifest.given import with_given
from personalize_gitops.manifest.ignores import Ignore, ignores_in, split, unused
from personalize_gitops.manifest.masking import FoundSecrets, masked_in_documents, masked_in_project, secrets_at
from personalize_gitops.manifest.nodes import (
    Budget,
    Flaws,
    MappingNode,
    Node,
    SequenceNode,
    file_of,
    member_at,
    pairs,
    parsed,
    patched,
    place_of,
    text_at,
    text_of,
)
from personalize_gitops.manifest.project import Project, ProjectSpec, Target
from personalize_gitops.manifest.reading import Roots, roots_of
from personalize_gitops.manifest.references import by_address, undeclared
from personalize_gitops.manifest.renaming import renaming_problems
from personalize_gitops.manifest.severities import with_levels
from personalize_gitops.manifest.states import shared_states, state_folder
from personalize_gitops.manifest.targets import namesakes, target_problems
from personalize_gitops.manifest.values import Builder
from personalize_gitops.manifest.walking import Walk
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem, Severity, did_you_mean, in_reading_order
from personalize_gitops.model.problem_codes import ManifestCode, Remedy
from personalize_gitops.model.reason import Path as Field
from personalize_gitops.model.reason import Reason, Source, Verbatim, because
from personalize_gitops.model.resource import Resource

TARGETS = "targets"  # the folder of patches
PROJECT = "Project"
BASELINE = "drift-baseline.yaml"  # beside the project file; only `drift` and `validate` read it


@dataclass(frozen=True)
class Loaded:
    """A project for one of its targets."""

    project: Project
    folder: Path  # of the project file: its relative paths begin here
    target_name: str
    target: Target
    desired: Desired
    state: Path  # the folder for the state of the embedded emulator
    warnings: tuple[Problem[Source], ...] = ()
    ignores: tuple[Ignore, ...] = ()  # of all files
    used: frozenset[Ignore] = frozenset()  # those that ignore any problem for the target
    given: Mapping[str, str] = field(default_factory=dict)  # the texts of variables, instead of those of the project

    def told(self, problems: Iterable[Problem[Source]]) -> tuple[Problem[Source], ...]:
        """Return other problems of these manifests, as the project and the comments in the files want them told."""
        return in_reading_order(split(with_levels(problems, self.project.spec.lint), self.ignores)[0])


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


@dataclass
class _Files:
    """The documents in the files of a folder, by target; the key None has those for all targets."""

    unsaved: Mapping[Path, str]
    nodes: dict[str | None, list[Node]] = field(default_factory=dict)
    baselines: list[Path] = field(default_factory=list)
    problems: list[Problem[Source]] = field(default_factory=list)
    ignores: list[Ignore] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Suspend garbage collection: there are many nodes and no garbage, and with it, reading takes twice as long."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@_without_collection()
def load(
    folder: Path,
    target: str | None = None,
    variables: Mapping[str, str] | None = None,
    env: Mapping[str, str] = os.environ,
) -> Loaded:
    """Read the manifests in a folder for a target (the project's default target when None).

    `variables` has the texts of variables that are given instead of those of the project.

    Raises ManifestError with every problem in them, InvalidChoice if the folder or the target does not exist.
    """
    manifests = replace(read_folder(folder, env), given=variables or {})
    loaded = for_target(manifests, target, env)
    return loaded if len(manifests.project.spec.targets) > 1 else _with_unused([loaded])[0]


@_without_collection()
def load_all(
    folder: Path, variables: Mapping[str, str] | None = None, env: Mapping[str, str] = os.environ
) -> list[Loaded]:
    """Read the manifests for every target. Raises ManifestError with the problems of all targets."""
    manifests = replace(read_folder(folder, env), given=variables or {})
    loaded: list[Loaded] = []
    problems: list[Problem[Source]] = []
    for name in sorted(manifests.project.spec.targets):
        try:
            loaded.append(for_target(manifests, name, env))
        except ManifestError as error:
            problems += error.problems
    same = namesakes({each.target_name: (each.target, each.desired) for each in loaded}, manifests.project_node)
    shared, used = split(with_levels(same, manifests.project.spec.lint), manifests.ignores)
    if problems or _refused(shared):
        problems += (warning for each in loaded for warning in each.warnings)
        raise ManifestError(in_reading_order([*problems, *shared]))
    first, *others = loaded
    first = replace(first, warnings=in_reading_order([*first.warnings, *shared]), used=first.used | used)
    return _with_unused([first, *others])


def _with_unused(loaded: list[Loaded]) -> list[Loaded]:
    """Return the manifests for every target, with warnings about comments that ignore nothing for any of them."""
    first, *others = loaded
    used = frozenset[Ignore]().union(*(each.used for each in loaded))
    found = with_levels(unused(first.ignores, used), first.project.spec.lint)
    return [replace(first, warnings=in_reading_order([*first.warnings, *found])), *others]


def read_folder(folder: Path, env: Mapping[str, str], unsaved: Mapping[Path, str] | None = None) -> Manifests:
    """Read every file of a folder and find the project. Raises ManifestError if the project is missing or invalid.

    `unsaved` has the contents of files that are not written yet, by path.
    """
    if not (folder.is_dir() or unsaved):
        raise InvalidChoice("--manifests", str(folder), because(ManifestCode.NO_FOLDER), Reason(Remedy.BEGIN_WITH_INIT))
    files = _Files(unsaved or {})
    walk = Walk(roots_of(folder), files.problems)
    _read_files(walk.files([folder]) if folder.is_dir() else [], folder, files)
    _read_files((path for path in files.unsaved if path.suffix == ".yaml"), folder, files)
    found = [node for node in files.nodes.get(None, ()) if text_at(node, "kind") == PROJECT]
    problems: list[Problem[Source]] = []
    secrets: FoundSecrets = {}
    project = _project(found, env, walk.roots, problems, secrets)
    roots = _roots_with(project, found, walk.roots)
    _read_links(walk, roots, folder, files)
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


def _read_links(walk: Walk, roots: Roots, folder: Path, files: _Files) -> None:
    """Read the files behind links out of the usual folders, and tell each link that may not be followed."""
    again = Walk(roots, files.problems)
    _read_files(again.files(walk.outside), folder, files)
    for path in again.outside:
        reason = because(ManifestCode.FILE_OUTSIDE, file=Verbatim(path))
        files.problems.append(
            Problem(reason, Source(str(path)), suggestion=Reason(Remedy.ADD_FILE_ROOT), subject=str(path))
        )


def _read_files(paths: Iterable[Path], folder: Path, files: _Files) -> None:
    """Read files, and add their documents and problems."""
    for path in paths:
        if path.name == BASELINE:
            files.baselines.append(path)
            continue
        inside = path.relative_to(folder).parts
        target = inside[1] if inside[0] == TARGETS and len(inside) > 2 else None
        try:
            text = files.unsaved[path] if path in files.unsaved else text_of(path)
            documents = parsed(text, str(path), files.budget)
        except ManifestError as error:
            files.problems += error.problems
            continue
        ignores = ignores_in(text, str(path), documents)
        files.ignores += ignores.valid
        files.problems += ignores.problems
        flaws = Flaws()
        for node in documents:
            flawed = [Problem(reason, place_of(at), subject=_subject(node, path)) for at, reason in flaws.of(node)]
            files.problems += flawed
            if flaws.ended:
                break
            if not flawed:
                files.nodes.setdefault(target, []).append(node)


def _baselines_elsewhere(baselines: list[Path], project: Node) -> Iterator[Problem[Source]]:
    """Yield the problems of drift baselines that would have no effect, because they are not beside the project file."""
    folder = Path(file_of(project)).parent
    for path in (path for path in baselines if path.parent != folder):
        reason = because(ManifestCode.BASELINE_ELSEWHERE, folder=Verbatim(folder))
        yield Problem(reason, Source(str(path)), subject=str(path))


def _subject(node: Node, path: Path) -> str:
    address = _address(node)
    return str(address) if address else str(path)


def _patches_without_target(patches: Mapping[str, tuple[Node, ...]], project: Project) -> Iterator[Problem[Source]]:
    """Yield the problems of patches for a target that does not exist: they would have no effect."""
    for name, nodes in patches.items():
        if name not in project.spec.targets:
            file = file_of(nodes[0])
            reason = because(ManifestCode.UNKNOWN_TARGET, target=Verbatim(name))
            remedy = did_you_mean(name, project.spec.targets)
            yield Problem(reason, Source(file), suggestion=remedy, subject=file)


def _project(
    found: list[Node],
    env: Mapping[str, str],
    roots: Roots,
    problems: list[Problem[Source]],
    secrets: FoundSecrets,
) -> Project | None:
    """Return the project and add its secrets; if it is missing or invalid, add its problems and return None."""
    if not found:
        return None
    first, *others = found
    for again in others:
        reason = because(ManifestCode.SECOND_PROJECT, first=place_of(first))
        problems.append(Problem(reason, place_of(again), suggestion=Reason(Remedy.ONE_PROJECT), subject=PROJECT))
    # The variables of the project are for documents; its own values can use only the environment.
    late = frozenset(map(id, _notified(first)))
    builder = Builder(_Unfilled(), env, PROJECT, problems, late=late, roots=roots)
    project = checked(Project, builder.value(first), first, PROJECT, problems)
    secrets.update(builder.secrets_of(first))
    problems[:] = masked_in_project(problems, secrets)
    if project is None:
        return None
    named: list[tuple[str, ...]] = [("spec", "defaults", "replace", kind) for kind in project.spec.defaults.replace]
    for name, target in project.spec.targets.items():
        named += [("spec", "targets", name, "limits", "waits", kind) for kind in target.limits.waits]
        named += [("spec", "targets", name, "limits", "quotas", kind) for kind in target.limits.quotas]
    for path in (path for path in named if path[-1] not in KINDS):
        kind, at = path[-1], Field(path)
        reason = because(ManifestCode.NO_SUCH_KIND, kind=Verbatim(kind))
        remedy = did_you_mean(kind, KINDS)
        problems.append(Problem(reason, place_at(first, at), suggestion=remedy, subject=PROJECT, field=at))
    default = project.spec.default_target
    if default is not None and default not in project.spec.targets:
        field = Field(("spec", "defaultTarget"))
        reason = because(ManifestCode.UNKNOWN_TARGET, target=Verbatim(default))
        remedy = did_you_mean(default, project.spec.targets)
        problems.append(Problem(reason, place_at(first, field), suggestion=remedy, subject=PROJECT, field=field))
    return project


def _notified(project: Node) -> Iterator[Any]:
    """Yield the nodes of the URLs that are notified. Whoever only plans need not have them."""
    targets = member_at(project, ("spec", "targets"))
    for _, target in pairs(targets) if isinstance(targets, MappingNode) else ():
        urls = member_at(target, ("notify",))
        yield from urls.value if isinstance(urls, SequenceNode) else ()


class _Unfilled(dict[str, Any]):
    """Variables whose value is the variable itself, to be filled in later."""

    asked = False  # whether one was used

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        self.asked = True
        return f"$${{{name}}}"


def _problems_without_target(nodes: tuple[Node, ...], env: Mapping[str, str], roots: Roots) -> list[Problem[Source]]:
    """Return the problems of the documents that do not depend on the project's variables."""
    problems: list[Problem[Source]] = []
    for node in nodes:
        variables = _Unfilled()
        reader = DocumentReader(KINDS, Builder(variables, env, roots=roots), Target())
        reader.read(node)
        if not variables.asked:
            problems += reader.problems
    return problems


def for_target(manifests: Manifests, name: str | None, env: Mapping[str, str]) -> Loaded:
    """Return the manifests with the patches and variables of a target."""
    spec = manifests.project.spec
    chosen = _chosen(spec, name)
    target = spec.targets[chosen]
    problems = list(manifests.problems)
    nodes = _with_patches(manifests, chosen, problems)
    secret = {
        **secrets_at(("spec", "variables"), manifests.secrets),
        **dict.fromkeys(target.variables, frozenset[str]()),
    }
    secret |= secrets_at(("spec", "targets", chosen, "variables"), manifests.secrets)
    variables, unsaved = with_given({**spec.variables, **target.variables}, manifests.given), manifests.unsaved
    builder = Builder(
        variables, env, problems=problems, secret_variables=secret, unsaved=unsaved, roots=manifests.roots
    )
    reader = DocumentReader(KINDS, builder, target, spec.tags, secrets_at(("spec", "tags"), manifests.secrets))
    documents, unread = _documents(nodes, reader)
    documents = {address: _of_kind(document, reader.extended) for address, document in documents.items()}
    if not manifests.problems:  # a file that could not be read may declare what a reference names
        problems += masked_in_documents(undeclared(documents, unread), documents)
    problems += masked_in_documents(renaming_problems(documents), documents)
    desired = Desired(
        project=manifests.project.name,
        documents=by_address(documents),
        kinds={**KINDS, **reader.extended},
        tags=spec.tags,
        replace=spec.defaults.replace,
        target=chosen,
        manage=target.manage,
        renamed_from=manifests.project.renamed_from,
        region=target.region,
        quotas=target.limits.quotas,
    )
    if not _refused(problems):
        from personalize_gitops.lint import lint

        against = (problem for problem in lint(desired) if problem.severity is not Severity.INFO)
        problems += target_problems(chosen, target, manifests.project_node)
        problems += masked_in_documents(against, documents)
    told, used = split(with_levels(problems, spec.lint), manifests.ignores)
    found = in_reading_order(told)
    if _refused(found):
        raise ManifestError(found)
    folder = Path(file_of(manifests.project_node)).parent
    state = state_folder(chosen, target, folder, manifests.folder)
    return Loaded(
        manifests.project, folder, chosen, target, desired, state, found, manifests.ignores, used, manifests.given
    )


def _refused(problems: Iterable[Problem[Source]]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _chosen(spec: ProjectSpec, name: str | None) -> str:
    """Return the name of the target to read the manifests for."""
    known = tuple(map(Verbatim, sorted(spec.targets)))
    chosen = name or spec.default_target or (known[0] if len(known) == 1 else None)
    if chosen is None:
        raise InvalidChoice("--target", "", because(ManifestCode.NO_TARGET, known=known))
    if chosen not in spec.targets:
        remedy = did_you_mean(chosen, spec.targets) or because(Remedy.USE_ONE_OF, names=known)
        reason = because(ManifestCode.UNKNOWN_TARGET, target=Verbatim(chosen))
        raise InvalidChoice("--target", chosen, reason, remedy)
    return chosen


def _documents(nodes: list[Node], reader: DocumentReader) -> tuple[dict[Address, Document], frozenset[Address]]:
    """Return the valid documents by address, and the addresses of those with problems."""
    documents: dict[Address, Document] = {}
    unread: set[Address] = set()
    for node in nodes:
        document, address = reader.read(node), _address(node)
        if document is None:
            unread.update({address} if address else ())
        elif document.address in documents:  # two names that are the same once their variables are filled in
            reader.problems.append(_twice(document.address, node, documents[document.address].source))
        else:
            documents[document.address] = document
    return documents, frozenset(unread)


def _of_kind(document: Document, extended: Mapping[str, type[Resource]]) -> Document:
    """Return a document whose kind has the members that any document of the kind has."""
    kind = extended.get(document.address.kind_name)
    return replace(document, kind=kind) if kind else document


def _twice(address: Address, again: Node, first: Source) -> Problem[Source]:
    return Problem(because(ManifestCode.DECLARED_TWICE, first=first), place_of(again), subject=str(address))


def _with_patches(manifests: Manifests, target: str, problems: list[Problem[Source]]) -> list[Node]:
    """Return the documents with the patches of the target. Adds problems of patches and of repeated documents."""
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
            problems.append(_without_document(patch, address, nodes))
    return list(nodes.values())


def _without_document(patch: Node, address: Address | None, nodes: Mapping[Address | int, Node]) -> Problem[Source]:
    """Return the problem of a patch whose document is not declared."""
    if address is None:
        return Problem(because(ManifestCode.PATCH_WITHOUT_NAME), place_of(patch), subject=file_of(patch))
    remedy = did_you_mean(str(address), [str(known) for known in nodes if isinstance(known, Address)])
    reason = because(ManifestCode.PATCH_WITHOUT_DOCUMENT, document=address)
    return Problem(reason, place_of(patch), suggestion=remedy, subject=str(address))


def _address(node: Node) -> Address | None:
    kind, name = text_at(node, "kind"), text_at(node, "name")
    return Address(kind, name) if kind and name else None
