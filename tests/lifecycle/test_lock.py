"""Two applies at once: with a lock one works and the other waits; without one nothing is doubled or deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from personalize_gitops.aws.cloud import AwsCloud
from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.connection import Connection, Inline
from personalize_gitops.emulator import Emulator
from personalize_gitops.errors import LockNotObtained
from personalize_gitops.locking import LockWait, holding
from personalize_gitops.manifest import load
from personalize_gitops.model.events import Cause, Done, Event, Left, NotBegun, exit_code
from personalize_gitops.model.lock import Lease
from personalize_gitops.session import Session
from tests.support.shop import write_shop
from tests.support.world import START, actions

LOCK = "s3://locks/shop.lock"

EDITS = {
    "successor": ("popularity_discount_factor: 0.3", "popularity_discount_factor: 0.6"),
    "update": ("minProvisionedTPS: 1", "minProvisionedTPS: 2"),
    "recreation": ('IN ("like")', 'IN ("watch")'),
}


@dataclass(frozen=True)
class Shared:
    """An account that several applies reach over HTTP, on one clock."""

    emulator: Emulator
    clock: SimulatedClock
    manifests: Path
    url: str

    def connect(self) -> AwsCloud:
        return connect(self.clock, region="us-east-1", endpoint_url=self.url)

    @contextmanager
    def session(self, wait: float | None) -> Iterator[Session]:
        """Open a session as `apply` does: with the lock, and without one if `wait` is None."""
        cloud = self.connect()
        connection = Connection(cloud, self.clock, Inline(), simulated=True)
        if wait is None:
            yield Session(load(self.manifests), connection)
            return
        with holding(cloud.lock(LOCK), self.clock, LockWait(wait), self.clock.now()) as held:
            cloud.guard(held.check)
            locked = Connection(cloud, self.clock, Inline(), simulated=True, held=held)
            yield Session(load(self.manifests), locked)

    def apply(self, wait: float | None) -> list[Event]:
        """Plan and apply, as the command does."""
        with self.session(wait) as session:
            plan = session.plan()
            session.announce(plan)
            return list(session.apply(plan))

    def plan(self) -> dict[str, Any]:
        """Return what is left to do."""
        with self.session(None) as session:
            return dict(actions(session.plan()))

    def names(self) -> Counter[str]:
        """Return how many objects of each name there are or ever were, by kind."""
        with self.session(None) as session:
            snapshot = session.observe()
        return Counter(f"{live.kind.kind_name()}/{live.name}" for live in snapshot.objects)


@contextmanager
def accounts(folder: Path, **settings: Any) -> Iterator[Callable[[], Shared]]:
    """Make an account with the data of the small shop; each call makes another one."""
    manifests = write_shop(folder)
    clock = SimulatedClock(START)
    emulator = Emulator(clock.now, **settings)

    with pytest.MonkeyPatch.context() as patch, emulator.serve(port=0) as server:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "local")

        def made() -> Shared:
            emulator.reset()
            emulator.put_bucket("shop", folder / "data")
            emulator.put_bucket("locks")
            return Shared(emulator, clock, manifests, server.url)

        yield made


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Callable[[], Shared]]:
    with accounts(tmp_path) as made:
        yield made


@pytest.fixture
def lenient(tmp_path: Path) -> Iterator[Callable[[], Shared]]:
    """Accounts where two trainings can have one name."""
    with accounts(tmp_path, version_names_are_unique=False) as made:
        yield made


def at_once(shared: Shared, wait: float | None) -> list[list[Event] | Exception]:
    """Run two applies in two threads; return their events, or the errors that ended them."""

    def run(_: int) -> list[Event] | Exception:
        try:
            return shared.apply(wait)
        except LockNotObtained as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


def done(events: list[Event] | Exception) -> int:
    assert isinstance(events, list), events
    assert exit_code(events) == 0, events
    return sum(isinstance(event, Done) for event in events)


def is_complete(shared: Shared) -> bool:
    """Return whether everything exists, once."""
    return shared.plan() == {} and set(shared.names().values()) == {1} and len(shared.names()) == 8


def with_a_lock(shared: Shared) -> tuple[list[int], bool, Lease | None]:
    """How many steps each of two applies at once has done, whether all is there, and the lock that is left."""
    both = sorted(map(done, at_once(shared, wait=86400.0)))
    return both, is_complete(shared), shared.connect().lock(LOCK).read()


def in_turns(shared: Shared, seed: int) -> list[list[Event]]:
    """Let two applies without a lock, planned at the same time, take turns at random; return their events."""
    turns = Random(seed)  # noqa: S311  not for secrets
    with shared.session(None) as one, shared.session(None) as other:
        running = {id_: session.apply(session.plan()) for id_, session in enumerate((one, other))}
        events: list[list[Event]] = [[], []]
        while running:
            turn = turns.choice(sorted(running))
            if event := next(running[turn], None):
                events[turn].append(event)
            else:
                del running[turn]

    return events


def without_a_lock(shared: Shared, seed: int) -> tuple[list[int], bool]:
    """The exit codes of two applies that take turns, and whether all is there, once."""
    codes = [exit_code(events) for events in in_turns(shared, seed)]
    return codes, is_complete(shared)


def in_threads(shared: Shared) -> tuple[bool, bool]:
    """Whether any of two applies without a lock in two threads has done something, and whether all is there, once."""
    steps = [*map(done, at_once(shared, wait=None))]
    return max(steps) > 0, is_complete(shared)


def trainings(shared: Shared) -> Counter[str]:
    with shared.session(None) as session:
        return Counter(live.name for live in session.observe().of_kind("SolutionVersion"))


@pytest.mark.parametrize("attempt", range(2))
def test_with_a_lock_one_works_and_one_waits(shared: Callable[[], Shared], attempt: int) -> None:
    """The second apply begins when the first has released the lock, and finds nothing to do."""
    assert with_a_lock(shared()) == ([0, 8], True, None)


@pytest.mark.parametrize("seed", range(2))
def test_without_a_lock_nothing_is_doubled(shared: Callable[[], Shared], seed: int) -> None:
    """Two applies that planned the same at the same time: each object is created once, and both end well."""
    assert without_a_lock(shared(), seed) == ([0, 0], True)


@pytest.mark.parametrize("edit", sorted(EDITS))
def test_without_a_lock_changes_are_made_once(shared: Callable[[], Shared], edit: str) -> None:
    """Two applies of the same change at the same time: the account is as declared, and nothing was trained twice."""
    account = shared()
    account.apply(None)
    path = account.manifests / "shop.yaml"
    path.write_text(path.read_text().replace(*EDITS[edit]))

    events = in_turns(account, seed=7)

    assert [exit_code(each) for each in events] == [0, 0]
    assert account.plan() == {}
    assert set(trainings(account).values()) == {1}


@pytest.mark.parametrize("attempt", range(3))
def test_without_a_lock_nothing_is_bought_twice(lenient: Callable[[], Shared], attempt: int) -> None:
    """Two applies in two threads, where names of trainings are not unique: both end well, one of them has trained."""
    assert in_threads(lenient()) == (True, True)


@pytest.mark.slow
def test_fifty_times_without_a_lock_or_unique_names(lenient: Callable[[], Shared]) -> None:
    """The same 50 times: half of them in turns, half in threads."""
    for seed in range(25):
        assert without_a_lock(lenient(), seed) == ([0, 0], True)
        assert in_threads(lenient()) == (True, True)


@pytest.mark.slow
def test_fifty_times_with_a_lock(shared: Callable[[], Shared]) -> None:
    """Two applies at once, 50 times, with a lock."""
    for _ in range(50):
        assert with_a_lock(shared()) == ([0, 8], True, None)


@pytest.mark.slow
def test_fifty_times_without_a_lock(shared: Callable[[], Shared]) -> None:
    """Two applies at once, 50 times, without a lock: half of them in turns, half in threads."""
    for seed in range(25):
        assert without_a_lock(shared(), seed) == ([0, 0], True)
        assert in_threads(shared()) == (True, True)


def test_without_a_wait_the_second_is_refused(shared: Callable[[], Shared]) -> None:
    """Exit code 7, before the account is read."""
    account = shared()
    with account.session(0.0) as first:
        first.announce(first.plan())
        account.emulator.answered.clear()

        with pytest.raises(LockNotObtained, match=r"locked: s3://locks/shop.lock is held by .*, plan ") as caught:
            account.apply(0.0)

        assert caught.value.exit_code == 7
        assert not account.emulator.answered


def test_a_lost_lock_ends_an_apply(shared: Callable[[], Shared]) -> None:
    """An apply whose lock somebody releases stops: no other step begins, exit code 8, and the next one continues."""
    account = shared()
    events: list[Event] = []
    with account.session(0.0) as session:
        lock = account.connect().lock(LOCK)
        for event in session.apply(session.plan()):
            events.append(event)
            if isinstance(event, Done) and (lease := lock.read()):
                assert lock.delete(lease)

    assert exit_code(events) == 8
    assert {event.cause for event in events if isinstance(event, Left | NotBegun)} == {Cause.LOCK_LOST}
    account.apply(0.0)
    assert is_complete(account)


def test_the_lock_lasts_as_long_as_the_apply(shared: Callable[[], Shared]) -> None:
    """Through a training the lease is renewed; afterwards the lock is free."""
    account = shared()
    begun = account.clock.now()
    renewals: list[int] = []

    with account.session(0.0) as session:
        lock = account.connect().lock(LOCK)
        for _ in session.apply(session.plan()):
            renewals += [lease.renewals for lease in [lock.read()] if lease]

    assert account.clock.now() - begun > 1800
    assert renewals == sorted(renewals)
    assert renewals[-1] >= (account.clock.now() - begun) // 300
    assert lock.read() is None
