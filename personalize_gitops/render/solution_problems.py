"""The sentences of problems in solutions and their trainings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from personalize_gitops.model.problem_codes import SolutionCode
from personalize_gitops.model.reason import Code
from personalize_gitops.render.words import both


def _datasets_needed(recipe: str, types: Sequence[str]) -> str:
    return f"{_trains_on(recipe, types)}, which the dataset group does not have"


def _datasets_undeclared(recipe: str, types: Sequence[str]) -> str:
    return f"{_trains_on(recipe, types)}, and no dataset of the group is declared"


def _trains_on(recipe: str, types: Sequence[str]) -> str:
    return f"{recipe} trains on the {'dataset' if len(types) == 1 else 'datasets'} {both(types)}"


def _range_lists_missing(missing: Sequence[str]) -> str:
    return f"expected all three lists of ranges, empty ones too; missing: {', '.join(missing)}"


def _only_reserved(recipe: str, columns: Sequence[str]) -> str:
    return (
        f"{recipe} needs an attribute of your own in the Items dataset; whether the reserved column "
        f"{both(columns)} suffices is not documented"
    )


SOLUTIONS: Mapping[Code, str | Callable[..., str]] = {
    SolutionCode.USE_CASE_FOR_SOLUTION: "{recipe} is a use case for {domain} recommenders, not a recipe for solutions",
    SolutionCode.LEGACY_RECIPE: "{recipe} is no longer available",
    SolutionCode.NO_AUTO_ML: "the recipes that AutoML chooses from are no longer available",
    SolutionCode.NOT_OF_RECIPE: "{recipe} does not support it",
    SolutionCode.CUSTOM_GROUP_NEEDED: (
        "{recipe} needs actions, which only dataset groups without a domain can have; this one has the domain {domain}"
    ),
    SolutionCode.DATASETS_NEEDED: _datasets_needed,
    SolutionCode.DATASETS_UNDECLARED: _datasets_undeclared,
    SolutionCode.ATTRIBUTE_NEEDED: (
        "{recipe} needs an attribute in the Items dataset: a numeric or categorical column that is not textual"
    ),
    SolutionCode.ONLY_RESERVED_ATTRIBUTES: _only_reserved,
    SolutionCode.ITEM_NAME_NEEDED: "{recipe} needs a column with itemName: true in the Items dataset",
    SolutionCode.TEXT_NEEDED: "{recipe} needs a textual column in the Items dataset",
    SolutionCode.UNKNOWN_PARAMETER: "{recipe} has no such parameter",
    SolutionCode.PARAMETER_OF_OTHER_MEMBER: "belongs in {member}",
    SolutionCode.SEARCH_ONLY_PARAMETER: "cannot be set, only tuned within the ranges of hpoConfig",
    SolutionCode.TUNED_BY_SERVICE: "the service tunes {recipe} by itself while automatic training is on",
    SolutionCode.NO_RANGES: "no range to search is given in solutionConfig.hpoConfig; the guide requires them",
    SolutionCode.TUNING_NOT_PERFORMED: "no effect without performHPO: true",
    SolutionCode.RANGE_LISTS_MISSING: _range_lists_missing,
    SolutionCode.NOT_TUNABLE: "{recipe} cannot tune this parameter",
    SolutionCode.RANGE_IN_OTHER_LIST: "this list is for parameters of another type",
    SolutionCode.SET_AND_SEARCHED: (
        "algorithmHyperParameters sets it too, and which of the two counts is not documented"
    ),
    SolutionCode.SEARCHED_TWICE: "has a range already, in {first}",
    SolutionCode.BOUNDS_CROSSED: "{lower} is {low}, not below {upper} with {high}: nothing is left to train on",
    SolutionCode.TUNING_OBJECTIVE: "the service accepts hpoObjective, but does not support it",
    SolutionCode.EVENT_COLUMN_NEEDED: "the Interactions dataset has no column {column}",
    SolutionCode.THRESHOLD_WITHOUT_TYPE: "the guide has a threshold only together with eventType",
    SolutionCode.EVENT_LISTED_TWICE: "{event_type} is in the list already",
    SolutionCode.EVENT_WITHOUT_TYPE: "no effect without eventType",
    SolutionCode.EVENTS_SELECTED_TWICE: "solutionConfig.eventsConfig selects the events too; use one of the two",
    SolutionCode.EXCLUDED_AND_INCLUDED: "columns of the same dataset are in includedDatasetColumns too",
    SolutionCode.EVENT_TYPE_EXCLUDED: "EVENT_TYPE cannot be excluded from training",
    SolutionCode.KEY_EXCLUDED: "no training works without {column}",
    SolutionCode.NO_SUCH_DATASET: "the dataset group has no dataset of type {type}",
    SolutionCode.NO_SUCH_COLUMN: "the {type} dataset has no such column",
    SolutionCode.OBJECTIVE_WITHOUT_COLUMN: "no effect without itemAttribute",
    SolutionCode.OBJECTIVE_NOT_NUMERIC: "expected a numeric column",
    SolutionCode.OBJECTIVE_NULLABLE: "expected a column that does not accept null",
    SolutionCode.SCHEDULE_OUT_OF_RANGE: "expected rate(1 day) to rate({most} days), found {found}",
    SolutionCode.SCHEDULE_WITHOUT_TRAINING: "no effect with performAutoTraining: false",
    SolutionCode.TRAINED_TWICE: (
        "{solution} also trains every {days} days by itself: both trainings are billed; "
        "set performAutoTraining: false or a longer `every`"
    ),
    SolutionCode.SERVES_OLD_VERSIONS: (
        "{solution} trains by itself every {days} days, and the campaign stays on an older version; set "
        "performAutoTraining: false, or follow with {{solution: {name}, version: $LATEST}}"
    ),
    SolutionCode.FULL_TRAINING_UNDECLARED: "UPDATE needs a FULL training of {solution}, and none is declared",
}
