"""The lines of files, and the files of buckets that lie in local folders."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from os.path import normpath
from pathlib import Path

from personalize_gitops.model.data_files import DataFile, Files, split_location

_BEAT = 1 << 16  # characters between two calls of a progress function

Progress = Callable[[str, int, int], None]
"""Is told a file, how much of it was read, and its size."""


def lines_of(file: DataFile, progress: Progress) -> Iterator[str]:
    """Yield the lines of a file with their ends, and tell how much was read."""
    with file.open() as binary, io.TextIOWrapper(binary, "utf-8", newline="") as text:
        read = told = 0
        for line in text:
            yield line
            read += len(line)
            if read - told > _BEAT:
                progress(file.name, read, file.size)
                told = read
    progress(file.name, file.size, file.size)


def local_files(buckets: Mapping[str, Path]) -> Files:
    """Return the files of buckets whose objects lie in folders."""

    def files(location: str, ending: str) -> Sequence[DataFile]:
        bucket, key = split_location(location)
        folder = buckets.get(bucket)
        if folder is None:
            return ()
        path = folder / key
        if location.endswith("/"):
            found = sorted(each for each in path.glob("*") if each.name.lower().endswith(ending))
        else:
            found = [path]
        return [_local(each) for each in found if each.is_file()]

    return files


def _local(path: Path) -> DataFile:
    return DataFile(normpath(path), path.stat().st_size, lambda: path.open("rb"))
