"""Clients that are made when they are first used: most plans read nothing from S3, and its client costs most."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any


class LateClient:
    """A client of boto3, made with its first call. Safe to use from several threads."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._made: list[Any] = []
        self._making = Lock()

    def __getattr__(self, name: str) -> Any:
        """Return a method or member of the client."""
        with self._making:
            if not self._made:
                self._made.append(self._make())
        return getattr(self._made[0], name)
