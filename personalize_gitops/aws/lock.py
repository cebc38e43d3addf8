"""A lock as an object in S3, changed with conditional writes only (If-None-Match, If-Match)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from personalize_gitops.aws.calls import Calls
from personalize_gitops.aws.errors import ConditionFailed, translated
from personalize_gitops.aws.retry import attempts
from personalize_gitops.errors import InvalidRequest, NotFound, UsageError
from personalize_gitops.model.lock import Lease

_OTHER = '"00000000000000000000000000000000"'  # an ETag that the object does not have


class S3Lock:
    """The lock at a location such as `s3://bucket/key`."""

    def __init__(self, s3: Any, calls: Calls, location: str) -> None:
        parts = urlsplit(location)
        self.place = location
        self._s3, self._calls = s3, calls
        self._object = {"Bucket": parts.netloc, "Key": parts.path.lstrip("/")}

    def read(self) -> Lease | None:
        """Return the stored lease, or None. Raises UsageError if the object is something else."""
        for attempt in attempts(self._calls.clock):
            with attempt:
                try:
                    answer = self._call("GetObject")
                except NotFound:
                    return None
                with translated(self._what):
                    content = answer["Body"].read()
                try:
                    return Lease.from_json(json.loads(content), answer["ETag"])
                except (ValueError, TypeError, KeyError) as error:
                    raise UsageError(f"{self.place} is not a lock; name another object") from error
        raise AssertionError("the last attempt returns or raises")

    def write(self, lease: Lease, over: Lease | None) -> Lease | None:
        """Store a lease. After a lost answer the write itself fails its condition, so the object is read back."""
        condition = {"IfMatch": over.version} if over else {"IfNoneMatch": "*"}
        for attempt in attempts(self._calls.clock):
            with attempt:
                try:
                    return replace(lease, version=self._put(lease, condition)["ETag"])
                except (ConditionFailed, NotFound):
                    stored = self.read()
                    return stored if stored and replace(stored, version="") == replace(lease, version="") else None
        raise AssertionError("the last attempt returns or raises")

    def check(self, lease: Lease) -> None:
        """Raise UsageError unless writes and deletions with other conditions fail."""
        self._must_fail(lambda: self._put(lease, {"IfNoneMatch": "*"}))
        self._must_fail(lambda: self._put(lease, {"IfMatch": _OTHER}))
        self._must_fail(lambda: self._call("DeleteObject", IfMatch=_OTHER))

    def delete(self, lease: Lease) -> bool:
        """Remove a lease. Return False if another version is stored by then."""
        for attempt in attempts(self._calls.clock):
            with attempt:
                try:
                    self._call("DeleteObject", IfMatch=lease.version)
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

    def _put(self, lease: Lease, condition: Mapping[str, str]) -> Mapping[str, Any]:
        content = json.dumps(lease.to_json(), indent=2).encode()
        return self._call("PutObject", Body=content, ContentType="application/json", **condition)

    def _call(self, operation: str, **request: Any) -> Mapping[str, Any]:
        return self._calls.once(self._s3, operation, {**self._object, **request}, self._what)

    @property
    def _what(self) -> str:
        return f"the lock {self.place}"
