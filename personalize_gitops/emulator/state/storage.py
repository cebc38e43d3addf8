"""Save all state in a directory and load it.

One emulator at a time can save: it holds the lock of the directory. Loading needs no lock: it reads everything before
it changes any state, and starts again if a save has removed a file meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from personalize_gitops.emulator.errors import StateInUse, UnusableState, UnwritableState
from personalize_gitops.emulator.state.accounts import Accounts
from personalize_gitops.emulator.state.loading import Restored, read_state
from personalize_gitops.emulator.state.saving import Saver
from personalize_gitops.emulator.state.store import OWNER, Store


class Storage:
    """The directories that one emulator loads from and saves to."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._saver = Saver(accounts)
        self._stores: dict[Path, Store] = {}
        self._valid: dict[Path, set[str]] = {}  # what was loaded or saved last, and what is being saved
        self._owned: set[Path] = set()  # the directories whose lock is held

    @contextmanager
    def owned(self, directory: Path) -> Iterator[None]:
        """Hold the lock of a directory, which must be writable.

        StateInUse if another process or another emulator holds it, UnwritableState if nothing can be written there.
        """
        from filelock import FileLock, Timeout

        key, store = directory.resolve(), self._store(directory)
        with _writing(directory):
            store.create()
            lock = FileLock(directory / OWNER, blocking=False, thread_local=False)
            try:
                lock.acquire()
            except Timeout as error:
                raise StateInUse(
                    f"{directory}: another process is working with this state; only one at a time can change it."
                ) from error
        try:
            with _writing(directory):
                store.find_files()
                store.check_writable()
            self._owned.add(key)
            yield
        finally:
            self._owned.discard(key)
            lock.release()

    def save(self, directory: Path) -> None:
        """Save the state.

        StateInUse if another process owns the directory, or has saved there since the last load. UnwritableState if
        the state cannot be saved; the former save is still there then.
        """
        if directory.resolve() in self._owned:
            self._save(directory)
        else:
            with self.owned(directory):
                self._save(directory)

    def load(self, directory: Path) -> None:
        """Replace the state by the saved one, if there is one. UnusableState if it cannot be loaded."""
        key, store = directory.resolve(), self._store(directory)
        try:
            found = self._read(store)
        except OSError as error:
            raise UnusableState(f"{directory}: the saved state cannot be read: {_why(error)}") from error
        if found is None:
            return
        digest, restored = found
        restored.replace(self._accounts, self._saver)
        store.finish()
        self._valid[key] = {digest}

    def _read(self, store: Store) -> tuple[str, Restored] | None:
        """Read the saved state and its digest. None if nothing was saved."""
        while digest := store.current():
            try:
                store.begin()
                return digest, read_state(store, digest, self._accounts)
            except FileNotFoundError as error:
                if store.current() == digest:
                    raise store.damaged() from error
                # A save has replaced the state meanwhile: read the new one.
        return None

    def _save(self, directory: Path) -> None:
        store = self._store(directory)
        with _writing(directory):
            try:
                self._save_in(store)
            except UnusableState as error:  # somebody has changed the directory in spite of the lock
                raise UnwritableState(f"{error}; nothing was saved") from error

    def _save_in(self, store: Store) -> None:
        valid = self._valid.setdefault(store.directory.resolve(), set())
        current = store.current()
        if current is None:  # the first save, or somebody has removed the directory
            store.create()
            store.find_files()
        elif valid and current not in valid:
            raise StateInUse(
                f"{store.directory}: another process has changed this state since it was read; nothing was saved."
            )
        store.begin()
        digest = self._saver.save(store)
        valid.add(digest)  # before it becomes valid: Ctrl-C can come at any time
        store.point_to(digest)
        valid.intersection_update({digest})

    def _store(self, directory: Path) -> Store:
        return self._stores.setdefault(directory.resolve(), Store(directory))


def is_owned(directory: Path) -> bool:
    """Return whether a process holds the lock of a directory."""
    from filelock import FileLock, Timeout

    if not (directory / OWNER).is_file():
        return False
    try:
        with FileLock(directory / OWNER, blocking=False, thread_local=False):
            return False
    except Timeout:
        return True


@contextmanager
def _writing(directory: Path) -> Iterator[None]:
    """Translate the errors of the file system, and of values that cannot be written."""
    try:
        yield
    except (OSError, ValueError, RecursionError) as error:
        raise UnwritableState(f"{directory}: the state cannot be saved: {_why(error)}") from error


def _why(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
