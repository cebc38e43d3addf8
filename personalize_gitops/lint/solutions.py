"""PG4xx: solutions that the service cannot train."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.recipes import Parameter, ParameterKind, Recipe, find_recipe
from personalize_gitops.lint.place import problem_at
from personalize_gitops.model.checks import Check
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.problem import Problem, did_you_mean
from personalize_gitops.model.problem_codes import LintCode, Remedy
from personalize_gitops.model.reason import Reason, Source, Verbatim, because

_KINDS = {
    "algorithmHyperParameters": ParameterKind.ALGORITHM,
    "featureTransformationParameters": ParameterKind.FEATURIZATION,
}


def check(desired: Desired) -> Iterator[Problem[Source]]:
    """Yield parameters that the recipe does not have (PG401) or whose value it refuses (PG402, docs/service/1 §13)."""
    for document in desired.documents.values():
        if document.address.kind_name == "Solution" and (recipe := find_recipe(str(document.attributes.get("recipe")))):
            for member, kind in _KINDS.items():
                yield from _parameters(document, recipe, member, kind)


def _parameters(document: Document, recipe: Recipe, member: str, kind: ParameterKind) -> Iterator[Problem[Source]]:
    known = {parameter.name: parameter for parameter in recipe.parameters_of(kind)}
    for name, value in (document.attributes.get("solutionConfig", {}).get(member) or {}).items():
        field = ("solutionConfig", member, name)
        if name not in known:
            reason = because(LintCode.UNKNOWN_PARAMETER, recipe=Verbatim(recipe.name))
            yield problem_at(document, field, reason, Check.PG401, _other_than(name, known))
        elif not known[name].settable:
            yield problem_at(document, field, because(LintCode.SEARCH_ONLY_PARAMETER), Check.PG402)
        elif reason_against := known[name].problem(value):
            yield problem_at(document, field, reason_against, Check.PG402)


def _other_than(name: str, known: dict[str, Parameter]) -> Reason:
    """Return the remedy for an unknown parameter: the nearest one, else those that the recipe has."""
    if not known:
        return because(Remedy.REMOVE_IT)
    return did_you_mean(name, known) or because(Remedy.USE_ONE_OF, names=tuple(map(Verbatim, sorted(known))))
