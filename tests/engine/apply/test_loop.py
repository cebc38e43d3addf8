"""The loop of apply: interruptions, deadlines, credentials that expire, and reads that fail or lag behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as ThreadEvent
from threading import current_thread, main_thread

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.engine.apply.loop import apply
from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.errors import CredentialsError
from personalize_gitops.model.events import Begun, Cause, Done, Event, Failed, Left, NotBegun, Waiting, exit_code
from personalize_gitops.model.reason import Reason, ReasonCode
from personalize_gitops.render.reasons import text
from tests.support.proxy import Answer, Request, proxied
from tests.support.shop import stock_shop, write_shop
from tests.support.texts import reason_of
from tests.support.world import START, World, actions, emulated


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Path:
    return stock_shop(world, tmp_path)


class Interrupting(SimulatedClock):
    """A clock during whose n-th sleep somebody presses Ctrl-C."""

    def __init__(self, inner: SimulatedClock, sleeps: int) -> None:
        super().__init__(inner.now())
        self._inner, self._left = inner, sleeps

    def now(self) -> float:
        return self._inner.now()

    def sleep(self, seconds: float) -> None:
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt
        self._inner.sleep(seconds)


def running(world: World, shop: Path, clock: SimulatedClock) -> Iterator[Event]:
    plan = world.plan(shop)
    return apply(to_steps(plan), world.cloud, clock, world.pool)


def test_an_interruption_tells_what_is_in_flight(world: World, shop: Path) -> None:
    """Ctrl-C ends the loop in order: what is under way and what was not begun is told, and the exit code says 8."""
    events = list(running(world, shop, Interrupting(world.clock, 3)))

    left = {str(event.step.id.address) for event in events if isinstance(event, Left)}
    assert left == {"DatasetGroup/shop"}
    assert {event.cause for event in events if isinstance(event, Left | NotBegun)} == {Cause.INTERRUPTED}
    assert exit_code(events) == 8


def test_what_an_interruption_left_is_waited_for(world: World, shop: Path) -> None:
    """The plan after an interruption finds the work in flight and does not begin it again."""
    list(running(world, shop, Interrupting(world.clock, 3)))

    plan = world.plan(shop)

    assert actions(plan)["DatasetGroup/shop"] == "wait"
    world.apply(shop)
    assert actions(world.plan(shop)) == {}


def test_expired_credentials_end_the_loop_in_order(world: World, shop: Path) -> None:
    """What is in flight is told before the error is raised."""
    events: list[Event] = []
    world.emulator.faults.refuse("DescribeDataset", "ExpiredTokenException", "The token is expired")

    with pytest.raises(CredentialsError, match="expired"):
        events.extend(running(world, shop, world.clock))

    assert {event.cause for event in events if isinstance(event, Left)} == {Cause.CREDENTIALS}


def test_a_failed_look_is_not_a_failed_step(world: World, shop: Path) -> None:
    """The service staying away through every retry of one look fails nothing; it is looked at again."""
    world.emulator.faults.refuse("DescribeSolutionVersion", "InternalFailure", "later", times=12)

    world.apply(shop)

    assert actions(world.plan(shop)) == {}


def test_what_never_ends_is_given_up_at_the_deadline(world: World, shop: Path) -> None:
    """A training that hangs holds up nothing for longer than the deadline."""
    world.emulator.faults.stick("SolutionVersion")
    plan = world.plan(shop)

    events = world.carry_out(plan, deadline=world.clock.now() + 6 * 3600)

    assert [str(event.step.id.address) for event in events if isinstance(event, Left)] == ["SolutionVersion/home"]
    assert exit_code(events) == 9


def test_a_step_begins_when_all_it_needs_is_done(world: World, shop: Path) -> None:
    """Nothing begins before what it stands on has ended."""
    steps = {step.id: step for step in to_steps(world.plan(shop))}

    done = [event.step.id for event in running(world, shop, world.clock) if isinstance(event, Done)]

    assert len(done) == len(steps) == 8
    for position, id_ in enumerate(done):
        assert steps[id_].needs <= set(done[:position])


def test_missing_data_blocks_the_import(world: World, shop: Path) -> None:
    """An import of what is not there is told before anything begins."""
    world.emulator.put_bucket("shop", {})

    plan = world.plan(shop)

    assert [reason_of(change) for change in plan.blocked] == [
        "never ran; no object found at s3://shop/interactions.csv"
    ]


def test_ctrl_c_keeps_half_of_nothing(world: World, shop: Path) -> None:
    """An interruption while the emulator works is kept for the next sleep, and the work it fell into is done."""
    plan = world.plan(shop)
    running_ = apply(to_steps(plan), world.cloud, world.clock, world.pool)

    events = []
    for event in running_:
        events.append(event)
        if isinstance(event, Done):
            world.clock.interrupt()

    assert exit_code(events) == 8
    world.clock.resume()
    world.apply(shop)
    assert actions(world.plan(shop)) == {}


def test_no_step_begins_after_an_interruption(world: World, shop: Path) -> None:
    """Of two steps that are ready, the second does not begin when a signal arrives during the first."""
    steps, answered = to_steps(world.plan(shop)), world.emulator.answered

    def stopped() -> Cause | None:
        return Cause.INTERRUPTED if answered["CreateDatasetGroup"] else None

    events = list(apply(steps, world.cloud, world.clock, world.pool, may_go_on=stopped))

    begun = [str(event.step.id.address) for event in events if isinstance(event, Begun)]
    assert begun == ["DatasetGroup/shop"]
    assert [str(event.step.id.address) for event in events if isinstance(event, Left)] == begun
    assert exit_code(events) == 8


class InterruptedAfter(SimulatedClock):
    """A clock that a signal interrupts in the first pause after an operation was called."""

    def __init__(self, world: World, operation: str) -> None:
        super().__init__(world.clock.now())
        self._world, self._operation = world, operation

    def now(self) -> float:
        return self._world.clock.now()

    def sleep(self, seconds: float) -> None:
        self.interrupted = self.interrupted or bool(self._world.emulator.answered[self._operation])
        self._check()
        self._world.clock.sleep(seconds)


def test_a_call_that_an_interruption_leaves_unanswered_is_told(world: World, shop: Path) -> None:
    """A training whose answer was lost may have begun: it is told as in progress, and the next apply finds it."""
    world.emulator.faults.lose_response("CreateSolutionVersion")
    clock = InterruptedAfter(world, "CreateSolutionVersion")

    events = list(apply(to_steps(world.plan(shop)), emulated(clock), clock, world.pool))

    (left,) = [event for event in events if isinstance(event, Left)]
    assert left.state == Reason(ReasonCode.UNANSWERED)
    assert str(left.step.id.address) == "SolutionVersion/home"
    world.apply(shop)
    assert len(world.snapshot(shop).of_kind("SolutionVersion")) == 1


def test_a_dead_endpoint_is_not_waited_for_without_end(world: World, shop: Path) -> None:
    """A step whose polls get no answer says how long it waits, then fails and says how long it waited."""
    world.emulator.faults.refuse("DescribeSolutionVersion", "InternalFailure", "out of reach", times=100_000)

    events = world.carry_out(world.plan(shop))

    told = [text(event.state) for event in events if isinstance(event, Waiting)]
    assert "waits up to 15m for an answer (DescribeSolutionVersion: out of reach)" in told
    (failed,) = [event for event in events if isinstance(event, Failed)]
    assert re.fullmatch(
        r"no answer for 1[5-7]m( \d+s)?, so its state is unknown; the last error: .*", reason_of(failed)
    )
    assert "out of reach" in reason_of(failed)


def test_an_event_is_told_when_it_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that takes long does not hold up the events of the calls beside it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    manifests, clock, told, waited = write_shop(tmp_path), SimulatedClock(START), ThreadEvent(), []

    def slow(request: Request, forward: Callable[[], Answer]) -> Answer:
        if request.operation == "CreateDatasetGroup":
            waited.append(told.wait(20))
        return forward()

    emulator = Emulator(clock.now)
    emulator.put_bucket("shop", tmp_path / "data")
    with emulator.serve(port=0) as server, proxied(server.url, slow) as url, ThreadPoolExecutor(4) as pool:
        world = World(emulator, clock, connect(clock, region="us-east-1", endpoint_url=url), pool)
        for event in running(world, manifests, clock):
            if isinstance(event, Begun) and str(event.step.id.address) == "Schema/events":
                told.set()

    assert waited == [True]


class Trying(SimulatedClock):
    """The clock of calls in another thread: it passes a deadline in the pause before an attempt, until a signal."""

    def __init__(self, world: World, deadline: float) -> None:
        super().__init__(world.clock.now())
        self._inner, self._deadline, self._interruption = world.clock, deadline, ThreadEvent()

    def now(self) -> float:
        return self._inner.now()

    def interrupt(self, *_: object) -> None:
        super().interrupt()
        self._interruption.set()

    def sleep(self, seconds: float) -> None:
        self._check()
        self._inner.sleep(seconds)
        if seconds and current_thread() is not main_thread():
            self._inner.sleep(self._deadline - self.now())
            assert self._interruption.wait(60), "the attempts go on"
            self._check()


def test_a_deadline_ends_what_is_tried_again_and_again(world: World, shop: Path) -> None:
    """No other attempt at a call begins after it, and the time is that of the next command again."""
    plan = world.plan(shop)
    deadline = world.clock.now() + 600
    clock = Trying(world, deadline)
    world.emulator.faults.refuse("DescribeDatasetGroup", "InternalFailure", "out of reach", times=100_000)

    with ThreadPoolExecutor(4) as pool:
        events = list(apply(to_steps(plan), emulated(clock), clock, pool, deadline=deadline))

    assert {event.cause for event in events if isinstance(event, Left | NotBegun)} == {Cause.DEADLINE}
    assert [str(event.step.id.address) for event in events if isinstance(event, Left)] == ["DatasetGroup/shop"]
    assert exit_code(events) == 9
    assert not clock.interrupted
