"""Random solutions and trainings, some of them wrong in a way or two."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from personalize_gitops.catalog.recipes import RECIPES, ParameterKind, Recipe
from personalize_gitops.catalog.rules.tuning import RANGE_LISTS
from tests.support.agreement import COLUMNS, Draft, Group

SELDOM = 2
"""In how many of ten examples a solution has an optional member."""

TEXTS = ("0.5", "1", "30", "true", "False", "soon", "-1", "1 hour")
EVENTS = ("watch", "buy")


_CUSTOM = [recipe for recipe in RECIPES.values() if not recipe.domain and not recipe.legacy]


@st.composite
def solutions(draw: st.DrawFn, group: Group) -> list[Draft]:
    """Return a solution, and sometimes a training of it."""
    recipe = draw(st.sampled_from(_CUSTOM if draw(st.integers(0, 9)) else [*RECIPES.values()]))
    spec: dict[str, Any] = {"datasetGroup": "g", "recipe": recipe.name}
    for member, strategy in {
        "performHPO": st.booleans(),
        "performAutoTraining": st.booleans(),
        "performIncrementalUpdate": st.booleans(),
        "performAutoML": st.just(value=False),
        "eventType": st.sampled_from(EVENTS),
        "solutionConfig": _configs(recipe),
    }.items():
        if draw(now_and_then()) or member == "solutionConfig":
            spec[member] = draw(strategy)
    drafts = [Draft("Solution", "s", spec)]
    if draw(now_and_then()):
        mode = draw(st.sampled_from([{}, {"trainingMode": "FULL"}, {"trainingMode": "UPDATE"}]))
        full = [Draft("SolutionVersion", "full", {"solution": "s"})]
        drafts += [*full, Draft("SolutionVersion", "v", {"solution": "s", **mode})]
    return drafts


def now_and_then() -> st.SearchStrategy[bool]:
    """Return True seldom."""
    return st.integers(0, 9).map(lambda number: number < SELDOM)


@st.composite
def _configs(draw: st.DrawFn, recipe: Recipe) -> dict[str, Any]:
    strategies: dict[str, st.SearchStrategy[Any]] = {
        "eventValueThreshold": st.sampled_from(TEXTS),
        "algorithmHyperParameters": _parameters(recipe, ParameterKind.ALGORITHM),
        "featureTransformationParameters": _parameters(recipe, ParameterKind.FEATURIZATION),
        "hpoConfig": _tuning(recipe),
        "optimizationObjective": st.fixed_dictionaries(
            {}, optional={"itemAttribute": st.sampled_from(["PRICE", "RATING", "GENRES", "NONE"])}
        ),
        "trainingDataConfig": training_columns(),
        "autoTrainingConfig": st.sampled_from([1, 7, 30, 31]).map(
            lambda days: {"schedulingExpression": f"rate({days} days)"}
        ),
        "eventsConfig": st.lists(_event_parameters(), max_size=2).map(lambda found: {"eventParametersList": found}),
    }
    return {member: draw(strategy) for member, strategy in strategies.items() if draw(now_and_then())}


def _event_parameters() -> st.SearchStrategy[dict[str, Any]]:
    optional = {"eventValueThreshold": st.floats(0, 5), "weight": st.floats(0, 1)}
    return st.fixed_dictionaries({"eventType": st.sampled_from(EVENTS)}, optional=optional)


def _parameters(recipe: Recipe, kind: ParameterKind) -> st.SearchStrategy[dict[str, str]]:
    """Return parameters with values that are right half of the time."""
    own = recipe.parameters_of(kind)
    names = [*(parameter.name for parameter in own), "wings"]
    right = [parameter.default_text for parameter in own]
    return st.dictionaries(st.sampled_from(names), st.sampled_from([*right * 3, *TEXTS]), max_size=1)


@st.composite
def _tuning(draw: st.DrawFn, recipe: Recipe) -> dict[str, Any]:
    names = [*(parameter.name for parameter in recipe.parameters if parameter.tunable), "bptt", "wings"]
    bound = st.one_of(st.sampled_from([2, 10, 32, 64]), st.integers(-1, 300))
    number = {"minValue": bound, "maxValue": bound}
    entries: dict[str, dict[str, st.SearchStrategy[Any]]] = {
        "integerHyperParameterRanges": number,
        "continuousHyperParameterRanges": {name: st.floats(0, 1) for name in number},
        "categoricalHyperParameterRanges": {"values": st.lists(st.sampled_from(["true", "false", "no"]), max_size=2)},
    }
    ranges = {
        list_: draw(
            st.lists(
                st.fixed_dictionaries({"name": st.sampled_from(names)}, optional=entries[list_]),
                max_size=1,
            )
        )
        for list_ in RANGE_LISTS
        if draw(st.booleans())
    }
    jobs = st.sampled_from(["1", "10", "11", "40", "41", "0", "many"])
    optional = {"maxNumberOfTrainingJobs": jobs, "maxParallelTrainingJobs": jobs}
    found: dict[str, Any] = {"algorithmHyperParameterRanges": ranges} if ranges else {}
    if draw(now_and_then()):
        found["hpoResourceConfig"] = draw(st.fixed_dictionaries({}, optional=optional))
    return found


def training_columns() -> st.SearchStrategy[dict[str, Any]]:
    """Return configurations of the columns to train on."""
    columns = st.lists(st.sampled_from([*COLUMNS, "NONE"]), min_size=1, max_size=2, unique=True)
    types = st.sampled_from(["Interactions", "ITEMS", "users"])
    chosen = st.dictionaries(types, columns, min_size=1, max_size=2)
    return st.fixed_dictionaries({}, optional={"excludedDatasetColumns": chosen, "includedDatasetColumns": chosen})
