"""Edits of manifest files, for tests that change what is declared."""

from __future__ import annotations

from pathlib import Path


def edit(path: Path, before: str, after: str) -> None:
    """Replace the only occurrence of `before` in a file."""
    text = path.read_text()
    assert text.count(before) == 1, f"{path.name} contains {before!r} {text.count(before)} times:\n{text}"
    path.write_text(text.replace(before, after))
