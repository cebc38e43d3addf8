"""Connect to the account of a target: AWS, or the embedded emulator with its simulated time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from personalize_gitops.cache_file import cache_file
from personalize_gitops.clock import SimulatedClock, SystemClock
from personalize_gitops.errors import MissingExtra, UsageError
from personalize_gitops.manifest import Loaded
from personalize_gitops.manifest.project import EmulatorTarget
from personalize_gitops.model.ports import Clock, Cloud, Pool
from personalize_gitops.stopping import handled_by

if TYPE_CHECKING:
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
def connected(loaded: Loaded, *, changes: bool = False) -> Iterator[Connection]:
    """Connect to a target. With `changes`, the embedded emulator's state is saved at the end, even after an error.

    Raises CredentialsError for missing credentials or those of another account, MissingExtra without the emulator.
    """
    if loaded.target.emulator:
        with _embedded(loaded, loaded.target.emulator, changes) as connection:
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
        pool = ThreadPoolExecutor(THREADS)
        try:
            kept = cache_file(cloud.account, cloud.region, target.endpoint_url)
            yield Connection(cloud, clock, pool, simulated=False, cache_file=kept)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # an interruption does not wait for what it was reading


@contextmanager
def _embedded(loaded: Loaded, settings: EmulatorTarget, changes: bool) -> Iterator[Connection]:
    if find_spec("moto") is None:
        raise MissingExtra(
            f'target {loaded.target_name} runs on the embedded emulator: pip install "personalize-gitops[local]"'
        )
    from personalize_gitops.aws.connect import connect
    from personalize_gitops.emulator import Emulator

    account = loaded.target.account or "000000000000"
    clock = SimulatedClock(SystemClock().now())
    emulator = Emulator(clock.now, account=account)
    # A signal takes effect at the next sleep of the simulated time, so that no partial change is saved.
    signals = handled_by(clock.interrupt) if changes else nullcontext()
    with emulator.started(), _state(emulator, loaded.folder / settings.state, changes), signals:
        clock.sleep(emulator.lived_until - clock.now())
        for bucket, folder in settings.buckets.items():
            # Without the folder the bucket is empty: the plan shows what is missing, status and destroy still work.
            emulator.put_bucket(bucket, source if (source := loaded.folder / folder).is_dir() else None)
        cloud = connect(clock, region=loaded.target.region or LOCAL_REGION, account=account)
        yield Connection(cloud, clock, Inline(), simulated=True)


@contextmanager
def _state(emulator: Emulator, directory: Path, changes: bool) -> Iterator[None]:
    """Load the state of the last command; save it at the end if this one makes changes, even after an error."""
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
