"""A folder to write manifests into."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.manifest.writing import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A project and a dataset group."""
    return Folder(tmp_path / "manifests")
