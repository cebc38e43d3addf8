"""PG5xx: campaigns that the service refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from personalize_gitops.catalog.rules.campaigns import campaign_problems
from personalize_gitops.catalog.rules.groups import UNKNOWN, Group
from personalize_gitops.lint.declared import group_of, groups_of, recipe_of, solution_of
from personalize_gitops.lint.place import placed
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Path, Source
from personalize_gitops.model.reference import Reference


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield the problems of campaigns."""
    groups = groups_of(desired)
    for document in desired.documents.values():
        if document.address.kind_name == "Campaign":
            yield from placed(document, _campaign_problems(document, desired, groups))


def _campaign_problems(
    document: Document, desired: Desired, groups: Mapping[Reference, Group]
) -> Iterator[Problem[Path]]:
    solution = solution_of(document, desired)
    group = group_of(solution, groups) if solution else UNKNOWN
    return campaign_problems(recipe_of(solution), document.attributes, group)
