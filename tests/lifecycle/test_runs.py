"""What happens once happens once: imports, exports, deletions, trainings and batch jobs on the emulator."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action
from personalize_gitops.model.events import Done
from tests.support.edits import edit
from tests.support.every import NEEDS, ROLE, file_of, stock_every
from tests.support.shop import stock_shop
from tests.support.world import World, actions

RUNS = [address for address in NEEDS if KINDS[address.split("/")[0]].is_run]


def runs(world: World, manifests: Path) -> Counter[str]:
    """How many runs there ever were, by kind."""
    return Counter(live.kind.kind() for live in world.snapshot(manifests).objects if live.kind.is_run)


def declared(manifests: Path) -> Counter[str]:
    """How many runs the manifests ask for, by kind."""
    return Counter(kind for path in manifests.glob("*-*.yaml") if KINDS[kind := path.name.split("-")[0]].is_run)


@pytest.mark.parametrize("address", RUNS)
def test_applying_twice_runs_once(world: World, tmp_path: Path, address: str) -> None:
    """A second apply of the same manifests begins nothing."""
    manifests = stock_every(world, tmp_path, address)

    world.apply(manifests)
    again = world.apply(manifests)

    assert again == []
    assert runs(world, manifests) == declared(manifests)


@pytest.mark.parametrize("address", RUNS)
@pytest.mark.parametrize("lag", [0, 120])
def test_a_lost_answer_runs_once(world: World, tmp_path: Path, address: str, lag: int) -> None:
    """What was accepted although the answer was lost is found, even where the list shows it late."""
    manifests = stock_every(world, tmp_path, address)
    kind = address.split("/")[0]
    world.emulator.faults.lose_response(f"Create{kind}", times=2)
    if lag:
        world.emulator.faults.lag(kind, lag, times=2)

    world.carry_out(world.plan(manifests))
    world.clock.sleep(3600)
    world.apply(manifests)

    assert runs(world, manifests) == declared(manifests)
    assert actions(world.plan(manifests)) == {}


@pytest.mark.parametrize("address", RUNS)
def test_what_is_under_way_is_not_run_again(world: World, tmp_path: Path, address: str) -> None:
    """Applying without waiting, over and over, begins each run once and waits for what is in flight."""
    manifests = stock_every(world, tmp_path, address)
    begun = False

    while not (plan := world.plan(manifests)).is_empty:
        assert actions(plan).get(address) is not Action.RUN or not begun
        world.carry_out(plan, wait=False)
        if not begun and runs(world, manifests)[address.split("/")[0]] == declared(manifests)[address.split("/")[0]]:
            begun = True
            assert actions(world.plan(manifests))[address] is Action.WAIT
        world.clock.sleep(1200)

    assert begun
    assert runs(world, manifests) == declared(manifests)


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Path:
    """The smallest project, not applied yet, with a solution that trains by itself."""
    manifests = stock_shop(world, tmp_path)
    edit(manifests / "shop.yaml", "performAutoTraining: false", "performAutoTraining: true")
    return manifests


def test_the_first_training_happens_once(world: World, shop: Path) -> None:
    """The declared training begins within the hour, so the service skips its first one (docs/service/2 §3.8, §8.1)."""
    world.apply(shop)

    world.clock.sleep(5 * 3600)

    assert world.trained_by_service(shop) == [False]
    assert actions(world.plan(shop)) == {}


def test_switching_automatic_training_on_trains_once(world: World, shop: Path) -> None:
    """The same holds when both are asked for later, by one edit: the update is done before the training begins."""
    edit(shop / "shop.yaml", "performAutoTraining: true", "performAutoTraining: false")
    world.apply(shop)
    edit(shop / "shop.yaml", "performAutoTraining: false", "performAutoTraining: true")
    edit(shop / "shop.yaml", "spec: {solution: home}\n", "spec: {solution: home, trainingMode: FULL}\n")
    with (shop.parent / "data" / "interactions.csv").open("a") as file:
        file.write("p1,m1,watch,3,1700099999\n")
    world.put_data(shop.parent / "data", "shop")

    world.apply(shop)
    world.clock.sleep(5 * 3600)

    assert world.trained_by_service(shop) == [False, False]
    assert actions(world.plan(shop)) == {}


def without_training(shop: Path) -> str:
    """Take the training and its campaign out of the manifests; what they were."""
    text = (shop / "shop.yaml").read_text()
    start, end = text.index("kind: SolutionVersion"), text.index("kind: Filter")
    (shop / "shop.yaml").write_text(text[:start] + text[end:])
    return text


def test_an_automatic_training_under_way_is_waited_for(world: World, shop: Path) -> None:
    """A training declared while the service trains by itself is not begun; the campaign serves what comes of it."""
    whole = without_training(shop)
    world.apply(shop)
    world.clock.sleep(40 * 60)
    (shop / "shop.yaml").write_text(whole)

    plan = world.plan(shop)

    assert actions(plan) == {"SolutionVersion/home": Action.WAIT, "Campaign/home": Action.CREATE}
    events = world.carry_out(plan)
    assert [str(event.step.id) for event in events if isinstance(event, Done)] == [
        "wait SolutionVersion/home",
        "create Campaign/home",
    ]
    assert world.trained_by_service(shop) == [True]
    assert actions(world.plan(shop)) == {}


def test_an_automatic_training_stands_in(world: World, shop: Path) -> None:
    """One that has ended is what the campaign is pinned to, and stays so when the service makes newer ones."""
    whole = without_training(shop)
    world.apply(shop)
    world.clock.sleep(3 * 3600)
    (shop / "shop.yaml").write_text(whole)

    assert actions(world.plan(shop)) == {"Campaign/home": Action.CREATE}
    world.apply(shop)
    (first,) = world.snapshot(shop).of_kind("SolutionVersion")
    with (shop.parent / "data" / "interactions.csv").open("a") as file:
        file.write("p1,m1,watch,3,1700099999\n")
    world.put_data(shop.parent / "data", "shop")
    without_data = (
        (shop / "shop.yaml")
        .read_text()
        .replace("spec: {solution: home}\nrun: {when: [config, data]}", "spec: {solution: home}")
    )
    (shop / "shop.yaml").write_text(without_data)
    world.apply(shop)
    world.clock.sleep(8 * 86400)
    assert world.trained_by_service(shop) == [True, True]
    assert actions(world.plan(shop)) == {}
    (campaign,) = world.snapshot(shop).of_kind("Campaign")
    assert campaign.attributes["solutionVersion"] == first.arn


def test_new_data_is_trained_on_although_there_is_an_automatic_training(world: World, shop: Path) -> None:
    """What the service trained before an import does not have its rows."""
    whole = without_training(shop)
    world.apply(shop)
    world.clock.sleep(3 * 3600)
    (shop / "shop.yaml").write_text(whole)
    with (shop.parent / "data" / "interactions.csv").open("a") as file:
        file.write("p1,m1,watch,3,1700099999\n")
    world.put_data(shop.parent / "data", "shop")

    assert actions(world.plan(shop))["SolutionVersion/home"] is Action.RUN
    world.apply(shop)
    assert world.trained_by_service(shop) == [True, False]
    assert actions(world.plan(shop)) == {}


def incremental(manifests: Path, folder: Path, world: World) -> None:
    """Declare an incremental import of the events, and give it its rows."""
    data = folder / "data"
    (data / "more.csv").write_text((data / "interactions.csv").read_text().replace("17000", "17100"))
    world.put_data(data, "every")
    (manifests / "more.yaml").write_text(f"""
kind: DatasetImportJob
name: a-more
spec:
  dataset: events
  dataSource: {{dataLocation: "s3://every/more.csv"}}
  roleArn: {ROLE}
  importMode: INCREMENTAL
""")


def test_an_incremental_import_follows_the_full_one(world: World, tmp_path: Path) -> None:
    """Both in one apply, whatever their names: the full one first, and the other only when that has succeeded."""
    manifests = stock_every(world, tmp_path, "DatasetImportJob/events")
    incremental(manifests, tmp_path, world)

    events = world.apply(manifests)

    done = [str(event.step.id.address) for event in events if isinstance(event, Done)]
    assert done[-2:] == ["DatasetImportJob/events", "DatasetImportJob/a-more"]
    assert actions(world.plan(manifests)) == {}


def test_an_incremental_import_is_blocked_without_a_full_one(world: World, tmp_path: Path) -> None:
    """Nothing declared, nothing in the account: the plan says so before the service refuses."""
    manifests = stock_every(world, tmp_path, "EventTracker/web")
    world.apply(manifests)
    incremental(manifests, tmp_path, world)

    assert actions(world.plan(manifests)) == {"DatasetImportJob/a-more": Action.BLOCKED}


def test_a_full_import_that_is_no_longer_declared_is_enough(world: World, tmp_path: Path) -> None:
    """The rows are there, whoever imported them; what a list leaves out of an import is read for that."""
    manifests = stock_every(world, tmp_path, "DatasetImportJob/events")
    world.apply(manifests)
    file_of(manifests, "DatasetImportJob/events").unlink()
    incremental(manifests, tmp_path, world)

    assert actions(world.plan(manifests)) == {"DatasetImportJob/a-more": Action.RUN}
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}
