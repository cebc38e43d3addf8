"""A directory of immutable files that are named by the SHA-256 digest of their content, and a pointer to one of them.

    <directory>/.gitignore            keeps the state out of git
    <directory>/owner                 the lock of the process that may write here
    <directory>/current               the digest of the file that is valid now; replaced as the last step of a save
    <directory>/content/<digest>      the files

A file that exists is never written again, so that a save writes only what changed. A name that comes from a file is
used only if it is a digest, and a symbolic link is never followed: nothing outside of the directory is read.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from personalize_gitops.emulator.errors import UnusableState
from personalize_gitops.files import write_atomically

_GITIGNORE, OWNER, _CURRENT, _CONTENT = ".gitignore", "owner", "current", "content"
_HOLDER = "holder.json"  # written by users of the emulator
_DIGEST = re.compile(r"[0-9a-f]{64}")
_OURS = re.compile(r"[0-9a-f]{64}|\.[0-9a-f]{64}\.[0-9a-f]{8}")  # files, and those that an interrupted save left
_FORMER_POINTER = re.compile(r"\d{6,}")  # of the formats 1 and 2
_PROBE = b" " * 4096  # more than fits into a file system that is full


class Store:
    """The files of one directory. Its methods raise OSError if the directory cannot be read or written."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._content = directory / _CONTENT
        self._present: set[str] = set()  # files that are known to exist
        self._used: set[str] = set()  # files of the save or load in progress
        self._former: set[str] = set()  # files of the last one, which another process may be reading

    def create(self) -> None:
        """Create the directory if it does not exist. UnusableState if a part of it leads elsewhere."""
        self.directory.mkdir(parents=True, exist_ok=True)
        for name in (OWNER, _CURRENT, _CONTENT):
            self._check_inside(self.directory / name)
        self._content.mkdir(exist_ok=True)
        self._keep_out_of_git()

    def _keep_out_of_git(self) -> None:
        """Write a .gitignore if there is none: for the state only, if the directory has other uses too."""
        present, ours = set(os.listdir(self.directory)), (OWNER, _CURRENT, _CONTENT, _HOLDER)
        if _GITIGNORE not in present:
            lines = ["*"] if present <= {*ours} else [f"/{name}" for name in (_GITIGNORE, *ours)]
            write_atomically(self.directory / _GITIGNORE, "".join(f"{line}\n" for line in lines))

    def find_files(self) -> None:
        """Find the files in the directory, which only the owner of the lock changes."""
        self._present = {name for name in os.listdir(self._content) if _OURS.fullmatch(name)}

    def check_writable(self) -> None:
        """Write a file and remove it, in each folder that a save writes to."""
        for folder in (self.directory, self._content):
            probe = folder / f".{sha256(_PROBE).hexdigest()}.{os.urandom(4).hex()}"
            try:
                write_atomically(probe, _PROBE)
            finally:
                probe.unlink(missing_ok=True)

    def current(self) -> str | None:
        """Return the digest of the file that is valid now; None if nothing was saved."""
        try:
            text = self._read(self.directory / _CURRENT).decode("ascii", "replace")
        except FileNotFoundError:
            return None
        if _FORMER_POINTER.fullmatch(text):
            raise UnusableState(
                f"{self.directory}: saved by another version of the emulator; remove the directory to start anew"
            )
        return self._checked(text)

    def read(self, digest: object) -> bytes:
        """Return the content of a file. UnusableState if it is damaged, FileNotFoundError if it does not exist."""
        name = self._checked(digest)
        content = self._read(self._content / name)
        if sha256(content).hexdigest() != name:
            raise self.damaged()
        self._used.add(name)
        return content

    def put(self, known: str | None, content: Callable[[], bytes]) -> str:
        """Return the digest of a content, in a file. It is neither made nor written if the file `known` exists."""
        if known is None or known not in self._present:
            made = content()
            known = sha256(made).hexdigest()
            if known not in self._present:
                write_atomically(self._content / known, made)
                self._present.add(known)
        self._used.add(known)
        return known

    @contextmanager
    def noted(self) -> Iterator[set[str]]:
        """Note the files that are put inside of a with block."""
        outside, self._used = self._used, set()
        try:
            yield self._used
        finally:
            self._used |= outside

    def keep(self, files: Set[str]) -> bool:
        """Use files that were put before. Return False, and use none, if one of them does not exist."""
        if not files <= self._present:
            return False
        self._used |= files
        return True

    def begin(self) -> None:
        """Begin a save or load: from here on, every file that is put or read is used."""
        self._check_inside(self._content)
        self._used = set()

    def finish(self) -> None:
        """End a load: the files that it used are those of the valid state."""
        self._former = self._used

    def point_to(self, digest: str) -> None:
        """End a save: make a file the valid one, and remove the files that neither this save nor the last one used."""
        write_atomically(self.directory / _CURRENT, digest)
        for name in self._present - self._used - self._former:
            self._remove(name)
        self._former = self._used

    def _remove(self, name: str) -> None:
        try:
            (self._content / name).unlink(missing_ok=True)
        except OSError:  # on Windows, another process is reading it: a later save removes it
            return
        self._present.discard(name)

    def damaged(self) -> UnusableState:
        """Return the error of a state that is not as it was saved."""
        return UnusableState(f"{self.directory}: the saved state is damaged; remove the directory to start anew")

    def _checked(self, digest: object) -> str:
        if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise self.damaged()
        return digest

    def _read(self, path: Path) -> bytes:
        self._check_inside(path)
        return path.read_bytes()

    def _check_inside(self, path: Path) -> None:
        """UnusableState for a link, which can lead out of the directory, and for what is neither file nor folder."""
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            return
        expected = stat.S_ISDIR if path == self._content else stat.S_ISREG
        if not expected(mode):
            raise UnusableState(f"{self.directory}: {path.name} is not a {_noun(path == self._content)} of this state")


def _noun(is_folder: bool) -> str:
    return "folder" if is_folder else "file"
