"""The files that jobs read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True)
class DataFile:
    """A file that a job reads."""

    name: str  # as problems show it
    size: int  # bytes
    open: Callable[[], IO[bytes]]


def split_location(location: str) -> tuple[str, str]:
    """Split a location in S3 into the bucket and the key or prefix, in which # and ? are characters as any other."""
    bucket, _, key = location.partition("://")[2].partition("/")
    return bucket, key


Files = Callable[[str, str], Sequence[DataFile]]
"""Returns the files at a location whose names have an ending: one file, or those directly in a folder."""
