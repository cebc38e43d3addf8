"""The service as the installed botocore describes it: its operations, their members, and what they mean.

Only its data file is read, when it is needed: botocore itself takes longer to import than manifests to check.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_FOLDER = Path("personalize", "2018-05-22")
_FILE = "service-2.json"
_FIRST = re.compile(r"(.+?[.!?])(?=\s+[A-Z]|$)", re.DOTALL)


def _model() -> Mapping[str, Any]:
    return _read(os.environ.get("AWS_DATA_PATH", ""))


@cache
def _read(others: str) -> Mapping[str, Any]:
    """Return the description of the service; without anything if botocore has none."""
    for root in _roots(others):
        plain, packed = root / _FOLDER / _FILE, root / _FOLDER / f"{_FILE}.gz"
        if plain.is_file():
            return _parsed(plain.read_bytes())
        if packed.is_file():
            return _parsed(gzip.decompress(packed.read_bytes()))
    return {"operations": {}, "shapes": {}}


def _roots(others: str) -> Iterator[Path]:
    """Yield the folders that botocore looks into, in its order."""
    yield from (Path(given) for given in others.split(os.pathsep) if given)
    yield Path.home() / ".aws" / "models"
    package = find_spec("botocore")
    for root in (package.submodule_search_locations or ()) if package else ():
        yield Path(root) / "data"


def _parsed(content: bytes) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(content)
    return found


def takes(operation: str, path: Sequence[str | int]) -> bool:
    """Return whether the request of an operation has a member at a path, as the service spells it."""
    return _at(operation, path) is not None


def meaning(operation: str, path: Sequence[str | int]) -> str:
    """Return the first sentence of what the service says about a member of a request; empty if it says nothing."""
    found = _at(operation, path) or {}
    plain = unescape(re.sub(r"<[^>]+>", "", found.get("documentation", "")))
    words = " ".join(plain.split())
    sentence = _FIRST.match(words)
    return sentence[1] if sentence else words


def _at(operation: str, path: Sequence[str | int]) -> Mapping[str, Any] | None:
    """Return the member at a path; indexes of lists and keys of mappings are passed through."""
    described = _model()["operations"].get(operation)
    found: Mapping[str, Any] | None = described.get("input") if described else None
    for step in path:
        found = _below(found, step) if found else None
    return found


def _below(reference: Mapping[str, Any], step: str | int) -> Mapping[str, Any] | None:
    shape = _model()["shapes"][reference["shape"]]
    match shape["type"]:
        case "structure" if isinstance(step, str):
            member: Mapping[str, Any] | None = shape["members"].get(step)
            return member
        case "list":
            return shape["member"] if isinstance(step, int) else _below(shape["member"], step)
        case "map":
            value: Mapping[str, Any] = shape["value"]
            return value
        case _:
            return None
