"""Members that have their default are left out, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.engine.importing.defaults import without_defaults
from personalize_gitops.kinds import KINDS

RECIPE = "arn:aws:personalize:::recipe/aws-similar-items"
FACTOR = "popularity_discount_factor"


@pytest.mark.parametrize(
    ("kind", "attributes", "left"),
    [
        ("Campaign", {"minProvisionedTPS": 1}, {}),
        ("Campaign", {"minProvisionedTPS": 2}, {"minProvisionedTPS": 2}),
        ("Campaign", {"campaignConfig": {}}, {}),
        (
            "Campaign",
            {
                "campaignConfig": {
                    "itemExplorationConfig": {"explorationWeight": "0.3", "explorationItemAgeCutOff": "7"}
                }
            },
            {"campaignConfig": {"itemExplorationConfig": {"explorationItemAgeCutOff": "7"}}},
        ),
        ("Recommender", {"state": "running"}, {}),
        ("Recommender", {"state": "stopped"}, {"state": "stopped"}),
        ("Solution", {"performAutoTraining": True, "performHPO": False}, {}),
        ("Solution", {"performAutoTraining": False}, {"performAutoTraining": False}),
        (
            "Solution",
            {"recipe": RECIPE, "solutionConfig": {"algorithmHyperParameters": {FACTOR: "0.5"}}},
            {"recipe": RECIPE, "solutionConfig": {"algorithmHyperParameters": {FACTOR: "0.5"}}},
        ),
        ("Solution", {"solutionConfig": {"autoTrainingConfig": {"schedulingExpression": "rate(7 days)"}}}, {}),
        (
            "Solution",
            {
                "performHPO": False,
                "performAutoTraining": False,
                "solutionConfig": {"algorithmHyperParameters": {}, "featureTransformationParameters": {}},
            },
            {"performAutoTraining": False},
        ),
        ("BatchSegmentJob", {"numResults": 25, "jobInput": {}}, {"jobInput": {}}),
        ("DatasetGroup", {"domain": "ECOMMERCE"}, {"domain": "ECOMMERCE"}),
    ],
)
def test_only_defaults_are_left_out(kind: str, attributes: dict[str, Any], left: dict[str, Any]) -> None:
    """The kinds know the defaults, by value, by key of a map, and by recipe; empty members stay if required."""
    assert without_defaults(KINDS[kind], attributes)[0] == left


def test_the_defaults_of_a_recipe_are_left_out() -> None:
    """A hyperparameter that the service answers with the value of the recipe is not declared."""
    defaults = KINDS["Solution"].dependent_defaults({"recipe": RECIPE})["solutionConfig"]["algorithmHyperParameters"]
    found = {"recipe": RECIPE, "solutionConfig": {"algorithmHyperParameters": {**defaults, FACTOR: "0.9"}}}

    kept, left = without_defaults(KINDS["Solution"], found)

    assert kept == {"recipe": RECIPE, "solutionConfig": {"algorithmHyperParameters": {FACTOR: "0.9"}}}
    assert {path[-1] for path in left} == defaults.keys() - {FACTOR}
