"""A chain of successors from end to end: who follows whom, in which order, and what becomes of the old one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.model.action import Action
from personalize_gitops.model.events import Done, Event
from personalize_gitops.model.tags import ADDRESS
from tests.lifecycle.test_convergence import turns, why_not_serving
from tests.support.every import apply_every, file_of, stock_every, write_every
from tests.support.texts import reason_of
from tests.support.world import World, actions

PARAMETERS = "algorithmHyperParameters"


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Path:
    """Both solutions with their trainings, the campaign, the batch jobs and the filter one of them uses; applied."""
    manifests = stock_every(
        world, tmp_path, "BatchSegmentJob/fans", "BatchInferenceJob/mail", "Campaign/home", "Filter/fresh"
    )
    mail = file_of(manifests, "BatchInferenceJob/mail")
    mail.write_text(mail.read_text().replace("  numResults", "  filter: fresh\n  numResults"))
    world.apply(manifests)
    return manifests


def edit(manifests: Path, number: int) -> None:
    """The edit of that number: another filter expression, and immutable members of both solutions."""
    for address, pattern, after in (
        ("Solution/home", r"dimension: \d+", f"dimension: {100 + number}"),
        ("Filter/fresh", r'"\w+"', f'"word{number}"'),
        (
            "Solution/lookalikes",
            r"false.*}",
            f"false, solutionConfig: {{{PARAMETERS}: {{hidden_dimension: {100 + number}}}}}}}",
        ),
    ):
        path = file_of(manifests, address)
        text, count = re.subn(pattern, after, path.read_text())
        assert count == 1, path.read_text()
        path.write_text(text)


def served(world: World, manifests: Path) -> Iterator[Event]:
    """Plan and apply; at every event the campaign answers."""
    (campaign,) = world.snapshot(manifests).of_kind("Campaign")
    for event in turns(apply(to_steps(world.plan(manifests)), world.cloud, world.clock, world.pool)):
        assert why_not_serving(world, campaign) == "", event
        yield event


def solutions(world: World, manifests: Path) -> dict[str, str]:
    """The names of the solutions by their address."""
    lives = world.snapshot(manifests).of_kind("Solution")
    assert len({live.tags[ADDRESS] for live in lives}) == len(lives)
    return {live.tags[ADDRESS]: live.name for live in lives}


def test_everything_follows_a_successor_and_the_old_one_goes_last(world: World, shop: Path) -> None:
    """The new one trains, the campaign moves, the jobs run for it with the new filter; `-2`, and `-3` the next time."""
    for number in (1, 2):
        edit(shop, number)

        done = [f"{event.step.id}" for event in served(world, shop) if isinstance(event, Done)]

        orders = [
            ["create Solution/home", "create SolutionVersion/home", "update Campaign/home", "delete Solution/home"],
            ["create SolutionVersion/home", "create BatchInferenceJob/mail", "delete Solution/home"],
            ["delete Filter/fresh", "create Filter/fresh", "create BatchInferenceJob/mail"],
            [
                "create Solution/lookalikes",
                "create SolutionVersion/lookalikes",
                "create BatchSegmentJob/fans",
                "delete Solution/lookalikes",
            ],
        ]
        for order in orders:
            assert sorted(order, key=done.index) == order, done
        assert set(done) == {step for order in orders for step in order}
        assert actions(world.plan(shop)) == {}
        assert solutions(world, shop) == {
            "Solution/home": f"home-{number + 1}",
            "Solution/lookalikes": f"lookalikes-{number + 1}",
        }
        job = world.snapshot(shop).of_kind("BatchInferenceJob")[-1]
        assert f"solution/home-{number + 1}/" in job.attributes["solutionVersion"]


def stopped_after(steps: int, events: Iterator[Event]) -> int:
    """How many steps had ended when the events were heard no more."""
    return sum(1 for _ in islice((event for event in events if isinstance(event, Done)), steps))


def test_a_chain_is_continued_after_any_of_its_steps(world: World, shop: Path) -> None:
    """However far a chain came, the next apply pairs by tag and goes on; it serves throughout, trains nothing twice."""
    steps = 0
    while True:
        steps += 3
        edit(shop, steps)
        ended = stopped_after(steps, served(world, shop))

        assert world.plan(shop).applyable
        stopped_after(99, served(world, shop))

        assert actions(world.plan(shop)) == {}
        assert solutions(world, shop).keys() == {"Solution/home", "Solution/lookalikes"}
        trainings = world.snapshot(shop).of_kind("SolutionVersion")
        assert len(trainings) == 2
        if ended < steps:
            break
    assert steps > 9


AGE = {
    "Solution/home": ("hidden_dimension: 100", "hidden_dimension: 120"),
    "Filter/fresh": ('IN ("like")', 'IN ("watch")'),
    "Recommender/next": ("aws-vod-top-picks", "aws-vod-most-popular"),
    "Schema/items": ("{name: YEAR", '{name: RUNTIME, type: ["null", int]}, {name: YEAR'),
}


@pytest.mark.parametrize("address", AGE)
def test_what_has_a_successor_stays_for_its_time(world: World, tmp_path: Path, address: str) -> None:
    """With retireAfter the old one stays beside its successor, is told in the plan, and goes when its time is over."""
    kind, name = address.split("/")
    manifests = apply_every(world, tmp_path, address)
    path = file_of(manifests, address)
    text = path.read_text().replace(*AGE[address])
    path.write_text(f"{text}lifecycle: {{replace: successor, retireAfter: 7d}}\n")

    assert world.plan(manifests).deletes == 0
    world.apply(manifests)

    plan = world.plan(manifests)
    assert plan.is_empty
    assert [(str(kept.address), kept.aws_name) for kept in plan.changes if kept.action is Action.KEEP] == [
        (address, name)
    ]
    world.clock.sleep(8 * 86400)
    assert actions(world.plan(manifests)) == {address: Action.DELETE}

    path.write_text(path.read_text().replace("{replace", "{protect: true, replace"))
    plan = world.plan(manifests)
    tagged = {} if kind == "Schema" else {address: Action.UPDATE}
    assert actions(plan) == tagged, "protection keeps the old one, and does not keep the rest from changing"
    (kept,) = (kept for kept in plan.changes if kept.action is Action.KEEP)
    assert reason_of(kept) == f"{name} is replaced by {name}-2; stays while lifecycle.protect is on"
    path.write_text(path.read_text().replace("protect: true, ", ""))
    world.apply(manifests)
    assert actions(world.plan(manifests)) == {}
    left = [live.name for live in world.snapshot(manifests).of_kind(kind)]
    assert f"{name}-2" in left
    assert name not in left


def test_a_schemas_succession_is_continued_from_wherever_it_stopped(world: World, tmp_path: Path) -> None:
    """Interrupted at any event, the next apply moves the dataset and takes the old schema away, nobody else's."""
    manifests = write_every(tmp_path, "Dataset/items")
    world.apply(manifests)
    path = file_of(manifests, "Schema/items")
    events = stop = 0
    while events == stop:
        stop += 1
        field = f'{{name: ADDED_{stop}, type: ["null", int]}}, {{name: YEAR'
        path.write_text(path.read_text().replace("{name: YEAR", field))
        begun = apply(to_steps(world.plan(manifests)), world.cloud, world.clock, world.pool)
        events = sum(1 for _ in islice(begun, stop))

        world.apply(manifests)

        assert actions(world.plan(manifests)) == {}
        assert [live.name for live in world.snapshot(manifests).of_kind("Schema")] == [f"items-{stop + 1}"]
    assert stop > 5


def test_a_strangers_schema_in_a_freed_name_is_not_a_predecessor(world: World, tmp_path: Path) -> None:
    """The name of a schema that went may be taken by somebody; the record of it does not make that one ours."""
    manifests = write_every(tmp_path, "Dataset/items")
    world.apply(manifests)
    (schema,) = world.snapshot(manifests).of_kind("Schema")
    path = file_of(manifests, "Schema/items")
    path.write_text(path.read_text().replace(*AGE["Schema/items"]))
    world.apply(manifests)
    world.cloud.create(schema.kind, "items", schema.attributes, {})

    assert actions(world.plan(manifests)) == {}


FOLLOWING = """
kind: Campaign
name: home
spec: {solutionVersion: {solution: home, version: $LATEST}}
"""


def following(world: World, folder: Path) -> Path:
    """A solution that trains by itself, and a campaign that follows it; applied until both are there."""
    manifests = stock_every(world, folder, "Solution/home")
    solution = file_of(manifests, "Solution/home")
    solution.write_text(solution.read_text().replace("performAutoTraining: false", "performAutoTraining: true"))
    file_of(manifests, "Campaign/home").write_text(FOLLOWING)
    for _ in range(2):  # the campaign waits for the first training
        world.apply(manifests)
        world.clock.sleep(6 * 3600)
    assert actions(world.plan(manifests)) == {}
    return manifests


def test_a_campaign_that_follows_moves_while_its_solution_retires(world: World, tmp_path: Path) -> None:
    """With retireAfter nothing goes yet: the campaign stays on the old one until the new one has trained by itself."""
    manifests = following(world, tmp_path)
    path = file_of(manifests, "Solution/home")
    edited = path.read_text().replace("dimension: 100", "dimension: 101")
    path.write_text(f"{edited}lifecycle: {{retireAfter: 7d}}\n")
    (campaign,) = world.snapshot(manifests).of_kind("Campaign")

    found = []
    for hours in (6, 8 * 24, 0):
        found.append(actions(world.plan(manifests)))
        world.apply(manifests)
        assert why_not_serving(world, campaign) == ""
        world.clock.sleep(hours * 3600)

    assert found == [
        {"Campaign/home": Action.WAIT, "Solution/home": Action.SUCCESSOR},
        {"Campaign/home": Action.UPDATE},
        {"Solution/home": Action.DELETE},
    ]
    assert actions(world.plan(manifests)) == {}


def test_a_solution_that_is_followed_goes_not_at_once(world: World, tmp_path: Path) -> None:
    """Without retireAfter its campaign would lose its version, so the plan is blocked and names that way out."""
    manifests = following(world, tmp_path)
    path = file_of(manifests, "Solution/home")
    path.write_text(path.read_text().replace("dimension: 100", "dimension: 101"))

    (change,) = world.plan(manifests).blocked

    assert str(change.address) == "Solution/home"
    assert "or move it while `lifecycle: {retireAfter: 7d}` keeps the old one" in reason_of(change)
