"""A plan with nothing to do for a thousand resources of a served emulator, beside a bare loop of the same calls."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.catalog.quotas import QUOTAS
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from personalize_gitops.session import open_session
from tests.emulator.served import Served, serving
from tests.support.large import apply_large
from tests.support.world import START, World, emulated

GROUPS = 24
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Large:
    """A project whose resources all exist in a served emulator."""

    manifests: Path
    served: Served

    @property
    def environment(self) -> Mapping[str, str]:
        """Credentials, and a folder for the cache."""
        return {**self.served.environment, "XDG_CACHE_HOME": str(self.manifests.parent / "cache")}

    def run(self, *command: str) -> str:
        """Run a Python module as a process and return its output."""
        done = subprocess.run(
            [sys.executable, "-m", *command], env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout

    def plan(self, *options: str) -> str:
        """Run `plan` as a process and return its output."""
        return self.run("personalize_gitops", "plan", "--manifests", str(self.manifests), *options)

    def calls(self, *, use_cache: bool) -> Mapping[str, int]:
        """Return the number of calls of each operation that a plan makes."""
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setitem(os.environ, name, value)
            with open_session(self.manifests) as session:
                session.plan(use_cache=use_cache)
                return session.connection.cloud.calls


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Large]:
    """A project of 984 resources."""
    folder = tmp_path_factory.mktemp("large")
    clock = SimulatedClock(START)
    quotas = {name: 100_000 for name, quota in QUOTAS.items() if quota.kind}
    with Emulator(clock.now, quotas=quotas).started() as emulator:
        manifests = apply_large(World(emulator, clock, emulated(clock)), folder, GROUPS)
        emulator.save(folder / "state")
    with serving("--state", str(folder / "state")) as served:
        target = f'{{region: us-east-1, endpointUrl: "{served.url}"}}'
        project = manifests / "project.yaml"
        project.write_text(f"kind: Project\nname: large\nspec:\n  targets:\n    local: {target}\n")
        found = Large(manifests, served)
        found.plan()  # writes the cache
        yield found


@pytest.mark.benchmark(group="a plan for a thousand resources over loopback")
@pytest.mark.parametrize("options", [["--no-cache"], []], ids=["cold", "warm"])
def test_plan(benchmark: Any, large: Large, options: list[str]) -> None:
    """A process of its own, from its start to its end."""
    printed = benchmark.pedantic(large.plan, options, rounds=5)

    assert printed == "No changes. 984 in sync.\n"


@pytest.mark.benchmark(group="a plan for a thousand resources over loopback")
@pytest.mark.parametrize("use_cache", [False, True], ids=["cold", "warm"])
def test_bare_calls(benchmark: Any, large: Large, tell: Callable[[str], None], use_cache: bool) -> None:
    """The same calls through boto3 in a thread pool, without a look at the answers."""
    calls = large.calls(use_cache=use_cache)

    printed = benchmark.pedantic(large.run, ("tests.bench.bare", large.served.url, json.dumps(calls)), rounds=5)

    tell(printed)
    assert printed == f"{sum(calls.values())} calls\n"
