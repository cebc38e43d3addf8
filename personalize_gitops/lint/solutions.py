"""PG4xx: how a solution may be trained."""

from __future__ import annotations

from collections.abc import Iterator

from personalize_gitops.catalog.recipes import ParameterKind, Recipe, find_recipe
from personalize_gitops.model.desired import Desired, Document
from personalize_gitops.model.diagnostics import Problem, did_you_mean

_PLACES = {
    "algorithmHyperParameters": ParameterKind.ALGORITHM,
    "featureTransformationParameters": ParameterKind.FEATURIZATION,
}


def check(desired: Desired) -> Iterator[Problem]:
    """PG401: a recipe has the parameter. PG402: its value is one the recipe takes (docs/service/1 §13)."""
    for document in desired.documents.values():
        if document.address.kind == "Solution" and (recipe := find_recipe(str(document.attributes.get("recipe")))):
            for place, kind in _PLACES.items():
                yield from _parameters(document, recipe, place, kind)


def _parameters(document: Document, recipe: Recipe, place: str, kind: ParameterKind) -> Iterator[Problem]:
    known = {parameter.name: parameter for parameter in recipe.parameters_of(kind)}
    for name, value in (document.attributes.get("solutionConfig", {}).get(place) or {}).items():
        at = document.places.of(("spec", "solutionConfig", place, name))
        if name not in known:
            fact = f"{place}: {recipe.name} has no {name}"
            hint = did_you_mean(name, known) or (f"it has {', '.join(sorted(known))}" if known else "it has none")
            yield Problem(at, str(document.address), fact, hint, "PG401")
        elif not known[name].settable:
            fact = f"{place}: {name} cannot be set, only tuned within hpoConfig ranges"
            yield Problem(at, str(document.address), fact, code="PG402")
        elif why := known[name].problem(value):
            yield Problem(at, str(document.address), f"{place}: {name}: {why}", code="PG402")
