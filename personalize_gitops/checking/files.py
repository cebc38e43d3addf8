"""The files at a location in S3, as they lie in local folders."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

_BEAT = 1 << 16  # bytes between two calls of a progress function


@dataclass(frozen=True)
class DataFile:
    """A file that a job reads."""

    name: str  # as problems show it
    size: int  # bytes
    open: Callable[[], IO[bytes]]

    def lines(self, progress: Progress) -> Iterator[str]:
        """Yield the lines with their ends, and tell how many bytes were read."""
        with self.open() as binary, io.TextIOWrapper(binary, "utf-8", newline="") as text:
            read = told = 0
            for line in text:
                yield line
                read += len(line)
                if read - told > _BEAT:
                    progress(self.name, read, self.size)
                    told = read
        progress(self.name, self.size, self.size)


Progress = Callable[[str, int, int], None]
"""Is told a file, how much of it was read, and its size."""

Files = Callable[[str, str], Sequence[DataFile]]
"""Returns the files at a location that have an ending: one file, or those directly in a folder."""


def local_files(buckets: Mapping[str, Path]) -> Files:
    """Return the files of buckets whose objects lie in folders."""

    def files(location: str, ending: str) -> Sequence[DataFile]:
        parts = urlsplit(location)
        folder = buckets.get(parts.netloc)
        if folder is None:
            return ()
        path = folder / parts.path.removeprefix("/")
        if location.endswith("/"):
            found = sorted(each for each in path.glob("*") if each.name.lower().endswith(ending))
        else:
            found = [path]
        return [_local(each) for each in found if each.is_file()]

    return files


def _local(path: Path) -> DataFile:
    return DataFile(str(path), path.stat().st_size, lambda: path.open("rb"))
