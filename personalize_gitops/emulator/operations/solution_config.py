"""Checks of solutions by the rules of the catalog (docs/service/2 §3.8, §8; docs/service/1 §13, §14)."""

from collections.abc import Mapping
from typing import Any

from personalize_gitops.catalog.recipes import Recipe
from personalize_gitops.catalog.rules.solutions import solution_problems, update_problems
from personalize_gitops.emulator.errors import invalid
from personalize_gitops.emulator.operations.recipes import recipe_of
from personalize_gitops.emulator.operations.refusing import known_group, refuse_first
from personalize_gitops.emulator.service.kind import Request
from personalize_gitops.emulator.state.region import Region

_OF_DATA = "recency_mask"  # the only range with the prefix `data.` in a sample of the guide (docs/service/2 §3.8)


def check(region: Region, request: Request) -> None:
    """Refuse the creation of a solution for the first problem found."""
    if "recipeArn" in request:
        recipe_of(request["recipeArn"])
    elif not request.get("performAutoML"):
        raise invalid("recipeArn is required unless performAutoML is true.")
    group = known_group(region, request["datasetGroupArn"])
    refuse_first(region.settings, solution_problems(request, group))


def check_update(region: Region, recipe: Recipe, wanted: Mapping[str, Any]) -> None:
    """Refuse an update of a solution for the first problem found."""
    refuse_first(region.settings, update_problems(recipe, wanted))


def with_prefixes(hpo: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an hpoConfig with the names of ranges as Describe shows them: `training.bptt` (docs/service/2 §3.8)."""
    ranges = {
        kind: [{**entry, "name": _with_prefix(entry["name"])} for entry in entries]
        for kind, entries in hpo.get("algorithmHyperParameterRanges", {}).items()
    }
    return {**hpo, "algorithmHyperParameterRanges": ranges} if ranges else hpo


def _with_prefix(name: str) -> str:
    return f"data.{name}" if name == _OF_DATA else f"training.{name}"
