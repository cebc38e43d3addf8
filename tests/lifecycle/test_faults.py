"""When the service, the network or somebody else gets in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from personalize_gitops.aws.retry import ATTEMPTS
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.model.action import Action
from personalize_gitops.model.events import (
    Begun,
    Cause,
    Done,
    Event,
    Failed,
    Left,
    NotBegun,
    Skipped,
    Waiting,
    exit_code,
)
from personalize_gitops.model.ownership import is_unfinished
from personalize_gitops.model.plan import Plan
from personalize_gitops.model.tags import APPLIED
from personalize_gitops.render.reasons import text
from tests.support.edits import edit
from tests.support.every import apply_every, file_of
from tests.support.project import Project
from tests.support.texts import reason_of
from tests.support.world import World, actions


def skipped(events: list[Event]) -> dict[str, str]:
    return {str(e.step.id.address): str(e.because.id.address) for e in events if isinstance(e, Skipped)}


def failed(events: list[Event]) -> dict[str, str]:
    return {str(event.step.id.address): reason_of(event) for event in events if isinstance(event, Failed)}


def running(world: World, plan: Plan) -> Iterator[Event]:
    return apply(to_steps(plan), world.cloud, world.clock, world.pool)


def versions(world: World, project: Project) -> list[str]:
    """The names of all trainings there ever were, oldest first."""
    return [live.name for live in world.snapshot(project.manifests).of_kind("SolutionVersion")]


def test_dependants_of_a_failed_step_are_skipped(stocked: World, project: Project) -> None:
    """A campaign is not created when training its version failed, and names the training as the cause."""
    stocked.emulator.faults.fail("SolutionVersion", "the model would not converge")

    events = stocked.carry_out(stocked.plan(project.manifests))

    (culprit,) = failed(events)
    assert skipped(events) == {culprit.replace("SolutionVersion", "Campaign"): culprit}
    assert failed(events)[culprit] == "the model would not converge"
    assert exit_code(events) == 10


def test_a_failed_training_is_run_again_under_another_name(stocked: World, project: Project) -> None:
    """The next plan says why the last attempt failed, and the next apply continues from there."""
    stocked.emulator.faults.fail("SolutionVersion", "the model would not converge")
    stocked.carry_out(stocked.plan(project.manifests))

    plan = stocked.plan(project.manifests)

    run = next(change for change in plan.pending if change.action is Action.RUN)
    assert "the model would not converge" in reason_of(run)
    assert run.aws_name.endswith("-2")
    stocked.apply(project.manifests)
    assert actions(stocked.plan(project.manifests)) == {}


def test_a_failed_creation_is_made_anew(stocked: World, project: Project) -> None:
    """What failed to be created is deleted and created again, with the service's reason in the plan."""
    stocked.emulator.faults.fail("Campaign", "no capacity")
    stocked.carry_out(stocked.plan(project.manifests))

    plan = stocked.plan(project.manifests)

    assert list(actions(plan).values()) == [Action.RECREATE]
    assert "no capacity" in reason_of(plan.pending[0])
    stocked.apply(project.manifests)
    assert actions(stocked.plan(project.manifests)) == {}


def test_a_failed_update_is_told_with_its_reason(applied: World, project: Project) -> None:
    """The campaign stays ACTIVE with its old settings; only the update's record tells that it failed."""
    project.edit("for-you.yaml", "minProvisionedTPS: ${tps}", "minProvisionedTPS: 3")
    applied.emulator.faults.fail("UpdateCampaign", "no capacity")

    events = applied.carry_out(applied.plan(project.manifests))

    assert failed(events) == {"Campaign/for-you": "no capacity"}
    assert actions(applied.plan(project.manifests)) == {"Campaign/for-you": Action.UPDATE}


@pytest.mark.parametrize("losses", [1, ATTEMPTS + 1], ids=["once", "for minutes"])
@pytest.mark.parametrize(
    ("address", "operation", "before", "after"),
    [
        ("Campaign/home", "UpdateCampaign", "minProvisionedTPS: 1", "minProvisionedTPS: 2"),
        ("Recommender/next", "UpdateRecommender", "RequestsPerSecond: 1", "RequestsPerSecond: 2"),
        ("Recommender/next", "StopRecommender", "state: running", "state: stopped"),
        ("MetricAttribution/clicks", "UpdateMetricAttribution", "{eventType: like", "{eventType: love"),
    ],
    ids=["campaign", "recommender", "stopped recommender", "metrics"],
)
def test_an_update_whose_answer_is_lost_is_looked_at(
    world: World, tmp_path: Path, address: str, operation: str, before: str, after: str, losses: int
) -> None:
    """The service refuses the repeated call, because the first one took effect: no failure, no other update."""
    manifests = apply_every(world, tmp_path, address)
    edit(file_of(manifests, address), before, after)
    world.emulator.faults.lose_response(operation, times=losses)
    world.emulator.answered.clear()

    world.apply(manifests)

    assert actions(world.plan(manifests)) == {}
    assert world.emulator.answered[operation] <= losses + 2


def test_throttling_is_waited_out(stocked: World, project: Project) -> None:
    """Throttled calls are tried again, on the clock's time."""
    for operation in ("CreateDatasetGroup", "ListSolutions", "DescribeDataset"):
        stocked.emulator.faults.refuse(operation, "ThrottlingException", "Rate exceeded", times=3)

    stocked.apply(project.manifests)

    assert actions(stocked.plan(project.manifests)) == {}


def test_a_training_whose_answer_was_lost_is_not_bought_twice(stocked: World, project: Project) -> None:
    """After a lost response the account is searched before anything is tried again."""
    stocked.emulator.faults.lose_response("CreateSolutionVersion", times=3)

    stocked.apply(project.manifests)

    assert len(versions(stocked, project)) == 3
    assert actions(stocked.plan(project.manifests)) == {}


def test_any_creation_whose_answer_was_lost_is_found(stocked: World, project: Project) -> None:
    """The same holds for every kind, tagged or not."""
    for kind in ("Schema", "DatasetGroup", "Dataset", "DatasetImportJob", "EventTracker", "Filter", "Campaign"):
        stocked.emulator.faults.lose_response(f"Create{kind}")

    stocked.apply(project.manifests)

    assert actions(stocked.plan(project.manifests)) == {}


def test_a_full_queue_is_waited_for(stocked: World, project: Project) -> None:
    """`More than 5 resources with PENDING` asks for patience, not for giving up."""
    message = "More than 5 resources with PENDING or IN_PROGRESS status."
    stocked.emulator.faults.refuse("CreateDatasetImportJob", "LimitExceededException", message, times=4)

    stocked.apply(project.manifests)

    assert actions(stocked.plan(project.manifests)) == {}


def test_a_full_quota_is_a_failure(stocked: World, project: Project) -> None:
    """`More than 5 resources in ACTIVE state` does not pass by waiting."""
    message = "Cannot create a campaign. More than 5 resources in ACTIVE state. Please delete some and try again."
    stocked.emulator.faults.refuse("CreateCampaign", "LimitExceededException", message)

    events = stocked.carry_out(stocked.plan(project.manifests))

    assert [message in reason for reason in failed(events).values()] == [True]


def test_what_is_in_transition_is_asked_again(stocked: World, project: Project) -> None:
    """ResourceInUse is patience too: something the call depends on is not ready yet."""
    stocked.emulator.faults.refuse("CreateSolution", "ResourceInUseException", "The group is busy.", times=5)

    events = stocked.apply(project.manifests)

    assert any(isinstance(event, Waiting) and "busy" in text(event.state) for event in events)


def test_independent_work_goes_on(stocked: World, project: Project) -> None:
    """A refused filter keeps nobody else from being created."""
    stocked.emulator.faults.refuse("CreateFilter", "InvalidInputException", "Invalid expression.")

    events = stocked.carry_out(stocked.plan(project.manifests))

    assert len(failed(events)) == 1
    assert skipped(events) == {}
    assert sum(isinstance(event, Done) for event in events) == 21


def test_not_waiting_leaves_work_in_flight(stocked: World, project: Project) -> None:
    """Without waiting what can begin begins; the next plan waits for it instead of starting it again."""
    events = stocked.carry_out(stocked.plan(project.manifests), wait=False)

    assert [str(event.step.id.address) for event in events if isinstance(event, Left)] == ["DatasetGroup/movielens"]
    assert exit_code(events) == 9
    assert actions(stocked.plan(project.manifests))["DatasetGroup/movielens"] is Action.WAIT


def test_the_deadline_stops_the_waiting(stocked: World, project: Project) -> None:
    """At the deadline nothing more is begun; the training goes on in the account and is not bought again."""
    deadline = stocked.clock.now() + 1800

    events = stocked.carry_out(stocked.plan(project.manifests), deadline=deadline)

    assert {event.cause for event in events if isinstance(event, Left | NotBegun)} == {Cause.DEADLINE}
    assert stocked.clock.now() == deadline
    assert actions(stocked.plan(project.manifests))["SolutionVersion/for-you"] is Action.WAIT
    stocked.apply(project.manifests)
    assert len(versions(stocked, project)) == 3


def test_an_update_in_flight_is_not_repeated(applied: World, project: Project) -> None:
    """A second plan compares against what the running update will bring."""
    project.edit("for-you.yaml", "minProvisionedTPS: ${tps}", "minProvisionedTPS: 3")
    applied.carry_out(applied.plan(project.manifests), wait=False)

    plan = applied.plan(project.manifests)

    assert actions(plan) == {"Campaign/for-you": Action.WAIT}
    applied.apply(project.manifests)
    assert actions(applied.plan(project.manifests)) == {}


def test_an_edit_from_outside_is_drift_and_is_mended(applied: World, project: Project) -> None:
    """Somebody's change in the account is seen by the next plan, and the next apply takes it back."""
    campaign = next(live for live in applied.snapshot(project.manifests).of_kind("Campaign") if live.name == "for-you")
    applied.cloud.update(campaign, {"minProvisionedTPS": 9})
    applied.clock.sleep(3600)

    plan = applied.plan(project.manifests)

    assert actions(plan) == {"Campaign/for-you": Action.UPDATE}
    applied.apply(project.manifests)
    assert actions(applied.plan(project.manifests)) == {}


def test_automatic_training_is_not_drift(applied: World, project: Project) -> None:
    """Versions the service trains by itself are nobody's change, and no reason to train."""
    project.edit("similar.yaml", "performAutoTraining: false", "performAutoTraining: true")
    applied.apply(project.manifests)

    applied.clock.sleep(8 * 86400)

    assert actions(applied.plan(project.manifests)) == {}


def test_reads_without_an_answer_are_no_lost_call(world: World, tmp_path: Path) -> None:
    """Only a change can have taken effect: after reads without an answer, a refusal is a refusal, and waited out."""
    manifests = apply_every(world, tmp_path, "Recommender/next")
    edit(file_of(manifests, "Recommender/next"), "state: running", "state: stopped")
    plan = world.plan(manifests)
    world.emulator.faults.refuse("DescribeRecommender", "InternalFailure", "out of reach", times=ATTEMPTS)
    world.emulator.faults.refuse("StopRecommender", "ResourceInUseException", "busy for a while", times=20)

    assert failed(world.carry_out(plan)) == {}
    assert actions(world.plan(manifests)) == {}


def test_a_record_whose_tag_got_no_answer_is_opened_again(world: World, tmp_path: Path) -> None:
    """An update is sent only when its object says that one is in progress."""
    manifests = apply_every(world, tmp_path, "Campaign/home")
    edit(file_of(manifests, "Campaign/home"), "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    plan = world.plan(manifests)
    world.emulator.faults.refuse("TagResource", "InternalFailure", "out of reach", times=ATTEMPTS)

    begun = next(event for event in running(world, plan) if isinstance(event, Begun))

    assert str(begun.step.id) == "update Campaign/home"
    assert is_unfinished(world.cloud.tags(world.only(manifests, "Campaign").arn)[APPLIED])
