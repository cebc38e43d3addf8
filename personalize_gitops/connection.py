"""Connect to the account of a target: AWS, or the embedded emulator with its simulated time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from personalize_gitops.cache_file import cache_file
from personalize_gitops.clock import SimulatedClock, SystemClock
from personalize_gitops.errors import MissingExtra, UsageError
from personalize_gitops.locking import NO_WAIT, LockWait, holding
from personalize_gitops.manifest import Loaded
from personalize_gitops.manifest.project import Destination, EmulatorTarget, variable_of
from personalize_gitops.model.data_files import Files
from personalize_gitops.model.lock import HeldLock, StoredLock
from personalize_gitops.model.ports import Channel, Clock, Cloud, Pool
from personalize_gitops.notify.url import UrlChannel
from personalize_gitops.state_lock import HeldState, StateLock, holding_state

if TYPE_CHECKING:
    from personalize_gitops.aws.cloud import AwsCloud
    from personalize_gitops.emulator import Emulator

T = TypeVar("T")

LOCAL_REGION = "us-east-1"


@dataclass(frozen=True)
class Connection:
    """The ports of one target."""

    cloud: Cloud
    clock: Clock
    pool: Pool
    simulated: bool  # time passes only while something waits
    cache_file: Path | None = None  # the cache of described objects; None for the emulator
    held: HeldLock | None = None  # the lock of the target, while changes are made
    has_roles: bool = False  # roles, buckets and keys are those of AWS, so that their policies are worth a look
    channels: Callable[[], Sequence[Channel]] = tuple  # where notifications go
    items: Callable[[str, Sequence[str], Sequence[str]], Mapping[str, Mapping[str, str]]] | None = None
    """Columns of items by dataset group, ids and names of columns; None: the account cannot be asked for them."""


class Inline(Executor):
    """A pool that makes each call immediately: parallel calls save no simulated time."""

    def submit(self, call: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Make the call and return its result as a finished future."""
        future: Future[T] = Future()
        try:
            future.set_result(call(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


@contextmanager
def connected(
    loaded: Loaded, *, changes: bool = False, events: bool = False, wait: LockWait = NO_WAIT
) -> Iterator[Connection]:
    """Connect to a target. With `changes`, hold its lock, and keep the embedded emulator's state, even after an error.

    Without `changes`, a call that changes something raises Refused and is not sent; with `events`, events are, and the
    embedded emulator keeps them.

    Raises CredentialsError for missing credentials or those of another account, MissingExtra without the emulator,
    LockNotObtained if another apply holds the lock for longer than the wait.
    """
    opened = _embedded(loaded, loaded.target.emulator, changes, events, wait) if loaded.target.emulator else None
    with opened or _in_aws(loaded, changes, events, wait) as connection:
        yield connection


@contextmanager
def _in_aws(loaded: Loaded, changes: bool, events: bool, wait: LockWait) -> Iterator[Connection]:
    from personalize_gitops.aws.connect import THREADS

    target, clock = loaded.target, SystemClock()
    cloud = _cloud(loaded, clock, changes, events)
    with ExitStack() as stack:
        held = None
        if changes and target.lock:
            held = stack.enter_context(holding(cloud.lock(target.lock), clock, wait, clock.now()))
            cloud.guard(held.check)
        pool = ThreadPoolExecutor(THREADS)
        # An interruption does not wait for what it was reading.
        stack.callback(pool.shutdown, wait=False, cancel_futures=True)
        kept = cache_file(cloud.account, cloud.region, target.endpoint_url)
        yield Connection(
            cloud,
            clock,
            pool,
            simulated=False,
            cache_file=kept,
            held=held,
            has_roles=target.endpoint_url is None,
            channels=_channels(loaded, cloud),
        )


def _cloud(loaded: Loaded, clock: SystemClock, changes: bool, events: bool = False) -> AwsCloud:
    from personalize_gitops.aws.connect import connect

    target = loaded.target
    return connect(
        clock,
        region=target.region,
        account=target.account,
        profile=target.profile,
        assume_role=target.assume_role,
        endpoint_url=target.endpoint_url,
        secrets=loaded.desired.secrets,
        read_only=not changes,
        records_events=events,
    )


def _channels(loaded: Loaded, cloud: AwsCloud) -> Callable[[], Sequence[Channel]]:
    """Return a function that returns the channels of a target. URLs are read from the environment when it is called."""

    def channel(at: str | Destination) -> Channel:
        if isinstance(at, Destination):
            return cloud.topic(at.sns) if at.sns else cloud.event_bus(at.event_bus or "")
        name = variable_of(at)
        return UrlChannel(name, os.environ.get(name, ""))

    return lambda: [channel(at) for at in loaded.target.notify]


def stored_files(loaded: Loaded) -> Files:
    """Return the files in S3 of a target that is an account. Raises CredentialsError without credentials."""
    return _cloud(loaded, SystemClock(), changes=False).data_files


def lock_of(loaded: Loaded) -> StoredLock:
    """Return the lock of a target. Raises UsageError if it has none."""
    if loaded.target.emulator:
        _check_extra(loaded)
        return StateLock(loaded.state)
    if not loaded.target.lock:
        raise UsageError(
            f"target {loaded.target_name} has no lock: add `lock: s3://bucket/key` to it in the project file"
        )
    return _cloud(loaded, SystemClock(), changes=True).lock(loaded.target.lock)


@contextmanager
def _embedded(
    loaded: Loaded, settings: EmulatorTarget, changes: bool, events: bool, wait: LockWait
) -> Iterator[Connection]:
    _check_extra(loaded)
    from personalize_gitops.aws.connect import connect
    from personalize_gitops.emulator import Emulator

    account = loaded.target.account or "000000000000"
    clock = SimulatedClock(SystemClock().now())
    emulator = Emulator(clock.now, account=account, quotas=loaded.target.limits.quotas)
    state = _state(emulator, loaded.state, changes or events, wait, clock)
    with emulator.started(), state as held:
        clock.sleep(emulator.lived_until - clock.now())
        for bucket, folder in settings.buckets.items():
            # Without the folder the bucket is empty: the plan shows what is missing, status and destroy still work.
            emulator.put_bucket(bucket, source if (source := loaded.folder / folder).is_dir() else None)
        region, secrets = loaded.target.region or LOCAL_REGION, loaded.desired.secrets
        cloud = connect(
            clock, region=region, account=account, secrets=secrets, read_only=not changes, records_events=events
        )
        channels, items = _channels(loaded, cloud), partial(emulator.items, region)
        yield Connection(cloud, clock, Inline(), simulated=True, held=held, channels=channels, items=items)


def _check_extra(loaded: Loaded) -> None:
    if find_spec("moto") is None:
        raise MissingExtra(
            f'target {loaded.target_name} runs on the embedded emulator: pip install "personalize-gitops[local]"'
        )


@contextmanager
def _state(
    emulator: Emulator, directory: Path, changes: bool, wait: LockWait, clock: SimulatedClock
) -> Iterator[HeldState | None]:
    """Load the state of the last command; save it at the end if this one makes changes, even after an error."""
    from personalize_gitops.emulator import StateInUse, UnusableState, UnwritableState

    lost = ""
    try:
        if changes:
            with holding_state(emulator, directory, wait, clock.interrupt) as held:
                lost = "; the changes of this command are lost"
                yield held
        else:
            emulator.load(directory)
            yield None
    except UnwritableState as error:
        raise UsageError(f"{error}{lost}") from error
    except (StateInUse, UnusableState) as error:
        raise UsageError(str(error)) from error
