"""From the manifests of a folder and the name of a target to the desired state."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from personalize_gitops.errors import InvalidChoice, ManifestError
from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.documents import DocumentReader
from personalize_gitops.manifest.folder import Manifests, read_folder
from personalize_gitops.manifest.given import with_given
from personalize_gitops.manifest.ignores import Ignore, split, unused
from personalize_gitops.manifest.masking import masked_in_documents, secrets_at
from personalize_gitops.manifest.nodes import Node, address_of, file_of, patched, place_of
from personalize_gitops.manifest.project import Project, ProjectSpec, Target
from personalize_gitops.manifest.references import by_address, undeclared
from personalize_gitops.manifest.renaming import renaming_problems
from personalize_gitops.manifest.severities import with_levels
from personalize_gitops.manifest.states import state_folder
from personalize_gitops.manifest.targets import namesakes, target_problems
from personalize_gitops.manifest.values import Builder
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem, Severity, did_you_mean, in_reading_order, use_one_of
from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import Source, Verbatim, because
from personalize_gitops.model.resource import Resource


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


def for_target(manifests: Manifests, name: str | None, env: Mapping[str, str]) -> Loaded:
    """Return the manifests with the patches and variables of a target. Raises ManifestError with their problems."""
    project = manifests.project
    chosen = _chosen(project.spec, name)
    target = project.spec.targets[chosen]
    problems = list(manifests.problems)
    desired, is_whole = _desired(manifests, chosen, env, problems)
    if is_whole:
        problems += target_problems(chosen, target, manifests.project_node)
        problems += masked_in_documents(_found_by_lint(desired), desired.documents)
    told, used = split(with_levels(problems, project.spec.lint), manifests.ignores)
    found = in_reading_order(told)
    if _refused(found):
        raise ManifestError(found)
    folder = Path(file_of(manifests.project_node)).parent
    state = state_folder(chosen, target, folder, manifests.folder)
    return Loaded(project, folder, chosen, target, desired, state, found, manifests.ignores, used, manifests.given)


def _desired(
    manifests: Manifests, chosen: str, env: Mapping[str, str], problems: list[Problem[Source]]
) -> tuple[Desired, bool]:
    """Return the desired state of a target, of the documents that are valid, and whether all are.

    Adds the problems of the others. Without them, checks of documents beside each other would find what is not missing.
    """
    spec, target = manifests.project.spec, manifests.project.spec.targets[chosen]
    nodes = _with_patches(manifests, chosen, problems)
    builder = _builder(manifests, chosen, env, problems)
    secrets = secrets_at(("spec", "tags"), manifests.secrets)
    reader = DocumentReader(KINDS, builder, target, spec.tags, secrets, manifests.project_node)
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
        account=None if target.emulator or target.endpoint_url else target.account,
        quotas=target.limits.quotas,
    )
    return desired, len(documents) == len(nodes) and not _refused(manifests.problems)


def _builder(manifests: Manifests, chosen: str, env: Mapping[str, str], problems: list[Problem[Source]]) -> Builder:
    """Return what fills in the variables of a target."""
    of_project, of_target = manifests.project.spec.variables, manifests.project.spec.targets[chosen].variables
    secret = {
        **secrets_at(("spec", "variables"), manifests.secrets),
        **dict.fromkeys(of_target, frozenset[str]()),
        **secrets_at(("spec", "targets", chosen, "variables"), manifests.secrets),
    }
    return Builder(
        with_given({**of_project, **of_target}, manifests.given),
        env,
        problems=problems,
        secret_variables=secret,
        unsaved=manifests.unsaved,
        roots=manifests.roots,
    )


def _found_by_lint(desired: Desired) -> Iterator[Problem[Source]]:
    from personalize_gitops.lint import lint

    return (problem for problem in lint(desired) if problem.severity is not Severity.INFO)


def _refused(problems: Iterable[Problem[Source]]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _chosen(spec: ProjectSpec, name: str | None) -> str:
    """Return the name of the target to read the manifests for."""
    known = tuple(map(Verbatim, sorted(spec.targets)))
    chosen = name or spec.default_target or (known[0] if len(known) == 1 else None)
    if chosen is None:
        raise InvalidChoice("--target", "", because(ManifestCode.NO_TARGET, known=known))
    if chosen not in spec.targets:
        remedy = did_you_mean(chosen, spec.targets) or use_one_of(known)
        reason = because(ManifestCode.UNKNOWN_TARGET, target=Verbatim(chosen))
        raise InvalidChoice("--target", chosen, reason, remedy)
    return chosen


def _documents(nodes: list[Node], reader: DocumentReader) -> tuple[dict[Address, Document], frozenset[Address]]:
    """Return the valid documents by address, and the addresses of those with problems."""
    documents: dict[Address, Document] = {}
    unread: set[Address] = set()
    for node in nodes:
        document, address = reader.read(node), address_of(node)
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
        address = address_of(node)
        if address in nodes:
            problems.append(_twice(address, node, place_of(nodes[address])))
        else:
            nodes[address or id(node)] = node
    for patch in manifests.patches.get(target, ()):
        address = address_of(patch)
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
