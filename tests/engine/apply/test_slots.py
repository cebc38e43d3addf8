"""Slots: as many runs at once as the service allows, and no more calls than it takes to find that out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import boto3
import pytest

from personalize_gitops.catalog.durations import Transition
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.apply.flight import LONGEST, Flight
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.slots import RETRY, Slots
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.announcements import announced, is_announcement
from personalize_gitops.model.events import Begun, Cause, Done, Event, Failed, Left, NotBegun, Waiting
from personalize_gitops.model.reason import Reason, ReasonCode
from personalize_gitops.model.steps import Step
from personalize_gitops.model.tags import ANNOUNCED
from personalize_gitops.model.waits import BUSY_LIMIT, DEFAULT_LIMITS, WaitLimits
from tests.support.scripted import ScriptedClock
from tests.support.shop import apply_shop
from tests.support.stepping import creation, flight_of, imports, trainings
from tests.support.texts import reason_of
from tests.support.world import START, World, emulated

NO_SLOT = Reason(ReasonCode.NO_FREE_SLOT)
TRAINING = KINDS["SolutionVersion"]


def flights(steps: Sequence[Step], begun: int = 0) -> list[Flight]:
    """Return the flights of steps, of which the first ones have begun."""
    return [flight_of(step, arn=f"arn:{number}" if number < begun else None) for number, step in enumerate(steps)]


def tried(slots: Slots, of: Sequence[Flight], now: float = START) -> list[Flight]:
    """Return the flights that can begin."""
    withheld = slots.withheld(of, now)
    return [flight for flight in of if flight.arn is None and flight not in withheld]


def test_as_many_begin_as_the_default_allows() -> None:
    """Of twelve imports five are tried at once."""
    assert len(tried(Slots(), flights(imports("dataset", 12)))) == 5


def test_beyond_the_default_one_is_tried() -> None:
    """The quota can be higher than the default: with five in progress, the sixth is tried alone."""
    assert len(tried(Slots(), flights(imports("dataset", 12), begun=5))) == 1


def test_each_kind_has_its_own_slots() -> None:
    """Imports hold up no training; kinds without such a quota, and steps that create nothing, wait for no slot."""
    campaigns = [creation(f"Campaign/c{number}") for number in range(30)]
    full = flights(imports("dataset", 5), begun=5)

    assert len(tried(Slots(), [*full, *flights(trainings("solution", 12)), *flights(campaigns)])) == 12 + 30


def test_the_longest_way_takes_the_slot() -> None:
    """The import that most depends on is tried before the others."""
    some = flights(imports("dataset", 12), begun=5)
    some[-1] = urgent = replace(some[-1], way=600.0)

    assert tried(Slots(), some) == [urgent]


def test_after_a_refusal_one_is_tried_later() -> None:
    """A refused import is tried again after a minute, a training after a tenth of its duration; not two at a time."""
    of_imports, of_trainings = flights(imports("dataset", 3)), flights(trainings("solution", 3))
    slots = Slots()
    slots.refused(of_imports[0], START)
    slots.refused(of_trainings[0], START)
    both = [*of_imports, *of_trainings]

    assert tried(slots, both, START + RETRY - 1) == []
    assert tried(slots, both, START + RETRY) == of_imports[:1]
    assert tried(slots, both, START + 210) == [of_imports[0], of_trainings[0]]
    assert slots.due(of_trainings[0]) == START + 210


def test_a_postponed_run_does_not_take_the_turn_of_others() -> None:
    """While the next run waits for something else, the one after it is tried: apply does not stand still."""
    some = flights(imports("dataset", 8), begun=5)
    some[5] = replace(some[5], due=START + 30)

    assert tried(Slots(), some)[-1] is some[6]
    assert some[7] in Slots().withheld(some, START)


def test_the_end_of_a_run_frees_its_slot() -> None:
    """After a run of this apply has ended, or another one has begun, the next one is tried at once."""
    some = flights(imports("dataset", 3))
    slots = Slots()
    slots.refused(some[0], START)

    slots.changed(some[0], START + 7)

    assert tried(slots, some, START + 7) == some[:1]


@dataclass(frozen=True)
class Shop:
    """The applied shop in an account with quotas of its own."""

    world: World
    clock: ScriptedClock
    dataset: str
    solution: str
    personalize: Any

    def apply(self, steps: Sequence[Step], *, wait: bool = True, limits: WaitLimits = DEFAULT_LIMITS) -> list[Event]:
        """Apply steps, and count only the calls that this takes."""
        self.world.emulator.answered.clear()
        return list(apply(steps, self.world.cloud, self.clock, self.world.pool, wait=wait, limits=limits))

    def refused(self, steps: Sequence[Step]) -> int:
        """How many calls of these creations were refused."""
        return self.world.emulator.answered[steps[0].kind.operation("Create")] - len(steps)


Open = Callable[..., AbstractContextManager[Shop]]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Open an account with quotas in which the shop was applied."""

    @contextmanager
    def open_(
        durations: Mapping[tuple[str, Transition], timedelta] | None = None,
        version_names_are_unique: bool = True,
        **quotas: int,
    ) -> Iterator[Shop]:
        clock, unique = ScriptedClock(START), version_names_are_unique
        account = Emulator(clock.now, quotas=quotas, durations=durations, version_names_are_unique=unique)
        with account.started() as emulator:
            world = World(emulator, clock, emulated(clock))
            shop = apply_shop(world, tmp_path)
            dataset, solution = (world.only(shop, kind).arn for kind in ("Dataset", "Solution"))
            yield Shop(world, clock, dataset, solution, boto3.client("personalize", region_name="us-east-1"))

    return open_


def failures(events: Sequence[Event]) -> list[str]:
    return [reason_of(event) for event in events if isinstance(event, Failed)]


def most_at_once(shop: Shop, steps: Sequence[Step]) -> int:
    """How many runs of these steps the account carried out at the same time, at most."""
    lives = shop.world.cloud.list(steps[0].kind)[-len(steps) :]
    return max(sum(one.created <= other.created < one.updated for one in lives) for other in lives)


def begun(events: Sequence[Event]) -> list[float]:
    """When the steps began, in seconds since the first one."""
    times = [event.at for event in events if isinstance(event, Begun)]
    return [at - times[0] for at in times]


def test_twelve_imports_with_a_quota_of_three(opened: Open) -> None:
    """Never more than three at once; each that waits says so; a slot is filled within half a minute."""
    with opened(DatasetImportJob=3) as shop:
        steps = imports(shop.dataset, 12)

        events = shop.apply(steps)

        assert failures(events) == []
        assert most_at_once(shop, steps) == 3
        assert begun(events)[-1] <= 3 * (240 + 30)
        said = {event.step.id for event in events if isinstance(event, Waiting) and event.state == NO_SLOT}
        assert said == {step.id for step in steps[3:]}
        assert shop.refused(steps) <= 2 * len(steps)


def test_each_that_is_not_tried_says_so_once(opened: Open) -> None:
    """With the default quota known, nothing is refused but the one that tries whether there is more room."""
    with opened() as shop:
        steps = imports(shop.dataset, 7)

        events = shop.apply(steps)

        waiting = [str(event.step.id.address) for event in events if isinstance(event, Waiting)]
        no_slot = [
            str(event.step.id.address) for event in events if isinstance(event, Waiting) and event.state == NO_SLOT
        ]
        assert no_slot.count("DatasetImportJob/i06") == 1
        assert set(waiting) == {str(step.id.address) for step in steps}
        assert most_at_once(shop, steps) == 5


def test_a_raised_quota_is_filled(opened: Open) -> None:
    """Where the account trains thirty versions at once, thirty are in progress within a minute, not twenty."""
    with opened(SolutionVersion=30) as shop:
        like = shop.world.cloud.describe(KINDS["Solution"], shop.solution)
        assert like
        solutions = [creation(f"Solution/s{number}", like.attributes) for number in range(4)]
        arns = [event.arn for event in shop.apply(solutions) if isinstance(event, Done)]
        steps = [step for number, arn in enumerate(arns) for step in trainings(arn, 8, f"s{number}-")]

        events = shop.apply(steps)

        assert failures(events) == []
        assert most_at_once(shop, steps) == 30
        assert begun(events)[29] < 60


def test_the_runs_of_others_hold_slots(opened: Open) -> None:
    """While a colleague's imports take all slots, ours wait; they begin soon after the colleague's have ended."""
    with opened() as shop:
        for step in imports(shop.dataset, 5):
            name = f"theirs-{step.id.aws_name}"
            request = {"datasetArn": shop.dataset, **{k: v for k, v in step.attributes.items() if k != "dataset"}}
            shop.personalize.create_dataset_import_job(jobName=name, **request)
        now, steps = shop.clock.now(), imports(shop.dataset, 2)

        events = shop.apply(steps)

        assert failures(events) == []
        first = next(event.at for event in events if isinstance(event, Begun))
        assert 240 <= first - now <= 240 + RETRY
        assert begun(events)[1] == 0
        assert shop.refused(steps) <= 6


def test_a_refused_training_is_bought_once(opened: Open) -> None:
    """Its announcement is renewed with each attempt, so that it has the time of the purchase, and then removed."""
    with opened(SolutionVersion=1) as shop:
        steps = trainings(shop.solution, 2)
        announcements: list[float] = []

        for event in apply(steps, shop.world.cloud, shop.clock, shop.world.pool):
            found = announced(shop.world.cloud.tags(shop.solution), event.step.id.aws_name, shop.clock.now())
            if event.step is steps[1] and found:
                announcements += found.values()
            if event.step is steps[1] and isinstance(event, Begun):
                assert announcements[-1] == pytest.approx(event.at, abs=2)
                break
        events = shop.apply([steps[1]])

        assert announcements[0] < announcements[-1]
        assert failures(events) == []
        assert not any(map(is_announcement, shop.world.cloud.tags(shop.solution)))
        names = [shop.world.cloud.describe(TRAINING, live.arn) for live in shop.world.cloud.list(TRAINING)]
        assert sorted(live.name for live in names if live)[1:] == ["v00", "v01"]


QUICK = {("SolutionVersion", Transition.CREATE): timedelta(seconds=30)}


def test_a_training_that_waited_for_a_slot_heeds_an_earlier_announcement(opened: Open) -> None:
    """An apply that was killed has bought it; the list lags when its turn comes, and it is not bought again."""
    with opened(durations=QUICK, version_names_are_unique=False) as shop:
        steps = trainings(shop.solution, 21)  # one more than begin at once
        last, cloud = steps[-1], shop.world.cloud
        cloud.create(TRAINING, last.id.aws_name, last.attributes, last.tags)
        parent = cloud.describe(KINDS["Solution"], shop.solution)
        assert parent
        tags = {ANNOUNCED: f"{last.id.aws_name}@{cloud.now:.0f}"}
        cloud.tag(replace(parent, tags=cloud.tags(shop.solution)), tags)
        shop.world.emulator.faults.lag("SolutionVersion", 250, times=10_000)

        events = shop.apply(steps)

        assert failures(events) == []
        shop.world.emulator.faults.clear()
        names = [shop.world.cloud.describe(TRAINING, live.arn) for live in cloud.list(TRAINING)]
        assert [live.name for live in names if live].count(last.id.aws_name) == 1


def test_a_refused_training_begins_when_a_slot_is_free(opened: Open) -> None:
    """Its own announcement does not hold it up: it begins soon after the training before has ended."""
    with opened(durations=QUICK, SolutionVersion=1) as shop:
        events = shop.apply(trainings(shop.solution, 2))

        assert failures(events) == []
        assert begun(events)[1] <= 120


def test_a_slot_is_waited_for_longer_than_a_busy_object(opened: Open) -> None:
    """A training that a colleague's holds up for five hours begins when that one is stopped."""
    with opened(SolutionVersion=1) as shop:
        shop.world.emulator.faults.stick("SolutionVersion")
        theirs = shop.personalize.create_solution_version(solutionArn=shop.solution, name="theirs")[
            "solutionVersionArn"
        ]
        hours = 5 * 3600.0
        shop.clock.at(hours, lambda: shop.personalize.stop_solution_version_creation(solutionVersionArn=theirs))
        now = shop.clock.now()

        events = shop.apply(trainings(shop.solution, 1))

        assert failures(events) == []
        first = next(event.at for event in events if isinstance(event, Begun))
        assert first - now > hours > BUSY_LIMIT.total_seconds()


def test_whoever_waits_for_a_slot_keeps_the_lock(opened: Open) -> None:
    """Nothing else is in flight for hours, and still the apply asks each minute whether it may go on."""
    with opened(SolutionVersion=1) as shop:
        shop.world.emulator.faults.stick("SolutionVersion")
        shop.personalize.create_solution_version(solutionArn=shop.solution, name="theirs")
        asked: list[float] = []

        def may_go_on() -> Cause | None:
            asked.append(shop.clock.now())
            return Cause.LOCK_LOST if asked[-1] > asked[0] + 4 * 3600 else None

        [*apply(trainings(shop.solution, 1), shop.world.cloud, shop.clock, shop.world.pool, may_go_on=may_go_on)]

        assert max(later - earlier for earlier, later in pairwise(asked)) <= LONGEST + 5


def test_a_slot_is_not_waited_for_without_end(opened: Open) -> None:
    """The limit of a creation holds for the wait before it, too."""
    with opened(SolutionVersion=1) as shop:
        shop.world.emulator.faults.stick("SolutionVersion")
        shop.personalize.create_solution_version(solutionArn=shop.solution, name="theirs")
        limits = WaitLimits({"SolutionVersion": {"create": timedelta(hours=4)}})
        now = shop.clock.now()

        events = shop.apply(trainings(shop.solution, 1), limits=limits)

        (failure,) = failures(events)
        assert "More than 1 resources with PENDING or IN_PROGRESS status" in failure
        assert 4 * 3600 <= shop.clock.now() - now < 5 * 3600


def test_without_waiting_the_slots_are_filled_once(opened: Open) -> None:
    """With --no-wait, what finds a slot begins; the rest has not begun, and is told so."""
    with opened(DatasetImportJob=3) as shop:
        steps = imports(shop.dataset, 12)

        events = shop.apply(steps, wait=False)

        assert sum(isinstance(event, Left) for event in events) == 3
        assert sum(isinstance(event, NotBegun) for event in events) == 9
        assert shop.refused(steps) <= 2 - 12 + 5
