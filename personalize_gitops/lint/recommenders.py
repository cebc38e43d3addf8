"""PG5xx: recommenders that the service refuses, or whose training fails."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.rules.needs import data_problems
from personalize_gitops.catalog.rules.recommenders import (
    event_name_problems,
    recommender_problems,
    use_case_problems,
)
from personalize_gitops.lint.declared import group_of, groups_of, recipe_of
from personalize_gitops.lint.event_types import event_types_by_group
from personalize_gitops.lint.place import placed
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Source


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield the problems of recommenders in what is declared of their dataset groups."""
    groups, named = groups_of(desired), event_types_by_group(desired)
    for document in desired.documents.values():
        if document.address.kind_name != "Recommender":
            continue
        group, recipe = group_of(document, groups), recipe_of(document)
        yield from placed(document, recommender_problems(recipe, document.attributes, group))
        if recipe and not [*use_case_problems(recipe, group)]:
            yield from placed(document, data_problems(recipe, group))
            reference = document.references["datasetGroup"]
            yield from placed(document, event_name_problems(recipe, named.get(reference, ())))
