"""The buckets of the emulated S3: what imports read and jobs write.

They live in moto's S3 backend while the emulator is started, so that any S3 client sees the same objects; otherwise,
and in a saved state they are plain dictionaries of bytes.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Buckets = dict[str, dict[str, bytes]]


class Objects:
    """Buckets by name, wherever they are at the moment."""

    def __init__(self, account: str) -> None:
        self._account = account
        self._resting: Buckets | None = {}  # None while moto holds them

    def put_bucket(self, name: str, content: Mapping[str, bytes]) -> None:
        """Create a bucket with exactly this content; one that exists is emptied first."""
        if self._resting is not None:
            self._resting[name] = dict(content)
            return
        backend = _backend(self._account)
        if name in backend.buckets:
            backend.buckets[name].keys.clear()
        _deploy(backend, name, content)

    def put(self, bucket: str, key: str, content: bytes) -> bool:
        """Write one object; False when there is no such bucket."""
        if self._resting is not None:
            if bucket not in self._resting:
                return False
            self._resting[bucket][key] = content
            return True
        backend = _backend(self._account)
        if bucket not in backend.buckets:
            return False
        backend.put_object(bucket, key, content)
        return True

    def read(self, bucket: str, prefix: str) -> dict[str, bytes] | None:
        """The objects whose keys start with `prefix`, sorted by key; None when there is no such bucket."""
        if self._resting is not None:
            if bucket not in self._resting:
                return None
            return {key: value for key, value in sorted(self._resting[bucket].items()) if key.startswith(prefix)}
        backend = _backend(self._account)
        if bucket not in backend.buckets:
            return None
        keys = backend.buckets[bucket].keys
        return {key: keys[key].value for key in sorted(keys) if key.startswith(prefix)}

    def all(self) -> Buckets:
        """Every bucket with its content."""
        if self._resting is not None:
            return self._resting
        return {name: self.read(name, "") or {} for name in sorted(_backend(self._account).buckets)}

    def deploy(self) -> None:
        """Move everything into moto."""
        resting, self._resting = self._resting or {}, None
        for name, content in resting.items():
            _deploy(_backend(self._account), name, content)

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


def _backend(account: str) -> Any:
    from moto.s3.models import s3_backends

    return s3_backends[account]["aws"]


def _deploy(backend: Any, name: str, content: Mapping[str, bytes]) -> None:
    if name not in backend.buckets:
        backend.create_bucket(name, "us-east-1")
    for key, value in content.items():
        backend.put_object(name, key, value)
