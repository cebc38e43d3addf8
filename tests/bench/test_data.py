"""Ten million interactions: checked by `validate --data`, imported into the local Personalize, and trained on.

Each with the peak of its memory.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.support.events import LOCAL, SHOP
from tests.support.project import Project

ROWS = 10_000_000
_TRAINED = """
---
kind: Solution
name: home
spec: {datasetGroup: shop, recipe: aws-user-personalization, performAutoTraining: false}
---
kind: SolutionVersion
name: home
spec: {solution: home}
---
kind: Campaign
name: home
spec: {solutionVersion: home}
"""
_MEASURED = """
import gc, resource, sys
from personalize_gitops.__main__ import ALLOCATIONS
from personalize_gitops.cli import run
gc.set_threshold(ALLOCATIONS)
code = run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with one file of interactions: half a million users, fifty thousand items, four event types."""
    project = Project(tmp_path_factory.mktemp("data"))
    project.write("project.yaml", LOCAL)
    project.write("shop.yaml", SHOP.replace("/events/", "/events.csv") + _TRAINED)
    (project.folder / "data").mkdir()
    write_interactions(project.folder / "data" / "events.csv", ROWS)
    return project


def write_interactions(path: Path, count: int) -> None:
    """Write a file of interactions, in the order of time."""
    chance = Random(7).random  # noqa: S311 - the same file each time
    types = ("View", "Click", "Purchase", "Watch")
    with path.open("w") as file:
        file.write("USER_ID,ITEM_ID,EVENT_TYPE,TIMESTAMP\n")
        file.writelines(
            f"u{int(500_000 * chance() ** 2)},item-{int(50_000 * chance() ** 3)},{types[int(4 * chance())]},"
            f"{1_600_000_000 + 6 * n}\n"
            for n in range(count)
        )


@pytest.mark.benchmark(group="ten million rows")
@pytest.mark.parametrize(
    "arguments",
    [["validate", "--data"], ["apply", "--auto-approve"], ["recommend", "Campaign/home", "--user", "u1"]],
    ids=" ".join,
)
def test_ten_million_rows(benchmark: Any, tell: Callable[[str], None], shop: Project, arguments: list[str]) -> None:
    """A process of its own, from its start to its end; the state is saved by the apply, and with the model."""
    command = [sys.executable, "-c", _MEASURED, *arguments]

    ended = benchmark.pedantic(
        subprocess.run, (command,), {"cwd": shop.folder, "capture_output": True, "text": True}, rounds=1
    )

    assert ended.returncode == 0, ended.stderr
    tell(f"{' '.join(arguments)}: {ended.stderr.split()[-1]} MB at most")
