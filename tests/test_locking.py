"""Holding a lock: who waits for how long, when a lease is renewed, and when it is lost."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest

from personalize_gitops.errors import LockLost, LockNotObtained, Unavailable
from personalize_gitops.locking import CALL_LIMIT, Held, LockWait, holding, new_lease, obtain
from personalize_gitops.model.events import Cause
from personalize_gitops.model.lock import LEASE, Lease, LockStore
from tests.support.scripted import ScriptedClock
from tests.support.world import START

MINUTE, HOUR = 60.0, 3600.0


class Store:
    """A store in memory that honours conditions; while it is out of reach, writes get no answer."""

    place = "s3://locks/prod"

    def __init__(self) -> None:
        self.stored: Lease | None = None
        self.writes = 0
        self.out_of_reach = False
        self.loses_answers = False

    def read(self) -> Lease | None:
        return self.stored

    def write(self, lease: Lease, over: Lease | None) -> Lease | None:
        if self.out_of_reach:
            raise Unavailable("no answer")
        if self.stored != over:
            return None
        self.writes += 1
        self.stored = replace(lease, version=f"v{self.writes}")
        if self.loses_answers:
            raise Unavailable("no answer")
        return self.stored

    def check(self, lease: Lease) -> None:
        """Do nothing."""

    def delete(self, lease: Lease) -> bool:
        if self.stored != lease:
            return False
        self.stored = None
        return True


@pytest.fixture
def clock() -> ScriptedClock:
    return ScriptedClock(START)


@pytest.fixture
def store() -> Store:
    return Store()


def taken(store: LockStore, clock: ScriptedClock, wait: float = 0.0) -> Held:
    return obtain(store, new_lease(clock.now()), clock, LockWait(wait))


def test_a_held_lock_is_refused_at_once(store: Store, clock: ScriptedClock) -> None:
    """Without a wait the second gets exit code 7, and is told owner, run, plan, age and what to do."""
    first = taken(store, clock)
    first.tell("f" * 64)
    assert store.stored is not None
    clock.sleep(3 * MINUTE)

    with pytest.raises(LockNotObtained) as caught:
        taken(store, clock)

    assert caught.value.exit_code == 7
    lease = store.stored
    assert str(caught.value) == (
        f"locked: s3://locks/prod is held by {lease.owner} ({lease.run}, plan ffffffffffff) for 3 min. Wait for it "
        "with --lock-timeout; if that apply does not run any more, run `personalize-gitops lock release`"
    )


def test_a_lock_is_waited_for(store: Store, clock: ScriptedClock) -> None:
    """The second takes the lock soon after it is released, and says once whom it waits for."""
    first = taken(store, clock)
    told: list[str] = []
    clock.at(10 * MINUTE, first.release)
    for renewal in range(1, 10):
        clock.at(renewal * MINUTE, first.check)

    wait = LockWait(HOUR, lambda place, lease, seconds: told.append(f"{place} {lease.token} {seconds}"))
    obtain(store, new_lease(clock.now()), clock, wait)

    assert 10 * MINUTE <= clock.now() - START <= 10 * MINUTE + 10
    assert len(told) == 1


def test_a_wait_ends(store: Store, clock: ScriptedClock) -> None:
    """A lock that is renewed is not obtained, and the wait is as long as asked for."""
    first = taken(store, clock)
    for renewal in range(1, 60):
        clock.at(renewal * MINUTE, first.check)

    with pytest.raises(LockNotObtained):
        taken(store, clock, wait=30 * MINUTE)

    assert clock.now() - START == 30 * MINUTE


def test_a_lease_that_nobody_renews_is_taken_over(store: Store, clock: ScriptedClock) -> None:
    """After a crash the lock is free when it was unchanged for its whole lease, no earlier."""
    taken(store, clock)
    clock.sleep(LEASE - 1)  # what passed before the second looked does not count

    before = clock.now()
    second = taken(store, clock, wait=HOUR)

    assert LEASE <= clock.now() - before <= LEASE + 10
    assert second.cause() is None


@pytest.mark.parametrize("shift", [-30 * 86400.0, 30 * 86400.0])
def test_clocks_are_not_compared(store: Store, clock: ScriptedClock, shift: float) -> None:
    """A holder whose clock is a month off loses nothing, and gains nothing."""
    obtain(store, new_lease(clock.now() + shift), clock, LockWait())

    with pytest.raises(LockNotObtained):
        taken(store, clock, wait=LEASE - 1)
    assert taken(store, clock, wait=HOUR).cause() is None


def test_only_one_takes_over(store: Store, clock: ScriptedClock) -> None:
    """Of two that wait for the same lease, the slower one sees the lock of the faster one."""
    taken(store, clock)
    faster: list[Held] = []
    clock.at(LEASE - 1, lambda: store.delete(store.stored) if store.stored else None)
    clock.at(LEASE - 0.5, lambda: faster.append(taken(store, clock)))

    with pytest.raises(LockNotObtained):
        taken(store, clock, wait=LEASE + 20)

    assert faster[0].cause() is None


def test_a_lease_is_renewed_in_time(store: Store, clock: ScriptedClock) -> None:
    """Calls every second renew it every 15 seconds, and no more often."""
    held = taken(store, clock)

    for _ in range(int(LEASE)):
        held.check()
        clock.sleep(1)

    assert store.stored is not None
    assert store.stored.renewals == LEASE / 15 - 1
    assert store.writes == store.stored.renewals + 1


def test_a_holder_notices_soon_that_its_lock_was_released(store: Store, clock: ScriptedClock) -> None:
    """Somebody releases the lock of an apply that still runs, and another one begins: both work for seconds only."""
    held = taken(store, clock)
    store.stored = None
    other = taken(store, clock)
    clock.sleep(15)

    assert held.cause() is Cause.LOCK_LOST
    assert other.cause() is None


def test_a_lost_lock_permits_no_call(store: Store, clock: ScriptedClock) -> None:
    """A holder that was away for longer than its lease finds another one, and stops for good."""
    held = taken(store, clock)
    clock.sleep(LEASE)
    other = taken(store, clock, wait=HOUR)

    assert held.cause() is Cause.LOCK_LOST
    with pytest.raises(LockLost, match="s3://locks/prod was lost"):
        held.check()
    held.release()
    assert other.cause() is None


def test_a_holder_that_was_away_continues_if_nobody_came(store: Store, clock: ScriptedClock) -> None:
    """A suspended machine renews first."""
    held = taken(store, clock)
    clock.sleep(HOUR)

    assert held.cause() is None
    assert store.writes == 2


def test_no_call_begins_that_could_outlast_the_lease(store: Store, clock: ScriptedClock) -> None:
    """While renewals get no answer, calls are made until the rest of the lease is shorter than one, and then again."""
    held = taken(store, clock)
    store.out_of_reach = True

    clock.sleep(LEASE - CALL_LIMIT)
    held.check()
    clock.sleep(1)
    assert held.cause() is Cause.LOCK_LOST
    store.out_of_reach = False
    clock.sleep(10)

    assert held.cause() is None


def test_a_renewal_without_an_answer_is_repeated(store: Store, clock: ScriptedClock) -> None:
    """Not at every call: the store is out of reach for all of them."""
    held = taken(store, clock)
    store.out_of_reach = True
    clock.sleep(LEASE / 3)
    for _ in range(5):
        held.check()

    store.out_of_reach = False
    held.check()
    assert store.writes == 1
    clock.sleep(10)
    held.check()
    assert store.writes == 2


@pytest.mark.parametrize("lost", ["the plan", "a renewal"])
def test_a_renewal_that_was_stored_without_an_answer_is_ours(store: Store, clock: ScriptedClock, lost: str) -> None:
    """The next one says something else, and is not taken for a stranger's: the lock is kept, with the plan."""
    held = taken(store, clock)
    store.loses_answers = True
    if lost == "the plan":
        held.tell("plan")
    clock.sleep(LEASE / 3)
    held.check()
    store.loses_answers = False
    if lost == "a renewal":
        held.tell("plan")
    clock.sleep(10)

    assert held.cause() is None
    assert store.stored is not None
    assert store.stored.plan == "plan"
    held.release()
    assert store.stored is None


@pytest.mark.parametrize("fails", [False, True])
def test_a_lock_is_released_in_any_case(store: Store, clock: ScriptedClock, fails: bool) -> None:
    """Also after an error, and after a renewal whose answer was lost."""

    def work(held: Held) -> None:
        store.loses_answers = True
        held.tell("plan")
        if fails:
            raise KeyboardInterrupt

    try:
        with holding(store, clock, LockWait(), clock.now()) as held:
            work(held)
    except KeyboardInterrupt:
        assert fails

    assert store.stored is None


def test_a_store_that_does_not_answer_delays_no_exit(clock: ScriptedClock) -> None:
    """The end of a command waits only for seconds until its lock is removed."""
    answering = Event()

    class Hanging(Store):
        def delete(self, lease: Lease) -> bool:
            assert answering.wait(60)
            return super().delete(lease)

    store = Hanging()
    held = taken(store, clock)

    held.release(limit=0.05)

    assert store.stored is not None
    answering.set()
    assert held.cause() is Cause.LOCK_LOST


def test_a_store_that_fails_its_check_is_given_back(clock: ScriptedClock) -> None:
    """The lock of a store that ignores conditions does not stay."""

    class Careless(Store):
        def check(self, lease: Lease) -> None:
            raise Unavailable("not today")

    store = Careless()

    with pytest.raises(Unavailable):
        taken(store, clock)
    assert store.stored is None


@pytest.mark.parametrize(
    ("variables", "run"),
    [
        (
            {"GITHUB_RUN_ID": "7", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "a/b"},
            "https://github.com/a/b/actions/runs/7",
        ),
        ({"CI_JOB_URL": "https://gitlab.example/jobs/7"}, "https://gitlab.example/jobs/7"),
        ({}, "process "),
    ],
    ids=["GitHub", "GitLab", "a shell"],
)
def test_a_lease_says_whose_run_it_is(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], run: str) -> None:
    """The URL of a pipeline, so that a colleague can look whether it still runs."""
    for name in ("GITHUB_RUN_ID", "CI_JOB_URL", "BUILD_URL", "BUILDKITE_BUILD_URL", "CIRCLE_BUILD_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert new_lease(START).run.startswith(run)
