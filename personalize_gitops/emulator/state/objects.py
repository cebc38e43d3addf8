"""The buckets of the emulated S3; import jobs read from them, other jobs write to them.

While an emulator is started its buckets are in moto's S3, so that every S3 client sees them. Otherwise, and in a saved
state, they are plain values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


@dataclass
class Bucket:
    """One bucket outside of moto. Its name is unique among all accounts."""

    account: str  # of the owner
    content: dict[str, bytes]  # by key
    policy: str | None = None
    dates: dict[str, float] = field(default_factory=dict)  # when objects were written, by key
    etags: dict[str, str] = field(default_factory=dict)  # of objects that were uploaded in parts, by key


Buckets = dict[str, Bucket]


class Replaced(Exception):
    """An object was replaced or deleted by another thread."""


@dataclass(frozen=True)
class Held:
    """One bucket without the content of its objects."""

    account: str
    policy: str | None
    versions: Mapping[str, Any]  # by key: the same Python object as long as the content is the same
    dates: Mapping[str, float]  # when objects were written, by key
    etags: Mapping[str, str]  # of objects that were uploaded in parts, by key


class Objects:
    """All buckets by name, in moto or outside of it."""

    def __init__(self) -> None:
        self._buckets: Buckets | None = {}  # None while they are in moto

    @property
    def in_moto(self) -> bool:
        """Whether the buckets are in moto, and with them all other services."""
        return self._buckets is None

    def put_bucket(self, name: str, bucket: Bucket) -> None:
        """Create a bucket with this content; an existing one is emptied first."""
        if self._buckets is not None:
            self._buckets[name] = bucket
            return
        backend = _backend_of(name)
        if backend is not None:
            backend.buckets[name].keys.clear()
        _copy_to_moto(name, bucket)

    def put(self, name: str, key: str, content: bytes, now: float) -> bool:
        """Write an object to a bucket, dated `now`; return whether the bucket exists."""
        if self._buckets is not None:
            if name not in self._buckets:
                return False
            self._buckets[name].content[key] = content
            self._buckets[name].dates[key] = now
            self._buckets[name].etags.pop(key, None)
            return True
        backend = _backend_of(name)
        if backend is None:
            return False
        _put_in_moto(backend, name, key, content, now)
        return True

    def read(self, name: str, prefix: str) -> dict[str, bytes] | None:
        """Return the objects of a bucket whose keys start with `prefix`, sorted by key; None without such a bucket."""
        if self._buckets is not None:
            bucket = self._buckets.get(name)
            if bucket is None:
                return None
            return {key: value for key, value in sorted(bucket.content.items()) if key.startswith(prefix)}
        backend = _backend_of(name)
        if backend is None:
            return None
        keys = backend.buckets[name].keys
        wanted = sorted(key for key in list(dict.keys(keys)) if key.startswith(prefix))  # other threads may write
        found = {key: getattr(keys.get(key), "value", None) for key in wanted}
        return {key: value for key, value in found.items() if value is not None}  # None marks a deleted object

    def policy(self, name: str) -> str | None:
        """Return the policy of a bucket; None if there is no such bucket or it has no policy."""
        if self._buckets is not None:
            return self._buckets[name].policy if name in self._buckets else None
        backend = _backend_of(name)
        return _policy(backend, name) if backend is not None else None

    def all(self) -> Buckets:
        """Return every bucket with its content."""
        if self._buckets is not None:
            return self._buckets
        found = {name: self.held(name) for name in self.names()}
        return {
            name: Bucket(
                held.account,
                {key: content_of_version(each) for key, each in held.versions.items()},
                held.policy,
                dict(held.dates),
                dict(held.etags),
            )
            for name, held in found.items()
            if held is not None
        }

    def names(self) -> list[str]:
        """Return the names of all buckets."""
        return sorted(_backends().bucket_accounts if self._buckets is None else self._buckets)

    def held(self, name: str) -> Held | None:
        """Return a bucket with the versions of its objects, without reading them; None without such a bucket."""
        if self._buckets is not None:
            bucket = self._buckets.get(name)
            if bucket is None:
                return None
            return Held(bucket.account, bucket.policy, dict(bucket.content), dict(bucket.dates), dict(bucket.etags))
        backend = _backend_of(name)
        if backend is None:
            return None
        keys = backend.buckets[name].keys
        found = {key: keys.get(key) for key in sorted(dict.keys(keys))}  # other threads may write
        # A class without `value` is that of the marks of deleted objects.
        versions = {key: version for key, version in found.items() if hasattr(type(version), "value")}
        dates = {key: version.last_modified.replace(tzinfo=UTC).timestamp() for key, version in versions.items()}
        etags = {key: version._etag for key, version in versions.items() if "-" in (version._etag or "")}
        return Held(backend.account_id, _policy(backend, name), versions, dates, etags)

    def clear(self) -> None:
        """Remove all buckets, unless they are in moto."""
        if self._buckets is not None:
            self._buckets = {}

    def move_to_moto(self) -> None:
        """Move all buckets into moto."""
        buckets, self._buckets = self._buckets or {}, None
        for name, bucket in buckets.items():
            _copy_to_moto(name, bucket)

    def take_from_moto(self) -> None:
        """Copy all buckets from moto; the caller then resets moto."""
        self._buckets = self.all()


def content_of(source: Path | Mapping[str, bytes | str] | None) -> dict[str, bytes]:
    """Return the objects for a bucket: the files of a directory except hidden ones, or the given contents by key."""
    if source is None:
        return {}
    if isinstance(source, Path):
        return {
            path.relative_to(source).as_posix(): path.read_bytes()
            for path in sorted(source.rglob("*"))
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(source).parts)
        }
    return {key: value.encode() if isinstance(value, str) else value for key, value in source.items()}


def content_of_version(version: Any) -> bytes:
    """Return the content of a version of an object. Replaced if another thread has replaced or deleted it since."""
    if isinstance(version, bytes):
        return version
    try:
        content: bytes = version.value
    except ValueError as error:  # moto has closed its file
        raise Replaced from error
    return content


def split_location(location: str) -> tuple[str, str]:
    """Split a location in S3 into the bucket and the key or prefix, in which # and ? are characters as any other."""
    bucket, _, key = location.partition("://")[2].partition("/")
    return bucket, key


def _backends() -> Any:
    from moto.s3.models import s3_backends

    return s3_backends


def _backend_of(name: str) -> Any:
    """Return moto's backend that holds a bucket; None if there is no such bucket."""
    held = _backends().bucket_accounts.get(name)
    if held is None:
        return None
    partition, account = held
    return _backends()[account][partition]


def _policy(backend: Any, name: str) -> str | None:
    policy = backend.buckets[name].policy
    return policy.decode() if isinstance(policy, bytes) else policy


def _copy_to_moto(name: str, bucket: Bucket) -> None:
    backend = _backend_of(name)
    if backend is None:
        backend = _backends()[bucket.account]["aws"]
        backend.create_bucket(name, "us-east-1")
    if bucket.policy is not None:
        backend.put_bucket_policy(name, bucket.policy.encode())
    for key, value in bucket.content.items():
        _put_in_moto(backend, name, key, value, bucket.dates.get(key), bucket.etags.get(key))


def _put_in_moto(
    backend: Any, name: str, key: str, content: bytes, written: float | None, etag: str | None = None
) -> None:
    """Write an object that has its date from its job, or from the saved state; without one it is of now.

    The ETag is the digest of the content, unless the object was uploaded in parts.
    """
    version = backend.put_object(name, key, content, etag=etag)
    if written is not None:
        version.last_modified = datetime.fromtimestamp(written, UTC).replace(tzinfo=None)
