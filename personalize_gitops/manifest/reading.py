"""Reading the files that manifests consist of: ordinary files of a limited size, below the folders that may be read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from errno import EISDIR
from pathlib import Path

from personalize_gitops.model.problem_codes import ManifestCode
from personalize_gitops.model.reason import Reason, Verbatim, because

MOST_BYTES = 32 * 2**20  # of a file of manifests
MOST_INSERTED = 2**18  # of a file whose text is a value; the longest text of the service has 20,000 characters

_AT_ONCE = getattr(os, "O_NONBLOCK", 0)  # opening a pipe that nobody writes to must not wait


class Unfit(ValueError):
    """A file that no manifest can consist of. Carries the reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code.about)
        self.reason = reason


@dataclass(frozen=True)
class Roots:
    """The folders that contain every file that the manifests may name."""

    folders: tuple[Path, ...] = ()

    def hold(self, path: Path | str) -> bool:
        """Return whether a file lies in one of the folders. A symbolic link lies where it leads to."""
        real = Path(os.path.realpath(path))
        return any(real.is_relative_to(folder) for folder in self.folders)

    def and_(self, folders: Iterable[Path]) -> Roots:
        """Return these folders and others."""
        return Roots((*self.folders, *(Path(os.path.realpath(folder)) for folder in folders)))


NO_ROOTS = Roots()


def roots_of(manifests: Path) -> Roots:
    """Return the folder that holds the folder of the manifests; that folder itself if only the root is above it."""
    real = Path(os.path.realpath(manifests))
    return Roots((real if real.parent == Path(real.anchor) else real.parent,))


def content_of(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the bytes of a file. Raises OSError if it cannot be read, Unfit for a device, a pipe or a large file."""
    _check(path, path.stat().st_mode)  # opening some devices has an effect
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | _AT_ONCE)) as file:
        _check(path, os.fstat(file.fileno()).st_mode)
        content = file.read(most + 1)
    if len(content) > most:
        raise Unfit(because(ManifestCode.FILE_TOO_LARGE, file=Verbatim(path), most=most))
    return content


def _check(path: Path, mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    if not stat.S_ISREG(mode):
        raise Unfit(because(ManifestCode.NOT_A_FILE, file=Verbatim(path)))
