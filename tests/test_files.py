"""Atomic writes: whole content or none."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from personalize_gitops.files import write_atomically


@pytest.mark.parametrize(("content", "stored"), [("ü\n", "ü\n".encode()), (b"\r\n\x00", b"\r\n\x00")])
def test_content_replaces_the_file(tmp_path: Path, content: str | bytes, stored: bytes) -> None:
    """Text is stored as UTF-8 and bytes as they are, in place of the old content, and no other file is left."""
    path = tmp_path / "file"
    path.write_text("old")

    write_atomically(path, content)

    assert path.read_bytes() == stored
    assert [*tmp_path.iterdir()] == [path]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """If the content cannot be encoded, the old file stays and no temporary file is left."""
    path = tmp_path / "file"
    path.write_text("old")

    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")

    assert path.read_text() == "old"
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_permissions(tmp_path: Path) -> None:
    """The file has the given permissions, whatever the permissions of the old one."""
    path = tmp_path / "file"
    path.touch(mode=0o644)

    write_atomically(path, "secret", mode=0o600)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
