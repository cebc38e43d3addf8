"""The pace: throttled calls slow all calls of a connection, and the rate recovers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.aws.pace import SLOWEST, Pace
from personalize_gitops.aws.retry import ATTEMPTS, THROTTLED_ATTEMPTS
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.errors import Unavailable
from personalize_gitops.kinds import KINDS
from personalize_gitops.model.events import Failed
from tests.support.proxy import Answer, Request, error, proxied
from tests.support.shop import write_shop
from tests.support.texts import reason_of
from tests.support.world import START, World, actions, emulated

GROUP, FILTER = KINDS["DatasetGroup"], KINDS["Filter"]
QUIET = 3080  # seconds that an apply of the shop takes without throttling
TRAINING = "CreateSolutionVersion"


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(START)


def answered(pace: Pace, calls: int) -> None:
    """Let calls be answered at once."""
    for _ in range(calls):
        pace.wait()
        pace.answered()


def spent(clock: SimulatedClock, pace: Pace, calls: int) -> float:
    """Return how many seconds the pace lets some answered calls wait."""
    before = clock.now()
    answered(pace, calls)
    return clock.now() - before


def test_without_throttling_no_call_waits(clock: SimulatedClock) -> None:
    """The limits of the service are not known, so there is none at first."""
    assert spent(clock, Pace(clock), 500) == 0


def test_throttling_slows_all_calls(clock: SimulatedClock) -> None:
    """The rate falls below that of the last second, which was too high, and the calls are spread evenly."""
    pace = Pace(clock)
    answered(pace, 10)

    pace.throttled()

    assert [spent(clock, pace, 1) for _ in range(4)] == pytest.approx([1 / 8] * 4, rel=0.1)


def test_the_rate_falls_while_calls_are_throttled(clock: SimulatedClock) -> None:
    """Each throttled call lowers it, to one call in two seconds at least."""
    pace = Pace(clock)
    answered(pace, 10)
    for _ in range(30):
        pace.throttled()

    assert spent(clock, pace, 1) == pytest.approx(1 / SLOWEST)


def test_the_rate_recovers(clock: SimulatedClock) -> None:
    """It grows by a tenth of a call a second with each answered call, and is forgotten after two minutes of quiet."""
    pace = Pace(clock)
    answered(pace, 10)
    pace.throttled()

    clock.sleep(10)
    answered(pace, 1)
    assert spent(clock, pace, 1) == pytest.approx(1 / 8, rel=0.1)
    answered(pace, 50)
    assert spent(clock, pace, 13) == pytest.approx(1, rel=0.1)
    clock.sleep(120)
    answered(pace, 1)
    assert spent(clock, pace, 500) == 0


def test_a_throttled_operation_slows_the_others(world: World) -> None:
    """One rate holds for all operations of a connection."""
    world.cloud.list(FILTER)
    world.emulator.faults.throttle("ListDatasetGroups", times=1)
    world.cloud.list(GROUP)
    before = world.clock.now()

    for _ in range(5):
        world.cloud.list(FILTER)

    assert world.clock.now() - before > 1


def test_the_pace_of_a_limited_account_is_found(clock: SimulatedClock) -> None:
    """Of 300 calls to an account that answers five a second few are refused, and little time is lost."""
    with Emulator(clock.now, calls_per_second=5).started():
        cloud = emulated(clock)
        before = clock.now()

        for _ in range(300):
            cloud.list(GROUP)

    assert clock.now() - before < 1.1 * 300 / 5
    assert cloud.calls["ListDatasetGroups"] < 1.15 * 300


def test_changes_in_an_account_with_little_room(clock: SimulatedClock) -> None:
    """Where one call a second is answered, a change and the two looks at its object before it get through."""
    with Emulator(clock.now, calls_per_second=1).started():
        cloud = emulated(clock)
        group = cloud.describe(GROUP, cloud.create(GROUP, "g", {}, {}))
        assert group
        clock.sleep(3600)
        before = clock.now()

        for number in range(10):
            cloud.tag(group, {"number": str(number)})

        assert cloud.tags(group.arn) == {"number": "9"}
    assert clock.now() - before < 3 * 31


@pytest.mark.parametrize(
    ("code", "attempts"), [("ThrottlingException", THROTTLED_ATTEMPTS), ("InternalFailure", ATTEMPTS)]
)
def test_patience_with_throttling(world: World, code: str, attempts: int) -> None:
    """A throttled call is repeated more often than one that failed: it had no effect, and others may be the reason."""
    world.emulator.faults.refuse("ListDatasetGroups", code, "later", times=100)

    with pytest.raises(Unavailable, match=r"^ListDatasetGroups: later"):
        world.cloud.list(GROUP)

    assert world.cloud.calls["ListDatasetGroups"] == attempts


@contextmanager
def unreliable(clock: SimulatedClock, folder: Path, share: float) -> Iterator[tuple[World, Path]]:
    """The shop, and an account that throttles a share of all calls at any rate."""
    manifests, chance = write_shop(folder), Random(45)  # noqa: S311  not for security
    emulator = Emulator(clock.now)
    emulator.put_bucket("shop", folder / "data")

    def throttling(request: Request, forward: Callable[[], Answer]) -> Answer:
        refused = request.service == "personalize" and chance.random() < share
        return error("ThrottlingException", "Rate exceeded") if refused else forward()

    with emulator.serve(port=0) as server, proxied(server.url, throttling) as url:
        yield World(emulator, clock, connect(clock, region="us-east-1", endpoint_url=url)), manifests


def test_an_apply_under_heavy_throttling(
    clock: SimulatedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where 45 % of all calls are throttled, an apply ends well, with one training, in at most a tenth more time."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    with unreliable(clock, tmp_path, 0.45) as (world, manifests):
        plan, before = world.plan(manifests), clock.now()

        events = world.carry_out(plan)

        assert [reason_of(event) for event in events if isinstance(event, Failed)] == []
        assert clock.now() - before < 1.1 * QUIET
        assert world.emulator.answered[TRAINING] == 1
        assert actions(world.plan(manifests)) == {}
