"""Packages of npm, installed once for each lock file and used by tests of several processes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest


def installed(folder: Path) -> Path:
    """Return the folder of the packages in the lock file of a folder. Skips the test where npm cannot install them."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("needs Node.js and npm")
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()[:16]
    place = Path(tempfile.gettempdir()) / f"personalize-gitops-{os.getuid()}-{folder.name}-{digest}"
    if not place.exists():
        _install(folder, place)
    return place / "node_modules"


def _install(source: Path, place: Path) -> None:
    """Install elsewhere and rename, so that an installation that was stopped leaves nothing that looks complete."""
    with tempfile.TemporaryDirectory(dir=place.parent) as temporary:
        folder = Path(temporary) / "packages"
        folder.mkdir()
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, folder)
        command = ["npm", "ci", "--engine-strict", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            pytest.skip(f"npm cannot install the packages here: {done.stderr.strip()}")
        with suppress(OSError):  # another process was faster
            folder.rename(place)
