"""The class of every member of every kind, told from its marks."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Risk, gravest
from personalize_gitops.model.change_class import ChangeClass, class_of, possible_strategies, side_effects
from personalize_gitops.model.diff import ABSENT, FieldChange
from personalize_gitops.model.members import is_mutable, members
from personalize_gitops.model.resource import Replace, Resource


def default_class(kind: str, path: str) -> ChangeClass:
    return class_of(KINDS[kind], path.split("."), KINDS[kind].replace)


@pytest.mark.parametrize(
    ("kind", "path", "expected"),
    [
        ("Campaign", "campaignConfig.itemExplorationConfig", ChangeClass.IN_PLACE),
        ("Campaign", "minProvisionedTPS", ChangeClass.COSTLY),
        ("Campaign", "solutionVersion", ChangeClass.COSTLY),
        ("Recommender", "recommenderConfig.trainingDataConfig.excludedDatasetColumns", ChangeClass.COSTLY),
        ("Recommender", "recommenderConfig.itemExplorationConfig", ChangeClass.IN_PLACE),
        ("Recommender", "state", ChangeClass.COSTLY),
        ("Recommender", "recipe", ChangeClass.IMPOSSIBLE),
        ("Solution", "solutionConfig.autoTrainingConfig.schedulingExpression", ChangeClass.COSTLY),
        ("Solution", "recipe", ChangeClass.SUCCESSOR),
        ("Schema", "schema", ChangeClass.SUCCESSOR),
        ("Filter", "filterExpression", ChangeClass.RECREATE),
        ("EventTracker", "datasetGroup", ChangeClass.IMPOSSIBLE),
        ("DatasetGroup", "domain", ChangeClass.IMPOSSIBLE),
        ("SolutionVersion", "trainingMode", ChangeClass.RUN),
    ],
)
def test_classes_by_default(kind: str, path: str, expected: ChangeClass) -> None:
    """Each class, by a member that shows it (docs/service/2 §4)."""
    assert default_class(kind, path) is expected


@pytest.mark.parametrize(
    ("kind", "strategy", "expected"),
    [
        ("EventTracker", Replace.RECREATE, ChangeClass.LOSS),
        ("EventTracker", Replace.SUCCESSOR, ChangeClass.IMPOSSIBLE),
        ("Recommender", Replace.SUCCESSOR, ChangeClass.SUCCESSOR),
        ("Filter", Replace.RECREATE, ChangeClass.RECREATE),
        ("Filter", Replace.FORBID, ChangeClass.IMPOSSIBLE),
    ],
)
def test_the_strategy_decides_what_no_update_can_do(kind: str, strategy: Replace, expected: ChangeClass) -> None:
    """Where there can be but one, no strategy makes a second."""
    assert class_of(KINDS[kind], ["datasetGroup"], strategy) is expected


def test_the_possible_strategies_begin_with_the_kinds_own() -> None:
    """What is left to choose where something is immutable."""
    assert possible_strategies(KINDS["EventTracker"]) == (Replace.RECREATE,)
    assert possible_strategies(KINDS["Filter"]) == (Replace.RECREATE, Replace.SUCCESSOR)
    assert possible_strategies(KINDS["Solution"])[0] is Replace.SUCCESSOR


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_what_is_fixed_says_why(kind: type[Resource]) -> None:
    """Every kind with a member that no update takes has the reason of the service."""
    all_mutable = all(is_mutable(kind, [alias]) for alias in members(kind))

    assert bool(kind.immutable) is not all_mutable


@pytest.mark.parametrize(
    ("kind", "path", "before", "after", "risk"),
    [
        ("Campaign", "minProvisionedTPS", 1, 5, Risk.COST),
        ("Campaign", "minProvisionedTPS", 5, 1, Risk.NONE),
        ("Campaign", "solutionVersion", "a", "b", Risk.NONE),
        ("Campaign", "campaignConfig.enableMetadataWithRecommendations", False, True, Risk.COST),
        ("Campaign", "campaignConfig.enableMetadataWithRecommendations", True, False, Risk.NONE),
        ("Recommender", "recommenderConfig.minRecommendationRequestsPerSecond", ABSENT, 2, Risk.COST),
        ("Recommender", "recommenderConfig.trainingDataConfig.excludedDatasetColumns.ITEMS", ABSENT, ["A"], Risk.COST),
        ("Recommender", "state", "running", "stopped", Risk.OUTAGE),
        ("Recommender", "state", "stopped", "running", Risk.COST),
        ("Solution", "performAutoTraining", False, True, Risk.COST),
        ("Solution", "performAutoTraining", True, False, Risk.NONE),
        ("Solution", "performIncrementalUpdate", False, True, Risk.COST),
        ("Solution", "solutionConfig.autoTrainingConfig.schedulingExpression", 7, 3, Risk.COST),
        ("Solution", "solutionConfig.eventsConfig.eventParametersList", [], [{}], Risk.NONE),
        ("Dataset", "schema", "a", "b", Risk.NONE),
    ],
)
def test_what_a_change_in_place_brings(kind: str, path: str, before: Any, after: Any, risk: Risk) -> None:
    """The direction counts: more throughput costs, less does not; a stop is an outage, a start bills again."""
    field = FieldChange(tuple(path.split(".")), before, after)

    assert gravest(note.risk for note in side_effects(KINDS[kind], field)) is risk


@pytest.mark.parametrize(
    ("before", "after", "risk"),
    [
        ({"a": "x"}, {"a": "x", "b": "x"}, Risk.COST),
        ({"a": "x"}, {"a": "y"}, Risk.OUTAGE),
        ({"a": "x", "b": "x"}, {"a": "x"}, Risk.NONE),
        ({"a": "x"}, {"a": "y", "b": "x"}, Risk.OUTAGE),
    ],
)
def test_what_a_change_of_metrics_brings(before: dict[str, str], after: dict[str, str], risk: Risk) -> None:
    """One more costs; one that means something else has a gap (docs/service/3 §5)."""
    values = ([{"metricName": name, "expression": value} for name, value in now.items()] for now in (before, after))
    field = FieldChange(("metrics",), *values)

    assert gravest(note.risk for note in side_effects(KINDS["MetricAttribution"], field)) is risk


def test_the_gravest_risk_stands_for_all() -> None:
    """Losing data outweighs an outage, an outage outweighs money."""
    assert gravest([]) is Risk.NONE
    assert gravest([Risk.COST, Risk.OUTAGE, Risk.NONE]) is Risk.OUTAGE
    assert gravest(Risk) is Risk.DATA_LOSS
