"""The buckets of the emulated S3: what imports read and jobs write.

They live in moto's S3 while the emulator is started, so that any S3 client sees the same objects; otherwise, and in a
saved state, they are plain values.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Bucket:
    """One bucket at rest. Its name is unique over all accounts."""

    account: str  # who owns it
    content: dict[str, bytes]
    policy: str | None = None


Buckets = dict[str, Bucket]


class Objects:
    """Buckets by name, wherever they are at the moment."""

    def __init__(self) -> None:
        self._resting: Buckets | None = {}  # None while moto holds them

    def put_bucket(self, name: str, bucket: Bucket) -> None:
        """Create a bucket with exactly this content; one that exists is emptied first."""
        if self._resting is not None:
            self._resting[name] = bucket
            return
        backend = _backend_of(name)
        if backend is not None:
            backend.buckets[name].keys.clear()
        _deploy(name, bucket)

    def put(self, name: str, key: str, content: bytes) -> bool:
        """Write one object; False when there is no such bucket."""
        if self._resting is not None:
            if name not in self._resting:
                return False
            self._resting[name].content[key] = content
            return True
        backend = _backend_of(name)
        if backend is None:
            return False
        backend.put_object(name, key, content)
        return True

    def read(self, name: str, prefix: str) -> dict[str, bytes] | None:
        """The objects whose keys start with `prefix`, sorted by key; None when there is no such bucket."""
        if self._resting is not None:
            bucket = self._resting.get(name)
            if bucket is None:
                return None
            return {key: value for key, value in sorted(bucket.content.items()) if key.startswith(prefix)}
        backend = _backend_of(name)
        if backend is None:
            return None
        keys = backend.buckets[name].keys
        wanted = sorted(key for key in list(dict.keys(keys)) if key.startswith(prefix))  # others may write meanwhile
        found = {key: getattr(keys.get(key), "value", None) for key in wanted}
        return {key: value for key, value in found.items() if value is not None}  # deleted ones have none

    def policy(self, name: str) -> str | None:
        """The policy of a bucket, if it has one."""
        if self._resting is not None:
            return self._resting[name].policy if name in self._resting else None
        backend = _backend_of(name)
        return _policy(backend, name) if backend is not None else None

    def all(self) -> Buckets:
        """Every bucket with its content."""
        if self._resting is not None:
            return self._resting
        found = {}
        for name in sorted(_s3().bucket_accounts):
            backend = _backend_of(name)
            if backend is None:
                continue
            found[name] = Bucket(backend.account_id, self.read(name, "") or {}, _policy(backend, name))
        return found

    def clear(self) -> None:
        """Forget the buckets at rest; those in moto go with moto's state."""
        if self._resting is not None:
            self._resting = {}

    def deploy(self) -> None:
        """Move everything into moto."""
        resting, self._resting = self._resting or {}, None
        for name, bucket in resting.items():
            _deploy(name, bucket)

    def withdraw(self) -> None:
        """Take everything back out of moto."""
        self._resting = self.all()


def content_of(source: Path | Mapping[str, bytes | str] | None) -> dict[str, bytes]:
    """The objects a bucket gets from a directory, hidden files left out, or from given content."""
    if source is None:
        return {}
    if isinstance(source, Path):
        return {
            path.relative_to(source).as_posix(): path.read_bytes()
            for path in sorted(source.rglob("*"))
            if path.is_file() and not any(part.startswith(".") for part in path.relative_to(source).parts)
        }
    return {key: value.encode() if isinstance(value, str) else value for key, value in source.items()}


def split_location(location: str) -> tuple[str, str]:
    """The bucket and the key, or prefix, of an `s3://` location."""
    parts = urlsplit(location)
    return parts.netloc, parts.path.removeprefix("/")


def _s3() -> Any:
    from moto.s3.models import s3_backends

    return s3_backends


def _backend_of(name: str) -> Any:
    """Moto's backend that holds a bucket; None when there is no such bucket."""
    held = _s3().bucket_accounts.get(name)
    if held is None:
        return None
    partition, account = held
    return _s3()[account][partition]


def _policy(backend: Any, name: str) -> str | None:
    policy = backend.buckets[name].policy
    return policy.decode() if isinstance(policy, bytes) else policy


def _deploy(name: str, bucket: Bucket) -> None:
    backend = _backend_of(name)
    if backend is None:
        backend = _s3()[bucket.account]["aws"]
        backend.create_bucket(name, "us-east-1")
    if bucket.policy is not None:
        backend.put_bucket_policy(name, bucket.policy.encode())
    for key, value in bucket.content.items():
        backend.put_object(name, key, value)
