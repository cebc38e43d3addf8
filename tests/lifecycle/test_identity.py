"""An ARN is reusable by name: before every call the object is the one that the plan saw, or nothing is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.events import Done, Event, Failed, Waiting
from personalize_gitops.model.plan import Choices, Plan
from personalize_gitops.model.reason import Reason, ReasonCode
from personalize_gitops.render.reasons import text
from tests.support.shop import apply_shop, stock_shop
from tests.support.texts import reason_of
from tests.support.world import World, actions

OTHERS = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("theirs")'


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Path:
    """An applied shop whose filter has left the manifests, under a target that prunes."""
    manifests = apply_shop(world, tmp_path)
    text = (manifests / "shop.yaml").read_text()
    text = text[: text.index("---\nkind: Filter")].replace("local: {", "local: {prune: true, ")
    (manifests / "shop.yaml").write_text(text)
    return manifests


def client() -> Any:
    return boto3.client("personalize", region_name="us-east-1")


def replace_filter(world: World, arn: str, group: str) -> str:
    """A colleague deletes our filter and creates another of the same name; its creation time in seconds."""
    client().delete_filter(filterArn=arn)
    world.clock.sleep(900)
    client().create_filter(name=arn.rpartition("/")[2], datasetGroupArn=group, filterExpression=OTHERS)
    world.clock.sleep(900)
    return str(client().describe_filter(filterArn=arn)["filter"]["filterExpression"])


def running(world: World, plan: Plan) -> Iterator[Event]:
    return apply(to_steps(plan), world.cloud, world.clock, world.pool)


def reasons(events: list[Event]) -> list[Reason]:
    return [event.reason for event in events if isinstance(event, Failed)]


def test_a_repeated_deletion_never_hits_a_stranger(world: World, shop: Path) -> None:
    """The service refuses our deletion for a while; meanwhile a colleague's filter takes the name, and stays."""
    (ours,) = world.snapshot(shop).of_kind("Filter")
    plan = world.plan(shop)
    assert actions(plan) == {"Filter/bought": Action.DELETE}
    world.emulator.faults.refuse("DeleteFilter", "ResourceInUseException", "busy", times=1)
    events: list[Event] = []
    for event in running(world, plan):
        events.append(event)
        if isinstance(event, Waiting) and len(events) == 1:
            replace_filter(world, ours.arn, ours.attributes["datasetGroup"])

    assert [reason.code for reason in reasons(events)] == [ReasonCode.REPLACED_SINCE_PLAN]
    assert client().describe_filter(filterArn=ours.arn)["filter"]["filterExpression"] == OTHERS


def test_an_object_replaced_between_plan_and_apply_is_left_alone(world: World, shop: Path) -> None:
    """A plan that is carried out later deletes nothing that was created since."""
    (ours,) = world.snapshot(shop).of_kind("Filter")
    plan = world.plan(shop)
    replace_filter(world, ours.arn, ours.attributes["datasetGroup"])

    events = world.carry_out(plan)

    assert [reason.code for reason in reasons(events)] == [ReasonCode.REPLACED_SINCE_PLAN]
    assert client().describe_filter(filterArn=ours.arn)["filter"]["filterExpression"] == OTHERS


@pytest.mark.parametrize(
    ("run", "parent"), [("SolutionVersion/home", "Solution"), ("DatasetImportJob/events", "Dataset")]
)
def test_a_run_starts_on_nothing_that_was_replaced(world: World, tmp_path: Path, run: str, parent: str) -> None:
    """A colleague's solution or dataset of the name has taken the place of ours since the plan: neither changes."""
    manifests = apply_shop(world, tmp_path)
    plan = world.session(manifests).plan(Choices(rerun=frozenset({Address.parse(run)})))
    ours = world.only(manifests, parent)
    for arn, operation in [
        (world.only(manifests, "Campaign").arn, "delete_campaign"),
        (ours.arn, f"delete_{parent.lower()}"),
    ]:
        getattr(client(), operation)(**{f"{operation.removeprefix('delete_')}Arn": arn})
        world.clock.sleep(900)
    world.cloud.create(ours.kind, ours.name, ours.attributes, {})
    world.clock.sleep(900)
    before = world.snapshot(manifests).objects

    events = world.carry_out(plan)

    assert [reason.code for reason in reasons(events)] == [ReasonCode.REPLACED_SINCE_PLAN]
    assert world.snapshot(manifests).objects == before


def test_an_object_that_changed_its_owner_is_left_alone(world: World, shop: Path) -> None:
    """Another project adopted the filter after the plan: it is theirs now."""
    (ours,) = world.snapshot(shop).of_kind("Filter")
    plan = world.plan(shop)
    world.tag_by_hand(ours.arn, {"personalize-gitops:project": "other/prod"})

    events = world.carry_out(plan)

    assert [reason.code for reason in reasons(events)] == [ReasonCode.REPLACED_SINCE_PLAN]
    assert world.cloud.describe(ours.kind, ours.arn) is not None


def test_a_deletion_whose_name_is_taken_again_ends(world: World, shop: Path) -> None:
    """While we wait for the deletion a colleague creates a filter of that name: the wait ends, and says so."""
    (ours,) = world.snapshot(shop).of_kind("Filter")
    plan = world.plan(shop)
    events: list[Event] = []
    for event in running(world, plan):
        events.append(event)
        if len(events) == 1:
            world.clock.sleep(900)
            group = ours.attributes["datasetGroup"]
            client().create_filter(name="bought", datasetGroupArn=group, filterExpression=OTHERS)

    assert [reason.code for reason in reasons(events)] == [ReasonCode.NAME_TAKEN_AGAIN]


def test_a_projects_own_limit_ends_a_wait(world: World, tmp_path: Path) -> None:
    """A target can say how long a step of a kind may take; the failure says how long it took."""
    waits = "limits: {waits: {Dataset: {create: 2h}}}, "
    manifests = stock_shop(world, tmp_path)
    path = manifests / "shop.yaml"
    path.write_text(path.read_text().replace("local: {", f"local: {{{waits}"))
    world.emulator.faults.stick("Dataset")

    session = world.session(manifests)
    events = [*session.apply(session.plan())]

    (reason,) = reasons(events)
    assert text(reason) == "still CREATE IN_PROGRESS after 2h"


def test_a_projects_own_limit_ends_the_wait_for_a_deletion(world: World, tmp_path: Path) -> None:
    """A colleague has deleted the campaign: waiting for that has the limit of a deletion, not of a creation."""
    manifests = apply_shop(world, tmp_path)
    path = manifests / "shop.yaml"
    path.write_text(path.read_text().replace("local: {", "local: {limits: {waits: {Campaign: {delete: 1m}}}, "))
    client().delete_campaign(campaignArn=world.only(manifests, "Campaign").arn)
    session = world.session(manifests)

    events = [*session.apply(session.plan(Choices(destroy=True)))]

    assert text(reasons(events)[0]).startswith("still DELETE IN_PROGRESS after 1m")


def test_a_projects_own_limit_ends_a_refusal(world: World, shop: Path) -> None:
    """A call that the service refuses as long as an object is in a transition is not repeated beyond the own limit."""
    path = shop / "shop.yaml"
    waits = "limits: {waits: {Filter: {delete: 10m}}}, "
    path.write_text(path.read_text().replace("local: {", f"local: {{{waits}"))
    world.emulator.faults.refuse("DeleteFilter", "ResourceInUseException", "busy", times=1000)
    session, begun = world.session(shop), world.clock.now()

    events = [*session.apply(session.plan())]

    (reason,) = reasons(events)
    assert text(reason).startswith("still refused after 10m")
    assert text(reason).endswith("DeleteFilter: busy")
    assert world.clock.now() - begun < 800


@pytest.mark.parametrize("way", ["plan", "destroy", "prune", "retire"])
def test_copied_tags_authorize_nothing(world: World, tmp_path: Path, way: str) -> None:
    """A colleague's object with all our tags is blocked and named by plan, destroy, prune and retirement alike."""
    manifests = apply_shop(world, tmp_path)
    path = manifests / "shop.yaml"
    (ours,) = world.snapshot(manifests).of_kind("Campaign")
    name = "home-2" if way == "retire" else "experiment"
    tags = [{"tagKey": key, "tagValue": value} for key, value in ours.tags.items()]
    theirs = client().create_campaign(
        name=name, solutionVersionArn=ours.attributes["solutionVersion"], minProvisionedTPS=1, tags=tags
    )["campaignArn"]
    world.clock.sleep(3600)
    if way == "prune":
        content = path.read_text().replace("local: {", "local: {prune: true, ")
        campaign = content.index("---\nkind: Campaign")
        path.write_text(content[:campaign] + content[content.index("---\nkind: Filter") :])

    plan = world.destroy_plan(manifests) if way == "destroy" else world.plan(manifests)

    blocked = {change.address: change for change in plan.blocked}
    reason = reason_of(blocked[ours.address]) if ours.address else ""
    assert f"copied between home and {name}" in reason
    assert theirs not in [change.live.arn for change in plan.changes if change.deletes and change.live]


def test_an_unfinished_successor_is_not_taken_for_a_copy(world: World, tmp_path: Path) -> None:
    """An apply that was interrupted between the two campaigns leaves two objects of ours, and the next one finishes."""
    manifests = apply_shop(world, tmp_path)
    path = manifests / "shop.yaml"
    path.write_text(path.read_text().replace("popularity_discount_factor: 0.3", "popularity_discount_factor: 0.5"))
    plan = world.plan(manifests)
    for event in running(world, plan):
        if isinstance(event, Done) and event.step.id.address.kind_name == "Solution":
            break

    assert len(world.snapshot(manifests).of_kind("Solution")) == 2
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}
    assert [live.name for live in world.snapshot(manifests).of_kind("Solution")] == ["home-2"]


def test_a_copy_alone_is_not_ours_either(world: World, tmp_path: Path) -> None:
    """Our campaign was deleted by hand and a colleague's carries its tags: the plan is blocked and changes nothing."""
    manifests = apply_shop(world, tmp_path)
    (ours,) = world.snapshot(manifests).of_kind("Campaign")
    tags = [{"tagKey": key, "tagValue": value} for key, value in ours.tags.items()]
    client().create_campaign(
        name="experiment", solutionVersionArn=ours.attributes["solutionVersion"], minProvisionedTPS=5, tags=tags
    )
    client().delete_campaign(campaignArn=ours.arn)
    world.clock.sleep(3600)

    for plan in (world.plan(manifests), world.destroy_plan(manifests)):
        (blocked,) = [change for change in plan.blocked if change.address == ours.address]
        assert "copied between home and experiment" in reason_of(blocked)


def test_an_object_replaced_during_an_update_is_not_taken_for_updated(world: World, tmp_path: Path) -> None:
    """While the update runs a colleague replaces the campaign: the step fails, and theirs gets none of our tags."""
    manifests = apply_shop(world, tmp_path)
    path = manifests / "shop.yaml"
    (ours,) = world.snapshot(manifests).of_kind("Campaign")
    path.write_text(path.read_text().replace("minProvisionedTPS: 1", "minProvisionedTPS: 2"))
    events: list[Event] = []
    for event in running(world, world.plan(manifests)):
        events.append(event)
        if len(events) == 1:
            world.clock.sleep(3600)
            client().delete_campaign(campaignArn=ours.arn)
            world.clock.sleep(3600)
            version = ours.attributes["solutionVersion"]
            client().create_campaign(name=ours.name, solutionVersionArn=version, minProvisionedTPS=2)
            world.clock.sleep(3600)

    assert [reason.code for reason in reasons(events)] == [ReasonCode.NAME_TAKEN_AGAIN]
    assert world.cloud.tags(ours.arn) == {}


def add_version(arn: str) -> None:
    client().create_solution_version(name="theirs", solutionArn=arn)


def add_import(arn: str) -> None:
    location, role = "s3://shop/interactions.csv", "arn:aws:iam::123456789012:role/data"
    client().create_dataset_import_job(
        jobName="theirs", datasetArn=arn, dataSource={"dataLocation": location}, roleArn=role
    )


@pytest.mark.parametrize(("kind", "edit"), [("Solution", add_version), ("Dataset", add_import)])
def test_a_plan_is_another_when_more_would_go_with_a_deletion(
    world: World, tmp_path: Path, kind: str, edit: Callable[[str], None]
) -> None:
    """A colleague's training or import that the deletion would take along is not what was reviewed."""
    manifests = apply_shop(world, tmp_path)
    (live,) = world.snapshot(manifests).of_kind(kind)
    before = world.destroy_plan(manifests)
    edit(live.arn)
    world.clock.sleep(86400)

    assert world.destroy_plan(manifests).fingerprint != before.fingerprint


def test_a_plan_is_another_when_an_equal_object_has_taken_the_place(world: World, shop: Path) -> None:
    """A filter of the same name, members and tags is still another filter."""
    (ours,) = world.snapshot(shop).of_kind("Filter")
    before = world.plan(shop)
    client().delete_filter(filterArn=ours.arn)
    world.clock.sleep(900)
    client().create_filter(
        name=ours.name,
        datasetGroupArn=ours.attributes["datasetGroup"],
        filterExpression=ours.attributes["filterExpression"],
        tags=[{"tagKey": key, "tagValue": value} for key, value in ours.tags.items()],
    )
    world.clock.sleep(900)

    after = world.plan(shop)

    assert actions(after) == actions(before) == {"Filter/bought": Action.DELETE}
    assert after.fingerprint != before.fingerprint
