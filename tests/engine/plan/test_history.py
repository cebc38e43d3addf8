"""Expected durations come from the account's own history where it has some."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.engine.plan.history import creation_times
from personalize_gitops.model.action import Action
from personalize_gitops.model.events import Begun
from personalize_gitops.model.live import Live, LiveUpdate
from personalize_gitops.model.plan import Change
from personalize_gitops.render.events import line
from tests.support.builders import change, document, live, snapshot
from tests.support.edits import edit
from tests.support.shop import apply_shop
from tests.support.world import START, World, emulated

ARN = "arn:aws:personalize:eu-west-1:111122223333"
MINUTE = 60.0


def took(address: str, minutes: float, at: float = 0.0, **fields: Any) -> Live:
    """A ready object whose creation took some minutes."""
    return live(address, created=at, updated=at + minutes * MINUTE, **fields)


def creation(address: str, action: Action = Action.CREATE, **attributes: str) -> Change:
    return change(document(address), action, attributes=attributes)


def minutes(one: Change, *lives: Live) -> float:
    """Return the minutes to expect; 0 without a history."""
    return creation_times([one], snapshot(*lives)).get(one.address, 0.0) / MINUTE


def test_the_median_of_the_newest_five() -> None:
    """Older runs do not count, because data grows."""
    lives = [took(f"DatasetImportJob/{n}", took_, at=n * 1e5) for n, took_ in enumerate([1, 1, 1, 4, 9, 5, 6, 7])]

    assert minutes(creation("DatasetImportJob/new", Action.RUN), *lives) == 6


def test_objects_of_the_same_parent_count_first() -> None:
    """A training takes as long as the trainings of its solution; without one, as long as others."""
    own, other = f"{ARN}:solution/own", f"{ARN}:solution/other"
    lives = [
        took("SolutionVersion/a", 30, arn=f"{own}/1", attributes={"solution": own}),
        took("SolutionVersion/b", 60, arn=f"{other}/2", attributes={"solution": other}),
        took("SolutionVersion/c", 60, at=9e5, arn=f"{other}/3", attributes={"solution": other}),
    ]

    assert minutes(creation("SolutionVersion/new", Action.RUN, solution=own), *lives) == 30
    assert minutes(creation("SolutionVersion/new", Action.RUN, solution=f"{ARN}:solution/new"), *lives) == 60


@pytest.mark.parametrize(
    "unfit",
    [
        took("Campaign/x", 9, status="CREATE FAILED", described=True),
        took("Campaign/x", 9, status="CREATE IN_PROGRESS", described=True),
        took("Campaign/x", 9),  # only listed: an update may have changed it
        took("Campaign/x", 9, described=True, update=LiveUpdate("ACTIVE", {})),
        took("Campaign/x", 0, described=True),
        took("Recommender/x", 9, described=True),  # a start or a stop leaves no record
        took("Filter/x", 9),
    ],
)
def test_what_says_nothing_about_a_creation(unfit: Live) -> None:
    """A failure, an update, a start or another kind does not count."""
    assert minutes(creation("Campaign/new"), unfit) == 0
    assert minutes(creation("Recommender/new"), unfit) == 0


@pytest.mark.parametrize(("action", "expected"), [(Action.UPDATE, 0), (Action.DELETE, 0), (Action.SUCCESSOR, 9)])
def test_only_creations(action: Action, expected: float) -> None:
    """A successor is created; an update and a deletion have no history of their own."""
    assert minutes(creation("Campaign/new", action), took("Campaign/x", 9, described=True)) == expected


def test_progress_tells_what_the_account_has_shown(tmp_path: Path) -> None:
    """The second training of an account is expected to take as long as the first; the first as long as usual."""
    clock = SimulatedClock(START)
    slow = {("SolutionVersion", Transition.CREATE): timedelta(minutes=95)}
    with Emulator(clock.now, durations=slow).started() as emulator:
        world = World(emulator, clock, emulated(clock))
        manifests = apply_shop(world, tmp_path)
        edit(manifests / "shop.yaml", "popularity_discount_factor: 0.3", "popularity_discount_factor: 0.4")

        plan = world.plan(manifests)

    trainings = [step for step in to_steps(plan) if step.kind.is_run]
    assert [line(Begun(step, START)).split("  ")[-1] for step in trainings] == ["running, usually 1h 35m"]
