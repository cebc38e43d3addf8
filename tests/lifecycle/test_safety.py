"""The ways by which something could be lost, bought twice, or never end: each shown not to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.engine.observe.observe import observe
from personalize_gitops.engine.plan.context import PlanContext, Policy
from personalize_gitops.engine.plan.planner import make_destroy_plan, make_plan
from personalize_gitops.errors import AccessDenied, InvalidRequest
from personalize_gitops.manifest import load
from personalize_gitops.model.action import Action
from personalize_gitops.model.events import Begun, Cause, Done, Failed, Left, NotBegun
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Plan
from tests.support.edits import edit
from tests.support.every import apply_every, file_of, stock_every, write_every
from tests.support.shop import stock_shop
from tests.support.texts import reason_of
from tests.support.world import World, actions, blocked

TWO_TARGETS = """
    local: {emulator: {state: state, buckets: {shop: ../data}}}
    staging: {account: "123456789012", region: us-east-1, naming: {suffix: -staging}}
"""


def test_two_targets_in_one_account_are_strangers(world: World, shop: Path) -> None:
    """What one target has made is neither updated nor destroyed by another of the same project."""
    edit(
        shop / "shop.yaml",
        "    local: {emulator: {state: state, buckets: {shop: ../data}}}\n",
        TWO_TARGETS.lstrip("\n"),
    )
    staging = load(shop, "staging")
    snapshot = observe(world.cloud, world.clock, staging.desired, world.pool)

    plan = make_plan(PlanContext(staging.desired, snapshot))

    assert set(actions(plan).values()) == {Action.CREATE, Action.RUN}
    assert make_destroy_plan(PlanContext(staging.desired, snapshot)).changes == ()
    world.carry_out(plan)
    assert actions(world.plan(shop, "local")) == {}


def test_copied_tags_delete_nothing(world: World, shop: Path) -> None:
    """An object somebody made with our tags on it blocks the plan; neither it nor the real one goes."""
    campaign = world.only(shop, "Campaign")
    attributes = {"solutionVersion": campaign.attributes["solutionVersion"], "minProvisionedTPS": 1}
    world.cloud.create(campaign.kind, "experiment", attributes, campaign.tags)
    world.clock.sleep(3600)

    plan = world.plan(shop)

    assert actions(plan) == {"Campaign/home": Action.BLOCKED}
    assert "the tags of this address were copied between" in blocked(plan)["Campaign/home"]


def test_a_status_nobody_knows_replaces_nothing(world: World, shop: Path) -> None:
    """What failed without being a creation may be alive: the plan is blocked, and says so."""
    snapshot = world.snapshot(shop)
    lives = tuple(
        live
        if live.kind.kind_name() != "Dataset"
        else Live(**{**vars(live), "status": "UPDATE FAILED", "failure": "odd"})
        for live in snapshot.objects
    )
    desired = load(shop).desired

    plan = make_plan(
        PlanContext(desired, type(snapshot)(snapshot.account, snapshot.region, 0.0, lives, snapshot.inputs))
    )

    assert (
        blocked(plan)["Dataset/events"]
        == "status is UPDATE FAILED: odd; repair or delete it outside of apply, then plan again"
    )


def schema_of(shop: Path) -> dict[str, Any]:
    return dict(next(d for a, d in load(shop).desired.documents.items() if a.kind_name == "Schema").attributes)


def test_a_strangers_schema_is_not_replaced(world: World, tmp_path: Path) -> None:
    """A schema of our name with other columns, which nothing of ours uses, is somebody else's."""
    manifests = stock_shop(world, tmp_path)
    theirs = schema_of(manifests)
    theirs["schema"] = {**theirs["schema"], "fields": theirs["schema"]["fields"][:2] + theirs["schema"]["fields"][4:]}
    kind = world.kinds["Schema"]
    world.cloud.create(kind, "events", theirs, {})

    plan = world.plan(manifests)

    assert actions(plan)["Schema/events"] is Action.BLOCKED


def test_a_schema_beside_ours_is_not_taken_for_our_successor(world: World, tmp_path: Path) -> None:
    """Somebody's unused `items-2` neither counts as ours nor goes when ours gets a successor."""
    manifests = write_every(tmp_path, "Dataset/items")
    world.apply(manifests)
    kind, mine = world.kinds["Schema"], world.only(manifests, "Schema")
    other = {"schema": {**mine.attributes["schema"], "fields": mine.attributes["schema"]["fields"][:3]}}
    world.cloud.create(kind, "items-2", other, {})
    path = file_of(manifests, "Schema/items")
    path.write_text(path.read_text().replace("{name: YEAR", '{name: RUNTIME, type: ["null", int]}, {name: YEAR'))

    world.apply(manifests)

    assert [live.name for live in world.snapshot(manifests).of_kind("Schema")] == ["items-2", "items-3"]


def test_an_equal_schema_of_others_is_not_ours(world: World, tmp_path: Path) -> None:
    """Somebody's `items-2` with the columns of ours moves nothing of ours, and stays when we destroy."""
    manifests = apply_every(world, tmp_path, "Dataset/items")
    world.cloud.create(world.kinds["Schema"], "items-2", world.only(manifests, "Schema").attributes, {})
    world.clock.sleep(60)

    assert actions(world.plan(manifests)) == {}
    for _ in range(2):
        world.carry_out(world.destroy_plan(manifests))

    assert [live.name for live in world.snapshot(manifests).of_kind("Schema")] == ["items-2"]


def test_a_renamed_dataset_is_blocked_not_lost(world: World, shop: Path) -> None:
    """One dataset of a type to a group: with prune on, a rename must not delete the data and then fail to make it."""
    edit(shop / "shop.yaml", "kind: Dataset\nname: events", "kind: Dataset\nname: interactions")
    edit(shop / "shop.yaml", "dataset: events", "dataset: interactions")
    edit(shop / "shop.yaml", "    local: {", "    local: {prune: true, ")

    plan = world.plan(shop)

    assert blocked(plan)["Dataset/interactions"] == (
        "its dataset group already has Dataset/events and can have only one; to keep that one, declare it by that name"
    )


def test_a_renamed_tracker_is_blocked_not_lost(world: World, tmp_path: Path) -> None:
    """One tracker to a group: its id would be lost with it."""
    manifests = write_every(tmp_path, "EventTracker/web")
    world.apply(manifests)
    path = file_of(manifests, "EventTracker/web")
    path.write_text(path.read_text().replace("name: web", "name: site"))

    assert list(blocked(world.plan(manifests))) == ["EventTracker/site"]


def test_destroy_keeps_a_protected_schema(world: World, shop: Path) -> None:
    """Protection holds for what cannot carry a tag as well."""
    edit(shop / "shop.yaml", "kind: Schema\nname: events", "kind: Schema\nname: events\nlifecycle: {protect: true}")

    assert "Schema/events" in blocked(world.destroy_plan(shop))


def test_a_successor_is_continued_from_wherever_it_stopped(world: World, shop: Path) -> None:
    """At every single event of a successor's way an interruption leaves a plan that can be applied to its end."""
    steps = 0
    for stop in range(1, 60):
        text = (shop / "shop.yaml").read_text()
        before = text[text.index("factor: ") : text.index("}}", text.index("factor: "))]
        (shop / "shop.yaml").write_text(text.replace(before, f"factor: {0.31 + stop / 100:.2f}"))
        plan = world.plan(shop)
        steps = len(list(islice(apply(to_steps(plan), world.cloud, world.clock, world.pool), stop)))

        after = world.plan(shop)
        assert after.applyable, (stop, blocked(after))
        world.apply(shop)
        assert actions(world.plan(shop)) == {}
        assert len(world.snapshot(shop).of_kind("Solution")) == 1
        if steps < stop:
            break
    assert steps > 10


def test_a_pool_of_threads_comes_to_the_same(world: World, tmp_path: Path) -> None:
    """Calls side by side make what calls one after another make."""
    manifests = stock_every(world, tmp_path, "BatchInferenceJob/mail")
    with ThreadPoolExecutor(8) as pool:
        threaded = replace(world, pool=pool)

        threaded.apply(manifests)

        assert actions(threaded.plan(manifests)) == {}


def test_a_campaign_pinned_to_what_goes_blocks_even_when_it_changes(world: World, shop: Path) -> None:
    """Another change of the campaign does not make it move away from the solution that is to go."""
    version = world.only(shop, "SolutionVersion").arn
    text = (shop / "shop.yaml").read_text()
    start, end = text.index("kind: Solution\n"), text.index("kind: Campaign")
    (shop / "shop.yaml").write_text(text[:start] + text[end:])
    edit(
        shop / "shop.yaml",
        "solutionVersion: home, minProvisionedTPS: 1",
        f'solutionVersion: "{version}", minProvisionedTPS: 3',
    )
    edit(shop / "shop.yaml", "    local: {", "    local: {prune: true, ")

    assert blocked(world.plan(shop)) == {
        "Solution/home": "no longer declared; Campaign/home uses it and stays; delete Campaign/home first"
    }


def test_a_failed_successor_is_made_again_in_one_apply(world: World, shop: Path) -> None:
    """The failed one is deleted and made under its own name, the old one serves until then."""
    edit(shop / "shop.yaml", "factor: 0.3", "factor: 0.5")
    world.emulator.faults.fail("CreateSolution", "no luck")
    world.carry_out(world.plan(shop))

    world.apply(shop)

    assert actions(world.plan(shop)) == {}
    assert [live.name for live in world.snapshot(shop).of_kind("Solution")] == ["home-2"]


def test_busy_tags_do_not_repeat_the_update(world: World, shop: Path) -> None:
    """Tags are set when the update has ended; refused tags are tried again, the update is not."""
    edit(shop / "shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
    world.emulator.faults.refuse("TagResource", "ResourceInUseException", "busy", times=5)
    begun = world.clock.now()

    events = world.carry_out(world.plan(shop))

    assert sum(isinstance(event, Begun) for event in events) == 1
    assert world.clock.now() - begun < 3600
    assert actions(world.plan(shop)) == {}


def test_a_stopped_successor_stops_the_new_one(world: World, tmp_path: Path) -> None:
    """`state: stopped` is about the recommender that is made, not about the one it replaces."""
    manifests = apply_every(world, tmp_path, "Recommender/next")
    path = file_of(manifests, "Recommender/next")
    text = path.read_text().replace("aws-vod-top-picks", "aws-vod-most-popular").replace("running", "stopped")
    path.write_text(f"{text}\nlifecycle: {{replace: successor}}\n")

    events = world.apply(manifests)

    done = [str(event.step.id) for event in events if isinstance(event, Done)]
    assert done == ["create Recommender/next", "stop Recommender/next", "delete Recommender/next"]
    (left,) = world.snapshot(manifests).of_kind("Recommender")
    assert (left.name, left.status) == ("next-2", "INACTIVE")


def test_nothing_begins_at_the_deadline(world: World, shop: Path) -> None:
    """A training does not start when nobody will wait for it."""
    edit(shop / "shop.yaml", "factor: 0.3", "factor: 0.5")
    events = world.carry_out(world.plan(shop), deadline=world.clock.now())

    assert not any(isinstance(event, Begun) for event in events)
    assert {event.cause for event in events if isinstance(event, NotBegun | Left)} == {Cause.DEADLINE}


def test_a_refused_list_is_not_the_end(world: World, project_with_filters: Path) -> None:
    """With more than a few of a kind in flight one list tells of all; when it is refused, each is asked by itself."""
    world.emulator.faults.refuse("ListFilters", "InternalFailure", "later", times=9)
    plan = world_plan_before_faults(world, project_with_filters)

    events = world.carry_out(plan)

    assert not any(isinstance(event, Failed) for event in events)


@pytest.fixture
def project_with_filters(tmp_path: Path) -> Path:
    manifests = write_every(tmp_path, "Filter/fresh")
    text = file_of(manifests, "Filter/fresh").read_text()
    for number in range(6):
        copy = text.replace("name: fresh", f"name: fresh-{number}x")
        (manifests / f"filter-{number}.yaml").write_text(copy)
    return manifests


def world_plan_before_faults(world: World, manifests: Path) -> Plan:
    """The plan, made while the faults are laid aside."""
    rules = list(world.emulator.faults.rules)
    world.emulator.faults.clear()
    plan = world.plan(manifests)
    world.emulator.faults.rules.extend(rules)
    return plan


def test_asking_less_of_a_run_does_not_run_it(world: World, shop: Path) -> None:
    """A training that was made with its data counted is as good when the data no longer counts."""
    text = (shop / "shop.yaml").read_text()
    before, after = text.rsplit("run: {when: [config, data]}", 1)
    (shop / "shop.yaml").write_text(f"{before}{after}")

    assert actions(world.plan(shop)) == {}


def test_what_a_change_brings_is_told(world: World, shop: Path) -> None:
    """A switch to automatic training is one update, which starts a training: the plan says so, and its risk is cost."""
    edit(shop / "shop.yaml", "performAutoTraining: false", "performAutoTraining: true")

    (change,) = world.plan(shop).pending

    assert "starts a training within the hour" in reason_of(change)
    assert change.risk == "cost"


def test_a_campaign_that_followed_can_be_pinned(world: World, shop: Path) -> None:
    """Going back from $LATEST to a version turns following off in the same update."""
    edit(shop / "shop.yaml", "solutionVersion: home,", "solutionVersion: {solution: home, version: $LATEST},")
    world.apply(shop)
    edit(shop / "shop.yaml", "solutionVersion: {solution: home, version: $LATEST},", "solutionVersion: home,")

    assert actions(world.plan(shop)) == {"Campaign/home": Action.UPDATE}
    world.apply(shop)
    assert actions(world.plan(shop)) == {}


@pytest.mark.parametrize("operation", ["ListFilters", "DescribeSolution"])
def test_what_a_permission_hides_does_not_pass_for_absent(world: World, shop: Path, operation: str) -> None:
    """A read that is denied stops the plan."""
    world.emulator.faults.refuse(operation, "AccessDeniedException", "not authorized", times=50)

    with pytest.raises(AccessDenied):
        world.plan(shop)


def test_a_lost_answer_and_a_lagging_list_do_not_fail(world: World, tmp_path: Path) -> None:
    """An object that exists although the list does not show it yet is found a little later."""
    manifests = stock_shop(world, tmp_path)
    world.emulator.faults.lose_response("CreateDatasetGroup")
    world.emulator.faults.lag("DatasetGroup", 5)

    world.apply(manifests)

    assert actions(world.plan(manifests)) == {}


def test_policy_is_asked_for_pruning(world: World, shop: Path) -> None:
    """Without a policy nothing undeclared is deleted."""
    text = (shop / "shop.yaml").read_text()
    (shop / "shop.yaml").write_text(text[: text.index("---\nkind: Filter")])
    loaded, snapshot = load(shop), world.snapshot(shop)

    assert make_plan(PlanContext(loaded.desired, snapshot)).is_empty
    assert actions(make_plan(PlanContext(loaded.desired, snapshot, Policy(prune=True)))) == {
        "Filter/bought": Action.DELETE
    }
    assert InvalidRequest.exit_code == 1


def test_what_others_scale_within_bounds_is_left_alone(world: World, shop: Path) -> None:
    """A number within lifecycle.bounds is somebody else's to choose; beyond them it is set back."""
    edit(
        shop / "shop.yaml",
        "minProvisionedTPS: 1}",
        "minProvisionedTPS: 1}\nlifecycle: {bounds: {spec.minProvisionedTPS: {min: 1, max: 5}}}",
    )
    for throughput, expected in ((4, {}), (9, {"Campaign/home": Action.UPDATE})):
        world.cloud.update(world.only(shop, "Campaign"), {"minProvisionedTPS": throughput})
        world.clock.sleep(3600)

        assert actions(world.plan(shop)) == expected


def test_a_retired_solution_stays_for_its_time(world: World, shop: Path) -> None:
    """With retireAfter the old one serves on beside its successor, and goes with the first apply after its time."""
    edit(shop / "shop.yaml", "factor: 0.3}}\n", "factor: 0.5}}\nlifecycle: {retireAfter: 7d}\n")
    world.apply(shop)

    plan = world.plan(shop)

    assert plan.is_empty
    (kept,) = [change for change in plan.changes if change.action is Action.KEEP]
    assert kept.aws_name == "home"
    assert "stays for 7 more days" in reason_of(kept)
    world.clock.sleep(8 * 86400)
    assert actions(world.plan(shop)) == {"Solution/home": Action.DELETE}
    world.apply(shop)
    assert [live.name for live in world.snapshot(shop).of_kind("Solution")] == ["home-2"]


def test_a_second_full_import_says_what_it_overwrites(world: World, shop: Path, tmp_path: Path) -> None:
    """A FULL import takes the rows of earlier ones away, and the plan says so."""
    with (tmp_path / "data" / "interactions.csv").open("a") as file:
        file.write("p1,m1,watch,3,1700099999\n")
    world.put_data(tmp_path / "data", "shop")

    reasons = {str(change.address): reason_of(change) for change in world.plan(shop).pending}

    assert reasons["DatasetImportJob/events"] == "input data changed; overwrites the rows of earlier imports"


def test_an_arn_of_a_declared_resource_is_that_resource(world: World, shop: Path) -> None:
    """Writing a solution's ARN in the place of its name buys no training and moves no campaign."""
    arn = world.only(shop, "Solution").arn
    edit(shop / "shop.yaml", "spec: {solution: home}", f'spec: {{solution: "{arn}"}}')
    edit(shop / "shop.yaml", "solutionVersion: home,", f'solutionVersion: {{solution: "{arn}", version: latest}},')

    assert actions(world.plan(shop)) == {}


@pytest.mark.parametrize("version", ["latest", "$LATEST"])
def test_a_campaign_waits_for_the_first_automatic_training(world: World, tmp_path: Path, version: str) -> None:
    """On the newest version of a solution that trains by itself it comes with an apply after the first of them."""
    manifests = stock_shop(world, tmp_path)
    text = (manifests / "shop.yaml").read_text()
    start, end = text.index("kind: SolutionVersion"), text.index("kind: Campaign")
    (manifests / "shop.yaml").write_text(
        (text[:start] + text[end:])
        .replace("performAutoTraining: false", "performAutoTraining: true")
        .replace("solutionVersion: home,", f"solutionVersion: {{solution: home, version: {version}}},")
    )

    world.apply(manifests)

    assert actions(world.plan(manifests)) == {"Campaign/home": Action.WAIT}
    world.clock.sleep(3 * 3600)
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}
    assert world.snapshot(manifests).of_kind("Campaign")


@pytest.mark.parametrize("shrinks", ["factor: 0.5", "factor: 0.3"])
def test_a_protected_training_keeps_its_solution(world: World, shop: Path, shrinks: str) -> None:
    """A version goes with its solution, so a protected one blocks the solution's successor, and its deletion."""
    edit(shop / "shop.yaml", "factor: 0.3", shrinks)
    edit(shop / "shop.yaml", "spec: {solution: home}", "spec: {solution: home}\nlifecycle: {protect: true}")

    plan = world.plan(shop) if shrinks == "factor: 0.5" else world.destroy_plan(shop)

    assert (
        "SolutionVersion/home would be deleted with it and is protected by lifecycle.protect"
        in blocked(plan)["Solution/home"]
    )
