"""Members that the cases declare and their kinds do not have: what a removed or renamed member leaves behind.

The cases of `tests/cases` declare every member of every kind (`tests/cases/test_coverage.py` holds them to it), so they
still declare a member after its kind has lost it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from personalize_gitops.kinds import KINDS
from tests.support.members import unknown

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"


@cache
def orphans() -> dict[str, list[str]]:
    """Return each member that a case declares and its kind does not have, as `Kind.member`, with the files."""
    found: dict[str, set[str]] = {}
    for file, kind, spec in _specs():
        for path in unknown(KINDS[kind], spec):
            found.setdefault(".".join((kind, *path)), set()).add(str(file.relative_to(ROOT)))
    return {member: sorted(files) for member, files in found.items()}


def mentions(member: str) -> list[str]:
    """Return the tests, manifests and pages that mention the last word of a member."""
    word = re.compile(rf"\b{member.rpartition('.')[2]}\b")
    files = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "manifests").rglob("*.yaml"), *ROOT.glob("*.md")]
    return sorted(str(file.relative_to(ROOT)) for file in files if word.search(file.read_text(encoding="utf-8")))


def _specs() -> Iterator[tuple[Path, str, Any]]:
    """Every spec in the manifests and accounts of the cases: its file, its kind, and what it declares."""
    for file in sorted(CASES.glob("*/manifests/**/*.yaml")):
        for document in _documents(file):
            if document["kind"] in KINDS:
                yield file, document["kind"], document.get("spec")
    for file in sorted(CASES.glob("*/live.yaml")):
        for address, entry in (
            (address, entry or {}) for found in _documents(file) for address, entry in found.items()
        ):
            if "/" in address:
                yield from ((file, address.split("/")[0], of.get("spec")) for of in (entry, entry.get("update") or {}))


def _documents(file: Path) -> list[dict[str, Any]]:
    """The documents of a YAML file, by the C parser or, for what only YAML 1.2 allows, by the pure one."""
    text = file.read_text(encoding="utf-8")
    try:
        found = list(YAML(typ="safe").load_all(text))
    except MarkedYAMLError:
        found = list(YAML(typ="safe", pure=True).load_all(text))
    return [document for document in found if document]
