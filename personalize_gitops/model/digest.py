"""Digests: short texts that are equal for equal values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from personalize_gitops.model.diff import ABSENT, Unknown


def plain(value: Any) -> Any:
    """Return a value as plain JSON: an unknown one as `{"unknown": address}`, an absent one as null."""
    match value:
        case Unknown(address):
            return {"unknown": str(address)}
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple() | frozenset() | set():
            return [plain(item) for item in value]
        case _ if value is ABSENT:
            return None
        case _:
            return value


def digest(value: Any, length: int = 12) -> str:
    """Return a hexadecimal digest of a JSON value, `length` digits long."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:length]
