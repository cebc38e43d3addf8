"""An import of two hundred objects of a served emulator."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.catalog.quotas import QUOTAS
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from tests.emulator.served import Served, serving
from tests.support.large import apply_large
from tests.support.world import START, World, emulated

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An account of 205 objects that nobody manages."""
    folder, clock = tmp_path_factory.mktemp("unmanaged"), SimulatedClock(START)
    quotas = {name: 1000 for name, quota in QUOTAS.items() if quota.kind}
    with Emulator(clock.now, quotas=quotas).started() as emulator:
        world = World(emulator, clock, emulated(clock))
        manifests = apply_large(world, folder)
        for live in world.snapshot(manifests).objects:
            if live.tags:
                world.untag_by_hand(live.arn, [*live.tags])
        emulator.save(folder / "state")
    with serving("--state", str(folder / "state")) as served:
        yield served


@pytest.mark.benchmark(group="an import of two hundred objects over loopback")
def test_import(benchmark: Callable[..., Any], account: Served, tmp_path: Path) -> None:
    """One process, from its start to the last file."""
    numbers = iter(range(1_000))
    environment = {**account.environment, "AWS_DEFAULT_REGION": "us-east-1", "PYTHONPATH": str(ROOT)}

    def run() -> str:
        command = [sys.executable, "-m", "personalize_gitops", "import", "--out", str(tmp_path / str(next(numbers)))]
        done = subprocess.run(
            command, env={**os.environ, **environment}, cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return done.stdout

    assert "145 resources imported" in benchmark(run)
