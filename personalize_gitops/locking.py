"""Hold the lock of a target: take it, wait for it, renew it, stop when it is lost, and release it."""

from __future__ import annotations

import getpass
import os
import platform
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock, Thread

from personalize_gitops.errors import CloudError, CredentialsError, LockLost, LockNotObtained, UsageError
from personalize_gitops.model.events import Cause
from personalize_gitops.model.lock import Lease, LockStore
from personalize_gitops.model.ports import Clock

CALL_LIMIT = 90.0
"""Seconds that one call can take: 10 to connect, 60 to read, and some to be sent."""

RELEASE_LIMIT = 3.0
"""Seconds that the end of a command waits for the removal of its lock."""

_REMEDY = "Wait for it with --lock-timeout; if that apply does not run any more, run `personalize-gitops lock release`"
_POLL = 5.0  # seconds between two looks at a lock that another apply holds
_RENEWALS = 20  # in the time of a lease; each also notices that somebody has released the lock
_AGAIN = 10.0  # seconds after a renewal without an answer
_RUNS = ("CI_JOB_URL", "BUILD_URL", "BUILDKITE_BUILD_URL", "CIRCLE_BUILD_URL", "CODEBUILD_BUILD_ID")


@dataclass(frozen=True)
class LockWait:
    """How long to wait for a lock that another apply holds, and what to do when the wait begins."""

    seconds: float = 0.0
    begun: Callable[[str, Lease, float], None] = lambda place, lease, seconds: None


NO_WAIT = LockWait()


class Held:
    """A lock that this process holds. `check` is called before every call, and renews it many times in a lease.

    The lease runs from the moment at which its last write was asked for, so others that saw the write see it later.
    """

    def __init__(self, store: LockStore, lease: Lease, clock: Clock, asked: float) -> None:
        self._store, self._lease, self._clock = store, lease, clock
        self._renewed, self._next = asked, asked + lease.seconds / _RENEWALS
        self._lost = False
        self._expired: CredentialsError | None = None  # why the last renewal failed
        self._mutex = Lock()

    def cause(self) -> Cause | None:
        """Return LOCK_LOST if the lease is lost, or if it ends before another call would.

        Raises CredentialsError if it ends because the credentials have expired: renewed ones can renew it.
        """
        with self._mutex:
            if not self._lost and self._clock.monotonic() >= self._next:
                self._renew()
            left = self._renewed + self._lease.seconds - self._clock.monotonic()
            if not self._lost and left >= CALL_LIMIT:
                return None
            if self._expired:
                raise self._expired
            return Cause.LOCK_LOST

    def check(self) -> None:
        """Raise LockLost if no call may be made."""
        if self.cause():
            raise LockLost(f"{self._store.place} was lost: another apply may have taken it")

    def tell(self, plan: str) -> None:
        """Store the fingerprint of the plan."""
        with self._mutex:
            self._lease = replace(self._lease, plan=plan)
            self._renew()

    def release(self, limit: float = RELEASE_LIMIT) -> None:
        """Remove the lock. Without an answer within the limit it ends by itself: nobody renews it any more."""
        self._lost = True
        removing = Thread(target=self._remove, daemon=True)
        removing.start()
        removing.join(limit)

    def _remove(self) -> None:
        with self._mutex:
            try:
                if self._store.delete(self._lease):
                    return
                stored = self._store.read()
                if stored and stored.token == self._lease.token:  # a renewal without an answer
                    self._store.delete(stored)
            except (CloudError, CredentialsError, UsageError):
                return

    def _renew(self) -> None:
        asked, self._expired = self._clock.monotonic(), None
        try:
            written = self._written(replace(self._lease, renewals=self._lease.renewals + 1))
        except (CloudError, CredentialsError) as error:
            self._next = self._clock.monotonic() + _AGAIN  # the lease still runs
            self._expired = error if isinstance(error, CredentialsError) else None
            return
        except UsageError:
            written = None  # the stored object is not a lock any more
        if written is None:
            self._lost = True
            return
        self._lease, self._renewed, self._next = written, asked, asked + written.seconds / _RENEWALS

    def _written(self, lease: Lease) -> Lease | None:
        """Store a lease over ours, also over one that was stored without an answer: its token is ours."""
        if written := self._store.write(lease, over=self._lease):
            return written
        stored = self._store.read()
        return self._store.write(lease, over=stored) if stored and stored.token == lease.token else None


@contextmanager
def holding(store: LockStore, clock: Clock, wait: LockWait, taken: float) -> Iterator[Held]:
    """Hold a lock inside a with block. Raises LockNotObtained if another apply holds it for longer than the wait."""
    held = obtain(store, new_lease(taken), clock, wait)
    try:
        yield held
    finally:
        held.release()


def obtain(store: LockStore, lease: Lease, clock: Clock, wait: LockWait) -> Held:
    """Take a lock. A lease that stays unchanged for its whole length has no holder any more, and is taken over.

    Raises LockNotObtained if another apply holds the lock for longer than the wait.
    """
    begun = clock.monotonic()
    seen: Lease | None = None
    since = begun  # when the lease was seen first
    while True:
        current = store.read()
        now = clock.monotonic()
        if current and (seen is None or current.version != seen.version):
            if seen is None and wait.seconds:
                wait.begun(store.place, current, wait.seconds)
            seen, since = current, now
        if current is None or now - since >= current.seconds:
            if written := store.write(lease, over=current):
                held = Held(store, written, clock, now)
                _check_conditions(store, written, held)
                return held
            current = store.read()  # another apply was faster
        left = wait.seconds - (clock.monotonic() - begun)
        if current and left <= 0:
            raise LockNotObtained(store.place, current, max(0.0, lease.taken - current.taken), _REMEDY)
        clock.sleep(min(_POLL, max(left, 0.0)))


def _check_conditions(store: LockStore, lease: Lease, held: Held) -> None:
    try:
        store.check(lease)
    except BaseException:
        held.release()
        raise


def new_lease(taken: float) -> Lease:
    """Return the lease of this process."""
    return Lease(secrets.token_hex(16), f"{_user()}@{platform.node()}", _run(), taken)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without a user of this number
        return str(getattr(os, "getuid", lambda: "unknown")())


def _run() -> str:
    """Return the URL of the pipeline's run, or the process."""
    known = os.environ.get
    if known("GITHUB_RUN_ID"):
        return (
            f"{known('GITHUB_SERVER_URL', '')}/{known('GITHUB_REPOSITORY', '')}/actions/runs/{known('GITHUB_RUN_ID')}"
        )
    return next((found for name in _RUNS if (found := known(name))), f"process {os.getpid()}")
