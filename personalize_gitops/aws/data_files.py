"""The files of jobs in S3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from io import BufferedReader, RawIOBase
from typing import IO, Any

from personalize_gitops.aws.answers import Answer, next_page, text
from personalize_gitops.aws.calls import Calls
from personalize_gitops.aws.errors import translated
from personalize_gitops.model.data_files import DataFile, split_location

_PART = 1 << 18  # bytes that are read at a time


def stored_files(s3: Any, calls: Calls, location: str, ending: str) -> Sequence[DataFile]:
    """Return the files at a location whose names have an ending: one file, or those directly in a folder."""
    bucket, prefix = split_location(location)
    found: list[tuple[str, int]] = []
    request = {"Bucket": bucket, "Prefix": prefix, "Delimiter": "/"}
    while True:
        page, token = calls.send(s3, "ListObjectsV2", request, partial(_sizes, request), f"reading {location}")
        found += page
        if not token:
            break
        request["ContinuationToken"] = token
    in_folder = prefix.endswith("/") or not prefix
    keys = [(key, size) for key, size in found if (key.lower().endswith(ending) if in_folder else key == prefix)]
    return [_file(s3, calls, bucket, key, size) for key, size in sorted(keys) if not key.endswith("/")]


def _file(s3: Any, calls: Calls, bucket: str, key: str, size: int) -> DataFile:
    name, request = f"s3://{bucket}/{key}", {"Bucket": bucket, "Key": key}

    def opened() -> IO[bytes]:
        body = calls.send(s3, "GetObject", request, lambda answer: answer["Body"], f"reading {name}")
        return BufferedReader(_Body(body, f"reading {name}"), _PART)

    return DataFile(name, size, opened)


class _Body(RawIOBase):
    """The content of an object. botocore's own stream says at its end that it is closed."""

    def __init__(self, body: Any, what: str) -> None:
        super().__init__()
        self._body, self._what = body, what

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read up to the length of a buffer; return how much."""
        with translated(self._what):
            content: bytes = self._body.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        """Give the connection back."""
        self._body.close()
        super().close()


def _sizes(request: Mapping[str, Any], answer: Answer) -> tuple[list[tuple[str, int]], str | None]:
    """Return the keys and sizes in an answer of ListObjectsV2, and the token of the next page."""
    page = [(text(entry, "Key"), int(entry["Size"])) for entry in answer.get("Contents", ())]
    token = text(answer, "NextContinuationToken") if answer["IsTruncated"] else None
    return page, next_page(token, request.get("ContinuationToken"))
