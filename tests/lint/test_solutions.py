"""The checks of solutions and trainings: what each says, and where it is silent because the group is not known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.errors import ManifestError
from personalize_gitops.manifest import load
from personalize_gitops.render.reasons import message
from personalize_gitops.render.reasons import text as sentence
from tests.support.agreement import PROJECT, Draft, Group

GROUP = Group(
    None, {"Interactions": ("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE"), "Items": ("ITEM_ID", "PRICE", "RATING")}
)
ELSEWHERE = "arn:aws:personalize:us-east-1:123456789012:dataset-group/elsewhere"
R, V2 = "aws-user-personalization", "aws-user-personalization-v2"


def found(folder: Path, *drafts: Draft, run: dict[str, Any] | None = None) -> list[str]:
    """Return what is found in documents; `run` are the run settings of the trainings among them."""
    documents = [
        {**draft.document, **({"run": run} if run and draft.kind == "SolutionVersion" else {})} for draft in drafts
    ]
    (folder / "a.yaml").write_text("\n---\n".join(map(json.dumps, (PROJECT, *documents))))
    try:
        problems = load(folder).warnings
    except ManifestError as error:
        problems = error.problems
    return [
        f"{problem.check} {problem.severity} {message(problem)}"
        f"{f' ({sentence(problem.suggestion)})' if problem.suggestion else ''}"
        for problem in problems
    ]


def solution(recipe: str = R, group: str = "g", **spec: Any) -> Draft:
    return Draft("Solution", "s", {"datasetGroup": group, "recipe": recipe, "performAutoTraining": False, **spec})


def ranges(list_: str, **entry: Any) -> dict[str, Any]:
    return {"algorithmHyperParameterRanges": {f"{list_}HyperParameterRanges": [entry]}}


def tuned(hpo: dict[str, Any]) -> dict[str, Any]:
    return {"performHPO": True, "solutionConfig": {"hpoConfig": hpo}}


def optimized(column: str) -> dict[str, Any]:
    return {"solutionConfig": {"optimizationObjective": {"itemAttribute": column}}}


def trained_on(columns: dict[str, Any]) -> dict[str, Any]:
    return {"solutionConfig": {"trainingDataConfig": columns}}


def events(**parameters: Any) -> dict[str, Any]:
    return {"solutionConfig": {"eventsConfig": {"eventParametersList": [parameters]}}}


BPTT = ranges("integer", name="bptt", minValue=2, maxValue=32)
OBJECTIVE = "solutionConfig.optimizationObjective"
COLUMNS = "solutionConfig.trainingDataConfig"
HPO = "solutionConfig.hpoConfig"
CONTINUOUS = f"{HPO}.algorithmHyperParameterRanges.continuousHyperParameterRanges[0]"
CATEGORIES = f"{HPO}.algorithmHyperParameterRanges.categoricalHyperParameterRanges[0]"
BOUNDS = "solutionConfig.featureTransformationParameters"
LISTED = "solutionConfig.eventsConfig.eventParametersList"
INTEGERS = f"{HPO}.algorithmHyperParameterRanges.integerHyperParameterRanges[0]"

CASES: list[tuple[str, dict[str, Any], str]] = [
    (
        R,
        {"solutionConfig": {"algorithmHyperParameters": {"min_user_history_length_percentile": 0.1}}},
        (
            "PG401 error solutionConfig.algorithmHyperParameters.min_user_history_length_percentile: "
            "belongs in featureTransformationParameters"
        ),
    ),
    (
        "aws-sims",
        {"solutionConfig": {"featureTransformationParameters": {"max_item_interaction_count_percentile": 0.01}}},
        (
            f"PG425 warning {BOUNDS}.max_item_interaction_count_percentile: min_item_interaction_count_percentile "
            "is 0.01, not below max_item_interaction_count_percentile with 0.01: nothing is left to train on"
        ),
    ),
    (
        R,
        tuned({"algorithmHyperParameterRanges": {"integerHyperParameterRanges": []}}),
        "PG404 warning performHPO: no range to search is given in solutionConfig.hpoConfig; the guide requires them",
    ),
    (
        R,
        tuned(ranges("continuous", name="bptt", minValue=2.5, maxValue=32)),
        (f"PG405 error {CONTINUOUS}: this list is for parameters of another type (use integerHyperParameterRanges)"),
    ),
    (
        R,
        tuned(ranges("categorical", name="bptt", values=["2", "8"])),
        (f"PG405 error {CATEGORIES}: this list is for parameters of another type (use integerHyperParameterRanges)"),
    ),
    (
        R,
        {"performHPO": True, "solutionConfig": {"algorithmHyperParameters": {"bptt": 20}, "hpoConfig": BPTT}},
        (
            f"PG426 warning {INTEGERS}.name: "
            "algorithmHyperParameters sets it too, and which of the two counts is not documented"
        ),
    ),
    (
        R,
        tuned(
            {
                "algorithmHyperParameterRanges": {
                    "integerHyperParameterRanges": [{"name": "bptt", "minValue": 2}, {"name": "bptt", "maxValue": 9}]
                }
            }
        ),
        (
            f"PG426 warning {HPO}.algorithmHyperParameterRanges.integerHyperParameterRanges[1].name: "
            "has a range already, in integerHyperParameterRanges[0]"
        ),
    ),
    (
        R,
        {"solutionConfig": {"optimizationObjective": {"objectiveSensitivity": "LOW"}}},
        f"PG410 warning {OBJECTIVE}.objectiveSensitivity: no effect without itemAttribute",
    ),
    (V2, events(weight=0.5), f"PG413 warning {LISTED}[0]: no effect without eventType"),
    (
        V2,
        {"solutionConfig": {"eventsConfig": {"eventParametersList": [{"eventType": "buy"}, {"eventType": "buy"}]}}},
        f"PG413 warning {LISTED}[1].eventType: buy is in the list already",
    ),
    (
        R,
        trained_on({"excludedDatasetColumns": {"Interactions": ["TIMESTAMP"]}}),
        f"PG414 warning {COLUMNS}.excludedDatasetColumns.Interactions[0]: no training works without TIMESTAMP",
    ),
    (
        V2,
        tuned(BPTT),
        f"PG403 error performHPO: the service tunes {V2} by itself while automatic training is on (remove it)",
    ),
    (
        "aws-popularity-count",
        {"performHPO": True},
        "PG403 error performHPO: aws-popularity-count does not support it (remove it)",
    ),
    (
        R,
        {"performHPO": True},
        "PG404 warning performHPO: no range to search is given in solutionConfig.hpoConfig; the guide requires them",
    ),
    (R, {"solutionConfig": {"hpoConfig": BPTT}}, f"PG404 warning {HPO}: no effect without performHPO: true"),
    (
        R,
        tuned(ranges("integer", name="training.bptt", minValue=2)),
        f'PG405 error {INTEGERS}.name: {R} has no such parameter (did you mean "bptt"?)',
    ),
    (
        "aws-similar-items",
        tuned(ranges("continuous", name="popularity_discount_factor")),
        (
            f"PG405 error {CONTINUOUS}.name: aws-similar-items cannot tune this parameter "
            "(use item_id_hidden_dim or item_metadata_hidden_dim)"
        ),
    ),
    (
        R,
        tuned(ranges("integer", name="bptt", minValue=1, maxValue=32)),
        f"PG406 error {INTEGERS}.minValue: expected a whole number from 2 to 32, found 1",
    ),
    (R, tuned(ranges("integer", name="bptt", minValue=9, maxValue=8)), f"PG406 error {INTEGERS}: min 9 is above max 8"),
    (
        R,
        tuned(ranges("categorical", name="recency_mask", values=["no"])),
        (
            f"PG406 error {INTEGERS.replace('integer', 'categorical')}.values: "
            'invalid value "no": expected true or false'
        ),
    ),
    (
        R,
        tuned({**BPTT, "hpoResourceConfig": {"maxParallelTrainingJobs": 11}}),
        f"PG407 error {HPO}.hpoResourceConfig.maxParallelTrainingJobs: expected a whole number from 1 to 10, found 11",
    ),
    (
        R,
        tuned({**BPTT, "hpoObjective": {"type": "Maximize"}}),
        f"PG408 warning {HPO}.hpoObjective: the service accepts hpoObjective, but does not support it",
    ),
    (V2, optimized("PRICE"), f"PG409 error {OBJECTIVE}: {V2} does not support it (remove it)"),
    (
        R,
        optimized("PRISE"),
        f'PG410 error {OBJECTIVE}.itemAttribute: the Items dataset has no such column (did you mean "PRICE"?)',
    ),
    (R, optimized("RATING"), f"PG410 error {OBJECTIVE}.itemAttribute: expected a column that does not accept null"),
    (R, optimized("ITEM_ID"), f"PG410 error {OBJECTIVE}.itemAttribute: expected a numeric column"),
    (
        R,
        {"eventType": "buy", "solutionConfig": {"eventValueThreshold": 3}},
        "PG411 error solutionConfig.eventValueThreshold: the Interactions dataset has no column EVENT_VALUE",
    ),
    (
        V2,
        events(eventType="buy", eventValueThreshold=3),
        (
            "PG411 error solutionConfig.eventsConfig.eventParametersList[0].eventValueThreshold: "
            "the Interactions dataset has no column EVENT_VALUE"
        ),
    ),
    (R, events(eventType="buy"), f"PG413 error solutionConfig.eventsConfig: {R} does not support it (remove it)"),
    (
        V2,
        {"eventType": "buy", **events(eventType="buy")},
        "PG413 warning eventType: solutionConfig.eventsConfig selects the events too; use one of the two",
    ),
    (
        R,
        trained_on({"excludedDatasetColumns": {"Interactions": ["EVENT_TYPE"]}}),
        f"PG414 error {COLUMNS}.excludedDatasetColumns.Interactions[0]: EVENT_TYPE cannot be excluded from training",
    ),
    (
        R,
        trained_on({"includedDatasetColumns": {"Items": ["PRISE"]}}),
        (
            f"PG414 error {COLUMNS}.includedDatasetColumns.Items[0]: the Items dataset has no such column "
            '(did you mean "PRICE"?)'
        ),
    ),
    (
        R,
        trained_on({"excludedDatasetColumns": {"Users": ["AGE"]}}),
        f"PG414 error {COLUMNS}.excludedDatasetColumns.Users: the dataset group has no dataset of type Users",
    ),
    (
        R,
        trained_on({"excludedDatasetColumns": {"Items": ["PRICE"]}, "includedDatasetColumns": {"ITEMS": ["RATING"]}}),
        (
            f"PG414 error {COLUMNS}.excludedDatasetColumns.Items: "
            "columns of the same dataset are in includedDatasetColumns too"
        ),
    ),
    (
        "aws-next-best-action",
        {},
        "PG415 error recipe: aws-next-best-action trains on the dataset Actions, which the dataset group does not have",
    ),
    (
        "aws-semantic-similarity",
        {},
        "PG416 error recipe: aws-semantic-similarity needs a column with itemName: true in the Items dataset",
    ),
    (
        R,
        {"performIncrementalUpdate": True},
        f"PG420 error performIncrementalUpdate: {R} does not support it (remove it)",
    ),
    (
        R,
        {"solutionConfig": {"autoMLConfig": {"metricName": "precision"}}},
        (
            "PG422 warning solutionConfig.autoMLConfig: the recipes that AutoML chooses from are no longer available "
            "(remove it)"
        ),
    ),
]


@pytest.mark.parametrize(("recipe", "spec", "told"), CASES)
def test_a_check_says_what_is_wrong(tmp_path: Path, recipe: str, spec: dict[str, Any], told: str) -> None:
    """Each mistake is told at its member, with the remedy where there is one."""
    assert told in found(tmp_path, *GROUP.drafts, solution(recipe, **spec))


@pytest.mark.parametrize("spec", [spec for recipe, spec, told in CASES if told[:5] in ("PG410", "PG411", "PG415")])
def test_nothing_is_told_of_an_unknown_group(tmp_path: Path, spec: dict[str, Any]) -> None:
    """A dataset group that is given by its ARN can have any dataset and column."""
    (told,) = {each[:5] for each in found(tmp_path, solution(V2, ELSEWHERE, **spec))} or {""}

    assert told in ("", "PG409")  # of the recipe alone


def test_a_threshold_is_a_number(tmp_path: Path) -> None:
    """A threshold that is no number is refused; one without an event type is a warning, as the guide has both."""
    group = Group(None, {"Interactions": ("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE", "EVENT_VALUE")})

    told = found(tmp_path, *group.drafts, solution(solutionConfig={"eventValueThreshold": "high"}))

    assert told == [
        "PG412 error solutionConfig.eventValueThreshold: expected a number, found high",
        "PG412 warning solutionConfig.eventValueThreshold: the guide has a threshold only together with eventType",
    ]


def test_a_group_without_datasets_is_a_warning(tmp_path: Path) -> None:
    """They may be made elsewhere; a group with other datasets surely lacks the one that is needed."""
    empty, full = Group(None, {}), Group(None, {"Items": ("ITEM_ID", "PRICE")})
    text = f"recipe: {R} trains on the dataset Interactions"

    assert found(tmp_path, *empty.drafts, solution()) == [
        f"PG415 warning {text}, and no dataset of the group is declared"
    ]
    assert found(tmp_path, *full.drafts, solution()) == [f"PG415 error {text}, which the dataset group does not have"]


def test_actions_are_not_for_domains(tmp_path: Path) -> None:
    """PG417 tells the domain of the group, and not that the Actions dataset, which it cannot have, is missing."""
    group = Group("ECOMMERCE", {"Interactions": ("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE")})

    assert found(tmp_path, *group.drafts, solution("aws-next-best-action")) == [
        (
            "PG417 error recipe: aws-next-best-action needs actions, which only dataset groups without a domain can "
            "have; this one has the domain ECOMMERCE"
        )
    ]


def test_only_reserved_attributes_are_a_warning(tmp_path: Path) -> None:
    """Whether a reserved column suffices to segment users by is not documented."""
    drafts = [*Group("ECOMMERCE", {"Interactions": ("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE")}).drafts]
    fields = [{"name": "ITEM_ID", "type": "string"}, {"name": "PRICE", "type": "float"}]
    category = {"name": "CATEGORY_L1", "type": "string", "categorical": True}
    schema = {**drafts[1].spec["schema"], "name": "Items", "fields": [*fields, category]}
    items = Draft("Schema", "items", {"schema": schema, "domain": "ECOMMERCE"})
    dataset = Draft("Dataset", "items", {"datasetGroup": "g", "datasetType": "Items", "schema": "items"})

    told = found(tmp_path, *drafts, items, dataset, solution("aws-item-attribute-affinity"))

    assert [each for each in told if "PG416" in each] == [
        (
            "PG416 warning recipe: aws-item-attribute-affinity needs an attribute of your own in the Items dataset; "
            "whether the reserved column CATEGORY_L1 and PRICE suffices is not documented"
        )
    ]


def version(**spec: Any) -> Draft:
    return Draft("SolutionVersion", spec.pop("name", "v"), {"solution": "s", **spec})


def test_trainings(tmp_path: Path) -> None:
    """UPDATE needs a recipe that has it, and a FULL training, which automatic training is too."""
    automatic = solution(performAutoTraining=True)
    full = version(name="full")

    assert found(tmp_path, *GROUP.drafts, solution(V2), full, version(trainingMode="UPDATE")) == [
        f"PG418 error trainingMode: {V2} does not support it"
    ]
    assert found(tmp_path, *GROUP.drafts, solution(), version(trainingMode="UPDATE")) == [
        "PG419 warning trainingMode: UPDATE needs a FULL training of Solution/s, and none is declared"
    ]
    assert found(tmp_path, *GROUP.drafts, automatic, version(trainingMode="UPDATE")) == []


def test_trainings_beside_automatic_training(tmp_path: Path) -> None:
    """Two schedules are both billed, and a campaign on one training does not get the versions of automatic training."""
    schedule = {"autoTrainingConfig": {"schedulingExpression": "rate(14 days)"}}
    automatic = solution(performAutoTraining=True, solutionConfig=schedule)
    campaign = Draft("Campaign", "c", {"solutionVersion": "v"})

    assert found(tmp_path, *GROUP.drafts, automatic, version(), run={"every": "13d"}) == [
        (
            "PG423 warning Solution/s also trains every 14 days by itself: both trainings are billed; "
            "set performAutoTraining: false or a longer `every`"
        )
    ]
    update = version(trainingMode="UPDATE")
    assert found(tmp_path, *GROUP.drafts, automatic, update, run={"every": "1d"}) == []
    assert found(tmp_path, *GROUP.drafts, automatic, version(), campaign) == [
        (
            "PG424 warning solutionVersion: Solution/s trains by itself every 14 days, and the campaign stays on an "
            "older version; set performAutoTraining: false, or follow with {solution: s, version: $LATEST}"
        )
    ]
    assert found(tmp_path, *GROUP.drafts, automatic, version(), campaign, run={"every": "2w"}) == []
    assert found(tmp_path, *GROUP.drafts, solution(), version(), campaign, run={"every": "1d"}) == []
