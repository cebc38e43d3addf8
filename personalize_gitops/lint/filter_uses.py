"""PG31x: filters beside the jobs, solutions and recommenders of their dataset group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from personalize_gitops.catalog.recipes import Recipe
from personalize_gitops.filters import FilterExpression, event_types, unfit
from personalize_gitops.lint.declared import document_at, expression_of, recipe_of, solution_of
from personalize_gitops.lint.event_types import event_types_by_group
from personalize_gitops.lint.place import problem_at, warning_at
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem, did_you_mean
from personalize_gitops.model.problem_codes import FilterCode
from personalize_gitops.model.reason import Source, Verbatim, because
from personalize_gitops.model.reference import Reference

_ALIKE = 0.8  # a spelling so close is rather a mistake than another event type


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield filters that jobs, or all models of the dataset group, cannot use, and misspelled event types."""
    recipes, known = _recipes_by_group(desired), _event_types(desired)
    for document in desired.documents.values():
        match document.address.kind_name:
            case "BatchInferenceJob" | "BatchSegmentJob":
                yield from _job_problems(document, desired)
            case "Filter" if tree := expression_of(document):
                group = document.references["datasetGroup"]
                yield from _unused(document, tree, recipes.get(group, ()))
                yield from _misspelled(document, tree, known.get(group, ()))


def _job_problems(job: Document, desired: Desired) -> Iterator[Problem[Source]]:
    used, solution = document_at(job.references.get("filter"), desired), solution_of(job, desired)
    if used is None or solution is None:
        return
    groups = used.references["datasetGroup"], solution.references["datasetGroup"]
    # An ARN can be that of a declared group, so only references of one sort are compared.
    if groups[0] != groups[1] and type(groups[0]) is type(groups[1]):
        reason = because(FilterCode.FILTER_OF_OTHER_GROUP, filter=used.address)
        yield problem_at(job, ("filter",), reason, Check.PG311)
    tree, recipe = expression_of(used), recipe_of(solution)
    for reason in unfit(tree, recipe) if tree and recipe else ():
        yield problem_at(job, ("filter",), reason, Check.PG312)


def _unused(document: Document, tree: FilterExpression, recipes: Sequence[Recipe | None]) -> Iterator[Problem[Source]]:
    """Yield a filter that fits none of the declared models; others may be made elsewhere."""
    against = [next(unfit(tree, recipe), None) if recipe else None for recipe in recipes]
    if against and (why := against[0]) and all(against):
        reason = because(FilterCode.NOTHING_FITS, why=why)
        yield warning_at(document, ("filterExpression",), reason, Check.PG313)


def _misspelled(document: Document, tree: FilterExpression, known: Sequence[str]) -> Iterator[Problem[Source]]:
    """Yield event types that nothing else names, but something names a similar one. Case does not count."""
    folded = {name.casefold() for name in known}
    for found in dict.fromkeys(text.value for text in event_types(tree)):
        if found.casefold() not in folded and (remedy := did_you_mean(found, known, _ALIKE)):
            reason = because(FilterCode.UNKNOWN_EVENT_TYPE, found=Verbatim(found))
            yield warning_at(document, ("filterExpression",), reason, Check.PG314, remedy)


def _recipes_by_group(desired: Desired) -> Mapping[Reference, Sequence[Recipe | None]]:
    """Return the recipes of the declared solutions and recommenders; None for one that is not known."""
    found: dict[Reference, list[Recipe | None]] = {}
    for document in desired.documents.values():
        if document.address.kind_name in ("Solution", "Recommender"):
            found.setdefault(document.references["datasetGroup"], []).append(recipe_of(document))
    return found


def _event_types(desired: Desired) -> Mapping[Reference, Sequence[str]]:
    """Return the event types that solutions, metrics and use cases of a dataset group name."""
    found = {
        group: [name for name, by in named if by.kind_name != "Filter"]
        for group, named in event_types_by_group(desired).items()
    }
    for group, recipes in _recipes_by_group(desired).items():
        names = [name for recipe in recipes if recipe for name in (*recipe.needs_events, *recipe.advised_events)]
        found.setdefault(group, []).extend(names)
    return found
