"""A plan file whose apply was interrupted continues: with what is left of it, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path

import pytest

from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.model.address import Address
from personalize_gitops.model.plan import Choices
from tests.support.edits import edit
from tests.support.every import apply_every, file_of
from tests.support.killing import Killed, Moment, dying
from tests.support.shop import stock_shop
from tests.support.world import World, actions


def nothing(manifests: Path) -> None:
    """Leave the manifests as they are."""


def edited(*pairs: tuple[str, str]) -> Callable[[Path], None]:
    """Replace texts in the manifests."""

    def change(manifests: Path) -> None:
        for before, after in pairs:
            edit(manifests / "shop.yaml", before, after)

    return change


def without(*kinds: str) -> Callable[[Path], None]:
    """Remove the documents of kinds, and prune."""

    def change(manifests: Path) -> None:
        path = manifests / "shop.yaml"
        kept = [
            part for part in path.read_text().split("---\n") if not any(f"kind: {kind}\n" in part for kind in kinds)
        ]
        path.write_text("---\n".join(kept).replace("local: {", "local: {prune: true, limits: {maxDeletes: 9}, "))

    return change


@dataclass(frozen=True)
class Case:
    """What is planned after the shop was applied."""

    change: Callable[[Path], None] = nothing
    choices: Choices = field(default_factory=Choices)
    first: bool = False  # the shop was not applied before


TUNED = ("popularity_discount_factor: 0.3", "popularity_discount_factor: 0.6")
FILTERED = ('IN ("like")', 'IN ("watch")')
FASTER = ("minProvisionedTPS: 1", "minProvisionedTPS: 2")
CASES = {
    "the first apply": Case(first=True),
    "a successor": Case(edited(TUNED)),
    "a successor that retires the old one": Case(
        edited(TUNED, ("kind: Solution\n", "kind: Solution\nlifecycle: {retireAfter: 7d}\n"))
    ),
    "a filter and the throughput": Case(edited(FILTERED, FASTER)),
    "a run again": Case(choices=Choices(rerun=frozenset({Address("DatasetImportJob", "events")}))),
    "replacements": Case(
        choices=Choices(replace=frozenset({Address("Solution", "home"), Address("Filter", "bought")}))
    ),
    "deletions": Case(without("Campaign", "Filter", "Solution", "SolutionVersion")),
    "destroy": Case(choices=Choices(destroy=True)),
    "a part": Case(edited(TUNED, FILTERED), Choices(only=frozenset({Address("Solution", "home")}))),
    "another part": Case(edited(TUNED, FILTERED), Choices(exclude=frozenset({Address("Solution", "home")}))),
}


def shop(world: World, folder: Path, case: Case) -> Path:
    """The manifests of a case, and the account before its plan."""
    manifests = stock_shop(world, folder)
    if not case.first:
        world.apply(manifests)
    case.change(manifests)
    world.clock.sleep(10)
    return manifests


QUICK = {"a successor", "deletions", "destroy", "a filter and the throughput"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in CASES]
)
def test_an_interrupted_apply_continues(world: World, tmp_path: Path, name: str) -> None:
    """Interrupted after every event in turn, the file holds each time, up to the end: then it is already applied."""
    case = CASES[name]
    manifests = shop(world, tmp_path, case)
    saved = world.saved(manifests, case.choices)
    for attempt in count():
        plan, different = world.resume(manifests, saved, case.choices)
        assert different == "", (attempt, actions(plan))
        if plan.is_empty:
            break
        list(islice(apply(to_steps(plan), world.cloud, world.clock, world.pool), 1 + attempt % 3))
        world.clock.sleep(5 + 40 * (attempt % 2))
        assert attempt < 300

    assert attempt > 0
    if not case.choices.only and not case.choices.exclude and not case.choices.destroy:
        assert actions(world.plan(manifests)) == {}
    kinds = [live.kind.kind_name() for live in world.snapshot(manifests).objects]
    assert kinds.count("SolutionVersion") <= 2


@pytest.mark.parametrize(
    "pause", [pytest.param(0, id="at once"), pytest.param(7200, id="two hours later", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    ("moment", "operation"),
    [
        ("after", "UpdateCampaign"),
        ("before", "UpdateCampaign"),
        ("after", "CreateSolutionVersion"),
        ("before", "CreateSolutionVersion"),
        ("after", "UntagResource"),
        ("before", "UntagResource"),
    ],
)
def test_the_records_that_a_killed_apply_leaves_belong_to_the_file(
    world: World, tmp_path: Path, moment: Moment, operation: str, pause: float
) -> None:
    """A record of an update, an announcement of a training: the file goes on, corrects them and is applied then."""
    case = Case(edited(FASTER), Choices(rerun=frozenset({Address("SolutionVersion", "home")})))
    manifests = shop(world, tmp_path, case)
    saved = world.saved(manifests, case.choices)
    plan, _ = world.resume(manifests, saved, case.choices)
    with dying(world.clock, moment, operation=operation) as cloud, pytest.raises(Killed):
        list(apply(to_steps(plan), cloud, world.clock, world.pool))
    world.clock.sleep(pause)

    plan, different = world.resume(manifests, saved, case.choices)
    assert different == "", actions(plan)
    world.carry_out(plan)

    plan, different = world.resume(manifests, saved, case.choices)
    assert (different, actions(plan)) == ("", {})
    assert actions(world.plan(manifests)) == {}
    assert len(world.snapshot(manifests).of_kind("SolutionVersion")) == 2


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("at", [0, 1])
def test_a_member_that_takes_two_updates_continues(world: World, tmp_path: Path, at: int, moment: Moment) -> None:
    """A metric is removed before it is added in its new form: killed in between, the file adds it, and is applied."""
    manifests = apply_every(world, tmp_path, "MetricAttribution/clicks")
    edit(file_of(manifests, "MetricAttribution/clicks"), "{eventType: watch", "{eventType: view")
    world.clock.sleep(10)
    saved = world.saved(manifests)
    plan, _ = world.resume(manifests, saved)
    with dying(world.clock, moment, at=at) as cloud, pytest.raises(Killed):
        list(apply(to_steps(plan), cloud, world.clock, world.pool))
    world.clock.sleep(600)

    plan, different = world.resume(manifests, saved)
    assert different == ""
    world.carry_out(plan)

    plan, different = world.resume(manifests, saved)
    assert (different, actions(plan), actions(world.plan(manifests))) == ("", {}, {})


def test_what_others_did_in_between_is_told(world: World, tmp_path: Path) -> None:
    """After an interruption, an edit of what is done, of what is pending, and of what was in sync all make it stale."""
    case = CASES["a filter and the throughput"]
    manifests = shop(world, tmp_path, case)
    saved = world.saved(manifests)
    steps = to_steps(world.plan(manifests))
    list(apply([step for step in steps if step.kind.kind_name() == "Filter"], world.cloud, world.clock, world.pool))
    assert world.resume(manifests, saved)[1] == ""

    solution = world.only(manifests, "Solution")
    world.cloud.update(solution, {"performAutoTraining": True})
    assert "Solution/home is not in the plan (now: update)" in world.resume(manifests, saved)[1]


def test_a_version_that_others_trained_does_not_go_along(world: World, tmp_path: Path) -> None:
    """A deletion that is still pending takes nothing along that the file did not know."""
    case = CASES["deletions"]
    manifests = shop(world, tmp_path, case)
    saved = world.saved(manifests)
    steps = to_steps(world.plan(manifests))
    list(apply([step for step in steps if step.kind.kind_name() == "Filter"], world.cloud, world.clock, world.pool))
    solution = world.only(manifests, "Solution")
    version = world.snapshot(manifests).of_kind("SolutionVersion")[0].kind
    world.cloud.create(version, "theirs", {"solution": solution.arn}, {})

    assert "Solution/home is not as saved (now: delete)" in world.resume(manifests, saved)[1]
