"""The project of a folder of manifests: its document, checked before those of the resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from personalize_gitops.kinds import KINDS
from personalize_gitops.manifest.checking import checked, place_at
from personalize_gitops.manifest.masking import FoundSecrets, masked_in_project
from personalize_gitops.manifest.nodes import MappingNode, Node, SequenceNode, member_at, pairs, place_of
from personalize_gitops.manifest.project import Project
from personalize_gitops.manifest.reading import Roots
from personalize_gitops.manifest.values import Builder
from personalize_gitops.model.problem import Problem, did_you_mean
from personalize_gitops.model.problem_codes import ManifestCode, Remedy
from personalize_gitops.model.reason import Path as Field
from personalize_gitops.model.reason import Reason, Source, Verbatim, because

PROJECT = "Project"


def project_of(
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
    builder = Builder(Unfilled(), env, PROJECT, problems, late=late, roots=roots)
    project = checked(Project, builder.value(first), first, PROJECT, problems)
    secrets.update(builder.secrets_of(first))
    problems[:] = masked_in_project(problems, secrets)
    if project is None:
        return None
    problems += _unknown_kinds(project, first)
    problems += _unknown_default(project, first)
    return project


def _unknown_kinds(project: Project, node: Node) -> Iterator[Problem[Source]]:
    """Yield the kinds that the project sets something for and that do not exist."""
    named: list[tuple[str, ...]] = [("spec", "defaults", "replace", kind) for kind in project.spec.defaults.replace]
    for name, target in project.spec.targets.items():
        named += [("spec", "targets", name, "limits", "waits", kind) for kind in target.limits.waits]
        named += [("spec", "targets", name, "limits", "quotas", kind) for kind in target.limits.quotas]
    for path in (path for path in named if path[-1] not in KINDS):
        kind, at = path[-1], Field(path)
        reason = because(ManifestCode.NO_SUCH_KIND, kind=Verbatim(kind))
        remedy = did_you_mean(kind, KINDS)
        yield Problem(reason, place_at(node, at), suggestion=remedy, subject=PROJECT, field=at)


def _unknown_default(project: Project, node: Node) -> Iterator[Problem[Source]]:
    """Yield a default target that does not exist."""
    default = project.spec.default_target
    if default is not None and default not in project.spec.targets:
        field = Field(("spec", "defaultTarget"))
        reason = because(ManifestCode.UNKNOWN_TARGET, target=Verbatim(default))
        remedy = did_you_mean(default, project.spec.targets)
        yield Problem(reason, place_at(node, field), suggestion=remedy, subject=PROJECT, field=field)


def _notified(project: Node) -> Iterator[Any]:
    """Yield the nodes of the URLs that are notified. Whoever only plans need not have them."""
    targets = member_at(project, ("spec", "targets"))
    for _, target in pairs(targets) if isinstance(targets, MappingNode) else ():
        urls = member_at(target, ("notify",))
        yield from urls.value if isinstance(urls, SequenceNode) else ()


class Unfilled(dict[str, Any]):
    """Variables whose value is the variable itself, to be filled in later."""

    asked = False  # whether one was used

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> str:
        self.asked = True
        return f"$${{{name}}}"
