"""However an apply ends, the next one goes on from there, and nothing is paid twice."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from tests.support.shop import write_shop
from tests.support.world import START, World, actions, emulated

EDITS = {
    "hyperparameter": ("popularity_discount_factor: 0.3", "popularity_discount_factor: 0.6"),
    "throughput": ("minProvisionedTPS: 1", "minProvisionedTPS: 2"),
    "filter": ('IN ("like")', 'IN ("watch")'),
    "schedule": ("performAutoTraining: false", "performAutoTraining: true"),
}

stops = st.lists(st.integers(min_value=0, max_value=40), max_size=4)


def stop_after(events: int, world: World, manifests: Path) -> None:
    """Plan, apply, and fall over after so many events."""
    plan = world.plan(manifests)
    list(islice(apply(to_steps(plan), world.cloud, world.clock, world.pool), events))


def trainings(world: World, manifests: Path) -> Counter[str]:
    """How many trainings there ever were, by what they were made from; those of the service's own left out."""
    lives = world.snapshot(manifests).of_kind("SolutionVersion")
    return Counter(live.name for live in lives if not live.service_made)


@settings(max_examples=12, deadline=None)
@given(first=stops, edit=st.sampled_from(sorted(EDITS)), then=stops)
def test_an_interrupted_apply_is_continued(first: list[int], edit: str, then: list[int]) -> None:
    """After any number of crashes anywhere, one apply to the end makes the plan empty, and each training ran once."""
    clock = SimulatedClock(START)
    with TemporaryDirectory() as folder, Emulator(clock.now).started() as emulator:
        manifests = write_shop(Path(folder))
        emulator.put_bucket("shop", Path(folder) / "data")
        world = World(emulator, clock, emulated(clock))

        for events in first:
            stop_after(events, world, manifests)
        world.apply(manifests)
        bought = trainings(world, manifests)
        path = manifests / "shop.yaml"
        path.write_text(path.read_text().replace(*EDITS[edit]))
        for events in then:
            stop_after(events, world, manifests)
        world.apply(manifests)

        assert actions(world.plan(manifests)) == {}
        assert set(bought.values()) == {1}
        assert set(trainings(world, manifests).values()) == {1}
        assert len(world.snapshot(manifests).of_kind("Solution")) == 1
