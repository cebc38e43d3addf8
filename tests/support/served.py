"""A small project whose target is an emulator behind HTTP, as AWS is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from tests.support.project import Project
from tests.support.world import START

PROJECT = """
kind: Project
name: small
spec:
  targets:
    served: {{region: us-east-1, endpointUrl: "{url}"}}
"""


@dataclass(frozen=True)
class Served:
    """An emulator behind HTTP, in which nothing takes time, and a project folder for it."""

    emulator: Emulator
    project: Project


@contextmanager
def served(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Serve an emulator, with credentials for it in the environment."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    emulator = Emulator(SimulatedClock(START).now, instant=True)
    project = Project(folder)
    with emulator.serve(port=0) as server:
        project.write("project.yaml", PROJECT.format(url=server.url))
        yield Served(emulator, project)
