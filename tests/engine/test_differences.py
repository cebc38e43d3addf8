"""What counts as a difference, beside the values themselves."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.engine.plan.diffing import differences
from tests.support.builders import document, live


def differ(kind: str, told: dict[str, Any], declared: dict[str, Any]) -> list[str]:
    found = differences(document(f"{kind}/x", declared), live(f"{kind}/x", told), declared)
    return [str(change) for change in found]


@pytest.mark.parametrize(
    ("kind", "declared"),
    [
        ("Solution", {"performAutoTraining": True}),
        ("Solution", {"performAutoML": False, "performHPO": False, "performIncrementalUpdate": False}),
        ("Solution", {"solutionConfig": {"autoTrainingConfig": {"schedulingExpression": "rate(7 days)"}}}),
        ("Campaign", {"minProvisionedTPS": 1}),
        ("Campaign", {"campaignConfig": {"syncWithLatestSolutionVersion": False}}),
        ("Campaign", {"campaignConfig": {"itemExplorationConfig": {"explorationWeight": "0.3"}}}),
    ],
)
def test_a_declared_default_is_no_difference(kind: str, declared: dict[str, Any]) -> None:
    """What the service takes by itself and leaves out of its answer is as declared (docs/service/1 §19 item 1)."""
    assert differ(kind, {}, declared) == []


@pytest.mark.parametrize(
    ("kind", "declared", "path"),
    [
        ("Solution", {"performAutoTraining": False}, "performAutoTraining"),
        ("Campaign", {"minProvisionedTPS": 2}, "minProvisionedTPS"),
        (
            "Campaign",
            {"campaignConfig": {"itemExplorationConfig": {"explorationWeight": "0.5"}}},
            "campaignConfig.itemExplorationConfig.explorationWeight",
        ),
    ],
)
def test_anything_but_the_default_is_a_difference(kind: str, declared: dict[str, Any], path: str) -> None:
    """A default hides nothing that was asked for."""
    assert differ(kind, {}, declared) == [path]
