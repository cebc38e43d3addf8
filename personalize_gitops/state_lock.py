"""The lock of an embedded target: the lock file of its state, and beside it a file that says who holds it.

The operating system releases the lock file when its process ends, so nothing has to be renewed or taken over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from personalize_gitops.clock import SystemClock
from personalize_gitops.errors import LockNotObtained, UsageError
from personalize_gitops.files import write_atomically
from personalize_gitops.locking import LockWait, new_lease
from personalize_gitops.model.events import Cause
from personalize_gitops.model.lock import UNREADABLE, Lease
from personalize_gitops.stopping import handled_by

if TYPE_CHECKING:
    from personalize_gitops.emulator import Emulator

_HOLDER = "holder.json"
_POLL = 0.5  # seconds between two attempts
_UNKNOWN = Lease("", "another process", "it does not say what it is", 0.0)


@dataclass(frozen=True)
class StateLock:
    """The lock of a state's folder, as others see it."""

    directory: Path

    @property
    def place(self) -> str:
        """The folder."""
        return str(self.directory)

    def read(self) -> Lease | None:
        """Return who holds the lock, or None."""
        from personalize_gitops.emulator.state.storage import is_owned

        return _holder(self.directory) if is_owned(self.directory) else None

    def delete(self, lease: Lease) -> bool:
        """Raise UsageError: only the holder can release the lock."""
        raise UsageError(f"{self.place} is locked by a process on this machine until it ends: {lease.run}")


class HeldState:
    """The lock of a state that this process holds."""

    def __init__(self, directory: Path, lease: Lease) -> None:
        self._file, self._lease = directory / _HOLDER, lease
        self.tell("")

    def cause(self) -> Cause | None:
        """Return None: the lock lasts as long as the process."""
        return None

    def tell(self, plan: str) -> None:
        """Write who holds the lock, and for which plan."""
        write_atomically(self._file, json.dumps(replace(self._lease, plan=plan).to_json(), indent=2))

    def release(self) -> None:
        """Remove the file that says who holds the lock."""
        self._file.unlink(missing_ok=True)


@contextmanager
def holding_state(
    emulator: Emulator, directory: Path, wait: LockWait, interrupt: Callable[..., None]
) -> Iterator[HeldState]:
    """Hold the lock of a state inside a with block; load the state at its beginning and save it at its end.

    Signals call `interrupt` meanwhile, so that no partial change is saved, and the save is not interrupted. Raises
    LockNotObtained if another process holds the lock for longer than the wait.
    """
    kept = ExitStack()
    _enter(kept, emulator, directory, wait)
    with handled_by(interrupt), kept as stack:
        held = HeldState(directory, new_lease(SystemClock().now()))
        stack.callback(held.release)
        yield held


def _enter(stack: ExitStack, emulator: Emulator, directory: Path, wait: LockWait) -> None:
    from personalize_gitops.emulator import StateInUse

    clock = SystemClock()
    begun = clock.monotonic()
    waiting = False
    while True:
        try:
            stack.enter_context(emulator.keeping(directory))
            return
        except StateInUse as error:
            lease = _holder(directory)
            left = wait.seconds - (clock.monotonic() - begun)
            if left <= 0:
                age = clock.now() - lease.taken if lease.taken else 0.0
                raise LockNotObtained(str(directory), lease, age, "Wait for it with --lock-timeout") from error
            if not waiting:
                wait.begun(str(directory), lease, wait.seconds)
                waiting = True
            clock.sleep(min(_POLL, left))


def _holder(directory: Path) -> Lease:
    try:
        return Lease.from_json(json.loads((directory / _HOLDER).read_text(encoding="utf-8")))
    except (OSError, *UNREADABLE):
        return _UNKNOWN
