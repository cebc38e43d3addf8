"""What is pending, what has failed: waited for, not repeated, told with the service's reason, tried again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.engine.drift import drift
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action, Risk
from personalize_gitops.model.drift import Finding
from personalize_gitops.model.events import Cause, Failed, Left, NotBegun, Waiting
from personalize_gitops.model.live import Live
from tests.contracts.service import answers
from tests.support.edits import edit
from tests.support.every import NEEDS, apply_every, file_of, stock_every
from tests.support.texts import reason_of
from tests.support.world import World, actions

COLUMN = '{name: RUNTIME, type: ["null", int]}, {name: YEAR'
EDITS = {
    "Campaign/home": ("Campaign/home", "minProvisionedTPS: 1", "minProvisionedTPS: 2"),
    "Recommender/next": ("Recommender/next", "RequestsPerSecond: 1", "RequestsPerSecond: 2"),
    "Solution/home": ("Solution/home", "performAutoTraining: false", "performAutoTraining: true"),
    "Dataset/items": ("Schema/items", "{name: YEAR", COLUMN),
    "MetricAttribution/clicks": ("MetricAttribution/clicks", "metricName: liked", "metricName: loved"),
}
"""For each kind that changes in place: an edit, and the file to make it in."""

OTHERS: dict[str, dict[str, Any]] = {
    "Campaign/home": {
        "minProvisionedTPS": 9,
        "campaignConfig": {"enableMetadataWithRecommendations": False, "itemExplorationConfig": {}},
    },
    "Recommender/next": {
        "recommenderConfig": {
            "minRecommendationRequestsPerSecond": 9,
            "itemExplorationConfig": {"explorationWeight": "0.9"},
        }
    },
    "Solution/home": {"performAutoTraining": True},
    "MetricAttribution/clicks": {
        "metrics": [{"eventType": "watch", "metricName": "other", "expression": "SAMPLECOUNT()"}]
    },
}
"""What somebody else may set instead, some of it nobody else's concern."""

WITH_RECORD = [address for address in EDITS if address != "MetricAttribution/clicks"]
"""Those whose update has a record of its own; that of a metric attribution is its own status."""


def redeclare(manifests: Path, address: str) -> None:
    """Edit what EDITS lists for a resource."""
    where, before, after = EDITS[address]
    edit(file_of(manifests, where), before, after)


def one(world: World, manifests: Path, address: str) -> Live:
    kind, _, name = address.partition("/")
    return next(live for live in world.snapshot(manifests).of_kind(kind) if live.name == name)


def begin(world: World, manifests: Path) -> None:
    """Apply without waiting until everything that is left to do is in flight."""
    while any(action is not Action.WAIT for action in actions(world.plan(manifests)).values()):
        world.carry_out(world.plan(manifests), wait=False)


@pytest.mark.parametrize("address", EDITS)
def test_an_update_in_flight_is_waited_for(world: World, tmp_path: Path, address: str) -> None:
    """The plan compares with what the update will bring; apply waits for it, and does not send it again."""
    manifests = apply_every(world, tmp_path, address)
    redeclare(manifests, address)
    if address == "Dataset/items":  # its schema first
        world.carry_out(world.plan(manifests), wait=False)
    else:
        begin(world, manifests)
    world.emulator.faults.refuse(f"Update{address.split('/')[0]}", "InvalidInputException", "sent twice", times=9)

    plan = world.plan(manifests)

    assert actions(plan)[address] is Action.WAIT
    assert {item.finding for item in drift(plan)} <= {Finding.PENDING, Finding.UNAPPLIED}
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}


@pytest.mark.parametrize("state", ["stopped", "running"])
def test_a_recommender_on_its_way_is_waited_for(world: World, tmp_path: Path, state: str) -> None:
    """Stopping counts as stopped, starting as running: neither is asked for twice."""
    manifests = apply_every(world, tmp_path, "Recommender/next")
    path = file_of(manifests, "Recommender/next")
    path.write_text(path.read_text().replace("state: running", "state: stopped"))
    if state == "running":
        world.apply(manifests)
        path.write_text(path.read_text().replace("state: stopped", "state: running"))
    world.carry_out(world.plan(manifests), wait=False)

    assert actions(world.plan(manifests)) == {"Recommender/next": Action.WAIT}
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}


@pytest.mark.parametrize("address", OTHERS)
def test_an_update_to_something_else_is_waited_for_and_taken_back(world: World, tmp_path: Path, address: str) -> None:
    """Begun while somebody's update runs, apply lets that one end, then sends its own, which keeps what is not ours."""
    manifests = apply_every(world, tmp_path, address)
    world.cloud.update(one(world, manifests, address), OTHERS[address])

    plan = world.plan(manifests)
    events = world.carry_out(plan)

    assert actions(plan) == {address: Action.UPDATE}
    assert not any(isinstance(event, Failed) for event in events)
    assert any(isinstance(event, Waiting) for event in events)
    assert actions(world.plan(manifests)) == {}
    if address == "Recommender/next":
        config = one(world, manifests, address).attributes["recommenderConfig"]
        assert config["itemExplorationConfig"] == {"explorationWeight": "0.9"}


@pytest.mark.parametrize("address", OTHERS)
def test_without_waiting_nothing_is_sent_into_an_update(world: World, tmp_path: Path, address: str) -> None:
    """Not waiting while somebody's update runs begins nothing; once that has ended, the plan updates again."""
    manifests = apply_every(world, tmp_path, address)
    world.cloud.update(one(world, manifests, address), OTHERS[address])

    events = world.carry_out(world.plan(manifests), wait=False)

    assert [event.cause for event in events if isinstance(event, NotBegun | Left)] == [Cause.DETACHED]
    world.clock.sleep(1800)
    assert actions(world.plan(manifests)) == {address: Action.UPDATE}
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}


@pytest.mark.parametrize("address", WITH_RECORD)
def test_a_failed_update_is_drift_and_tried_again(world: World, tmp_path: Path, address: str) -> None:
    """The object stays as it was; plan and drift give the service's reason, and the next apply sends it again."""
    manifests = apply_every(world, tmp_path, address)
    redeclare(manifests, address)
    world.emulator.faults.fail(f"Update{address.split('/')[0]}", "no capacity")
    world.carry_out(world.plan(manifests))

    plan = world.plan(manifests)

    change = next(change for change in plan.pending if str(change.address) == address)
    assert change.action is Action.UPDATE
    assert "the previous update failed: no capacity" in reason_of(change)
    assert [(str(item.address), item.finding, reason_of(item)) for item in drift(plan)] == [
        (address, Finding.FAILED_UPDATE, "no capacity")
    ]
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}
    assert drift(world.plan(manifests)) == ()


STATEFUL = [address for address in NEEDS if address != "Schema/items"]  # a schema is there or it is not
SILENT = {
    name
    for name, kind in KINDS.items()
    if "failureReason" not in answers(kind.operation("Describe")).members[kind.member()].members
}
"""Kinds whose descriptions have no place for a reason (docs/service/4 §2)."""


@pytest.mark.parametrize("address", STATEFUL)
def test_a_failed_creation_is_shown_and_tried_again(world: World, tmp_path: Path, address: str) -> None:
    """Every kind: the plan gives AWS's reason and names the way, by which nothing is lost; then all is as declared."""
    manifests = stock_every(world, tmp_path, address)
    kind, _, name = address.partition("/")
    world.emulator.faults.fail(f"Create{kind}" if KINDS[kind].is_run else f"{kind}/{name}", "no luck today")
    world.carry_out(world.plan(manifests))
    failed = next(live for live in world.snapshot(manifests).of_kind(kind) if live.status.endswith("FAILED"))  # type: ignore[union-attr]

    plan = world.plan(manifests)

    change = next(change for change in plan.pending if change.live and change.live.arn == failed.arn)
    reason = "the service gives no reason" if kind in SILENT else "no luck today"
    if KINDS[kind].is_run:
        assert (change.action, change.aws_name) == (Action.RUN, f"{failed.name}-2")
        assert reason_of(change) == f"the last attempt ended with {failed.status}: {reason}"
    else:
        assert (change.action, change.aws_name) == (Action.RECREATE, failed.name)
        assert reason_of(change) == f"creation failed: {reason}"
        assert change.risk is not Risk.DATA_LOSS
        assert (str(change.address), Finding.FAILED) in [(str(d.address), d.finding) for d in drift(plan)]
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}


@pytest.mark.parametrize("address", [address for address in STATEFUL if not KINDS[address.split("/")[0]].is_run])
def test_a_creation_in_flight_is_waited_for(world: World, tmp_path: Path, address: str) -> None:
    """What is being made is not made twice, and apply goes on from there; for runs see `test_runs`."""
    manifests = stock_every(world, tmp_path, address)
    while actions(plan := world.plan(manifests)).get(address) is not Action.WAIT:
        world.carry_out(plan, wait=False)
        if actions(world.plan(manifests)).get(address) is not Action.WAIT:
            world.clock.sleep(1200)
    kind = address.split("/")[0]
    before = len(world.snapshot(manifests).of_kind(kind))

    world.carry_out(plan, wait=False)

    assert len(world.snapshot(manifests).of_kind(kind)) == before
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}
