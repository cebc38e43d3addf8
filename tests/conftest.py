"""The fixtures everything shares: a clock, an account on it, a project folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from tests.support.movies import write_project
from tests.support.project import Project
from tests.support.shop import apply_shop
from tests.support.world import START, World, emulated


@pytest.fixture(autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where commands keep what they have read: a folder of the test's own."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder


@pytest.fixture
def world() -> Iterator[World]:
    """An empty emulated account in simulated time."""
    clock = SimulatedClock(START)
    with Emulator(clock.now).started() as emulator:
        yield World(emulator, clock, emulated(clock))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The example's project with small data, in a folder of its own."""
    write_project(tmp_path)
    return Project(tmp_path)


@pytest.fixture
def shop(world: World, tmp_path: Path) -> Path:
    """The smallest project, applied."""
    return apply_shop(world, tmp_path)
