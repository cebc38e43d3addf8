"""A lock as an object in S3, changed with conditional writes only (If-None-Match, If-Match)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from personalize_gitops.aws.answers import Answer, request_id, text
from personalize_gitops.aws.calls import Calls
from personalize_gitops.aws.errors import ConditionFailed
from personalize_gitops.aws.retry import attempts
from personalize_gitops.errors import InvalidRequest, NotFound, UsageError
from personalize_gitops.model.data_files import split_location
from personalize_gitops.model.lock import Lease

_OTHER = '"00000000000000000000000000000000"'  # an ETag that the object does not have

T = TypeVar("T")


class S3Lock:
    """The lock at a location such as `s3://bucket/key`."""

    def __init__(self, s3: Any, calls: Calls, location: str) -> None:
        bucket, key = split_location(location)
        self.place = location
        self._s3, self._calls = s3, calls
        self._object = {"Bucket": bucket, "Key": key}

    def read(self) -> Lease | None:
        """Return the stored lease, or None. Raises UsageError if the object is something else."""
        for attempt in attempts(self._calls.clock):
            with attempt:
                try:
                    content, version = self._call("GetObject", _content)
                except NotFound:
                    return None
                try:
                    return Lease.parsed(content, version)
                except ValueError as error:
                    raise UsageError(f"{self.place} is not a lock; name another object") from error
        raise AssertionError("the last attempt returns or raises")

    def write(self, lease: Lease, over: Lease | None) -> Lease | None:
        """Store a lease. After a lost answer the write itself fails its condition, so the object is read back."""
        condition = {"IfMatch": over.version} if over else {"IfNoneMatch": "*"}
        for attempt in attempts(self._calls.clock):
            with attempt:
                try:
                    return replace(lease, version=self._put(lease, condition))
                except (ConditionFailed, NotFound):
                    stored = self.read()
                    return stored if stored and replace(stored, version="") == replace(lease, version="") else None
        raise AssertionError("the last attempt returns or raises")

    def check(self, lease: Lease) -> None:
        """Raise UsageError unless writes and deletions with other conditions fail."""
        self._must_fail(lambda: self._put(lease, {"IfNoneMatch": "*"}))
        self._must_fail(lambda: self._put(lease, {"IfMatch": _OTHER}))
        self._must_fail(lambda: self._call("DeleteObject", request_id, IfMatch=_OTHER))

    def delete(self, lease: Lease) -> bool:
        """Remove a lease. Return False if another version is stored by then."""
        for attempt in attempts(self._calls.clock):
            with attempt:
                try:
                    self._call("DeleteObject", request_id, IfMatch=lease.version)
                except NotFound:
                    return True  # a lost answer, or somebody has released it
                except ConditionFailed:
                    return False
                return True
        raise AssertionError("the last attempt returns or raises")

    def _must_fail(self, call: Callable[[], object]) -> None:
        refusal = UsageError(
            f"{self.place}: this store ignores conditions of writes (If-None-Match, If-Match), so it cannot hold a lock"
        )
        try:
            for attempt in attempts(self._calls.clock):
                with attempt:
                    call()
        except ConditionFailed:
            return
        except (InvalidRequest, NotFound) as error:
            raise refusal from error
        raise refusal

    def _put(self, lease: Lease, condition: Mapping[str, str]) -> str:
        """Store a lease and return the version of the object."""
        content = json.dumps(lease.to_json(), indent=2).encode()
        return self._call("PutObject", _version, Body=content, ContentType="application/json", **condition)

    def _call(self, operation: str, read: Callable[[Answer], T], **request: Any) -> T:
        return self._calls.once(self._s3, operation, {**self._object, **request}, read, self._what)

    @property
    def _what(self) -> str:
        return f"the lock {self.place}"


def _content(answer: Answer) -> tuple[bytes, str]:
    """Return the content and the version of an object."""
    return answer["Body"].read(), text(answer, "ETag")


def _version(answer: Answer) -> str:
    return text(answer, "ETag")
