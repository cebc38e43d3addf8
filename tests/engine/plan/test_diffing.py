"""Diffing: which members and tags differ, and what an update sends."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.engine.plan.diffing import differences, tag_differences, update_attributes
from personalize_gitops.model.desired import Lifecycle
from personalize_gitops.model.diff import ABSENT
from personalize_gitops.model.live import LiveUpdate
from personalize_gitops.model.tags import KEYS, key_record
from tests.support.builders import HEAD, document, live, owned


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


@pytest.mark.parametrize(
    ("follows", "shown", "expected"),
    [
        pytest.param(True, "/$LATEST", [], id="the alias"),
        pytest.param(True, "/1a2b3c4d", [], id="a version of the same solution"),
        pytest.param(True, "-2/1a2b3c4d", ["solutionVersion"], id="a version of another solution"),
        pytest.param(False, "/1a2b3c4d", ["solutionVersion"], id="a version that is not followed"),
    ],
)
def test_a_version_that_the_service_follows_is_not_a_difference(follows: bool, shown: str, expected: list[str]) -> None:
    """A campaign that follows `$LATEST` may show the alias or the version that it serves now."""
    rank = f"{HEAD}:solution/rank"
    found = {"solutionVersion": f"{rank}{shown}", "campaignConfig": {"syncWithLatestSolutionVersion": follows}}

    assert differ("Campaign", found, {"solutionVersion": f"{rank}/$LATEST"}) == expected


def test_an_update_in_progress_counts_as_done() -> None:
    """The values that a running update sets are compared, so that it is not sent again."""
    moving = live("Campaign/x", {"minProvisionedTPS": 1}, update=LiveUpdate("CREATE PENDING", {"minProvisionedTPS": 2}))

    assert differences(document("Campaign/x"), moving, {"minProvisionedTPS": 2}) == ()
    assert len(differences(document("Campaign/x"), moving, {"minProvisionedTPS": 1})) == 1


@pytest.mark.parametrize(
    ("declared", "found", "expected"),
    [
        pytest.param({"team": "blue"}, {}, {"team": "blue"}, id="missing"),
        pytest.param({"team": "blue"}, {"team": "red"}, {"team": "blue"}, id="another value"),
        pytest.param({}, {"team": "red"}, {}, id="set by others"),
        pytest.param({}, {"team": "red", KEYS: key_record(["team"])}, {"team": ABSENT}, id="no longer declared"),
        pytest.param({"team": "blue"}, {"team": "blue"}, {KEYS: key_record(["team"])}, id="no record"),
        pytest.param({}, {KEYS: key_record(["team"])}, {KEYS: ABSENT}, id="a record of nothing"),
    ],
)
def test_only_tags_that_were_declared_are_removed(
    declared: dict[str, str], found: dict[str, str], expected: dict[str, Any]
) -> None:
    """The record of declared keys decides which tags are removed; tags that other people set stay."""
    fields = tag_differences(document("Filter/x", tags=declared), owned("Filter/x", tags=found))

    assert {field.path[1]: field.after for field in fields} == expected


def test_nothing_is_removed_from_an_unmanaged_object() -> None:
    """An adopted object gets the declared tags and keeps all others, even if it has a record of declared keys."""
    found = live("Filter/x", tags={"team": "red", KEYS: key_record(["team"])})

    assert [*tag_differences(document("Filter/x"), found)] == []


EXPLORATION, METADATA = "itemExplorationConfig", "enableMetadataWithRecommendations"


@pytest.mark.parametrize(
    ("ignored", "weight"),
    [
        pytest.param([], "0.5", id="ours"),
        pytest.param([f"spec.campaignConfig.{EXPLORATION}"], "0.3", id="ignored"),
    ],
)
def test_an_update_sends_whole_members(ignored: list[str], weight: str) -> None:
    """The member is sent whole: declared values over live ones, ignored members with their live values."""
    wanted = {"campaignConfig": {EXPLORATION: {"explorationWeight": "0.5"}, METADATA: True}}
    influence = {"rankingInfluence": {"POPULARITY": 0.5}}
    found = live("Campaign/x", {"campaignConfig": {EXPLORATION: {"explorationWeight": "0.3"}, **influence}})
    declared = document("Campaign/x", wanted, lifecycle=Lifecycle(ignore=ignored))
    changed = [field.path for field in differences(declared, found, wanted)]

    update = update_attributes(declared, found, wanted, changed)

    assert update == {"campaignConfig": {EXPLORATION: {"explorationWeight": weight}, METADATA: True, **influence}}


def test_an_update_sends_only_members_that_differ() -> None:
    """Of a structure with mutable parts, only the part that differs is sent."""
    events = {"eventParametersList": [{"eventType": "watch", "weight": 1.0}]}
    schedule = {"schedulingExpression": "rate(3 days)"}
    wanted = {"performAutoTraining": True, "solutionConfig": {"eventsConfig": events, "autoTrainingConfig": schedule}}
    found, declared = live("Solution/x", {"solutionConfig": {"autoTrainingConfig": schedule}}), document("Solution/x")
    changed = [field.path for field in differences(declared, found, wanted)]

    assert update_attributes(declared, found, wanted, changed) == {"solutionConfig": {"eventsConfig": events}}
