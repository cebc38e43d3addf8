"""From a target to a cloud, a clock and a pool: AWS, or the embedded emulator with its simulated time."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from personalize_gitops.cli.cache import cache_file
from personalize_gitops.clock import SimulatedClock, SystemClock
from personalize_gitops.errors import MissingExtra, UsageError
from personalize_gitops.manifest import Loaded
from personalize_gitops.model.ports import Clock, Cloud

if TYPE_CHECKING:
    from personalize_gitops.emulator import Emulator

T = TypeVar("T")

LOCAL_REGION = "us-east-1"


@dataclass(frozen=True)
class Connection:
    """Everything a verb needs of the world."""

    cloud: Cloud
    clock: Clock
    pool: Executor
    simulated: bool  # time passes only by waiting for it
    cache_file: Path | None = None  # where what is read is kept for the next command; nowhere for the emulator


class Inline(Executor):
    """A pool that does its work at once: in simulated time there is nothing to wait for side by side."""

    def submit(self, call: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """The result of the call, made on the spot."""
        future: Future[T] = Future()
        try:
            future.set_result(call(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


@contextmanager
def connected(loaded: Loaded, *, changes: bool = False) -> Iterator[Connection]:
    """The account of a target. With `changes`, the embedded emulator's state is kept afterwards, come what may."""
    if loaded.target.emulator:
        with _embedded(loaded, changes) as connection:
            yield connection
    else:
        from personalize_gitops.aws.connect import THREADS, connect

        target, clock = loaded.target, SystemClock()
        cloud = connect(
            clock,
            region=target.region,
            account=target.account,
            profile=target.profile,
            assume_role=target.assume_role,
            endpoint_url=target.endpoint_url,
        )
        with ThreadPoolExecutor(THREADS) as pool:
            kept = cache_file(cloud.account, cloud.region, target.endpoint_url)
            yield Connection(cloud, clock, pool, simulated=False, cache_file=kept)


@contextmanager
def _embedded(loaded: Loaded, changes: bool) -> Iterator[Connection]:
    if find_spec("moto") is None:
        raise MissingExtra(
            f'target {loaded.target_name} runs on the embedded emulator: pip install "personalize-gitops[local]"'
        )
    from personalize_gitops.aws.connect import connect
    from personalize_gitops.emulator import Emulator

    settings = loaded.target.emulator
    assert settings is not None  # noqa: S101  the caller has looked
    account = loaded.target.account or "000000000000"
    clock = SimulatedClock(SystemClock().now())
    emulator = Emulator(clock.now, account=account)
    with emulator.started(), _state(emulator, loaded.folder / settings.state, changes), _interrupting(clock):
        clock.sleep(emulator.lived_until - clock.now())
        for bucket, folder in settings.buckets.items():
            # Without the folder the bucket is empty: a plan says what it misses, and status and destroy go on.
            emulator.put_bucket(bucket, source if (source := loaded.folder / folder).is_dir() else None)
        cloud = connect(clock, region=loaded.target.region or LOCAL_REGION, account=account)
        yield Connection(cloud, clock, Inline(), simulated=True)


@contextmanager
def _interrupting(clock: SimulatedClock) -> Iterator[None]:
    """Ctrl-C waits for the next sleep of the simulated time, so that no half of an emulated change is kept."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is told of signals
        return
    before = signal.signal(signal.SIGINT, clock.interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _state(emulator: Emulator, directory: Path, changes: bool) -> Iterator[None]:
    """The state of the last command; kept again afterwards, come what may, when this one makes changes."""
    from personalize_gitops.emulator import StateInUse, UnusableState

    try:
        with ExitStack() as stack:
            if changes:
                stack.enter_context(emulator.keeping(directory))
            else:
                emulator.load(directory)
            yield
    except (StateInUse, UnusableState) as error:
        raise UsageError(str(error)) from error
