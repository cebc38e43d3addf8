"""PG4xx: solutions that the service cannot create or train."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.rules.needs import data_problems
from personalize_gitops.catalog.rules.solutions import solution_problems
from personalize_gitops.lint.declared import group_of, groups_of, recipe_of
from personalize_gitops.lint.place import placed
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.problem import Problem
from personalize_gitops.model.reason import Source


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield the problems of solutions in what is declared of their dataset groups."""
    groups = groups_of(desired)
    for document in desired.documents.values():
        if document.address.kind_name != "Solution":
            continue
        group, recipe = group_of(document, groups), recipe_of(document)
        request = {**document.attributes, "recipeArn": document.attributes.get("recipe")}
        yield from placed(document, solution_problems(request, group))
        if recipe and not recipe.domain and not recipe.legacy:
            yield from placed(document, data_problems(recipe, group))
