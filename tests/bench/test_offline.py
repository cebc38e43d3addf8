"""What needs no account: the start of the program, reading, planning."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.engine.apply.steps import to_steps
from personalize_gitops.engine.plan.context import PlanContext
from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.manifest import load
from personalize_gitops.model.desired import Desired
from personalize_gitops.model.live import Snapshot
from tests.bench.many import GROUPS, IN_A_GROUP, account_of, write_manifests
from tests.support.project import Project

RESOURCES = GROUPS * IN_A_GROUP

Benchmark = Callable[..., Any]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ten thousand documents."""
    folder = tmp_path_factory.mktemp("many")
    write_manifests(folder)
    return folder


@pytest.fixture(scope="module")
def desired(many: Path) -> Desired:
    """What they ask for."""
    return load(many).desired


@pytest.fixture(scope="module")
def account(desired: Desired) -> Snapshot:
    """The account that has it all."""
    return account_of(desired)


@pytest.mark.benchmark(group="start of the program")
@pytest.mark.parametrize("arguments", [["--help"], ["validate"], ["schema"]], ids=" ".join)
def test_start(benchmark: Any, project: Project, arguments: list[str]) -> None:
    """A process of its own, from its start to its end."""
    command = [sys.executable, "-m", "personalize_gitops", *arguments]

    ended = benchmark(subprocess.run, command, cwd=project.folder, capture_output=True, check=True)

    assert ended.stdout


@pytest.mark.benchmark(group="reading")
def test_reading_the_example(benchmark: Any, project: Project) -> None:
    """Twenty-two documents for one target, in a program that runs already."""
    loaded = benchmark(load, project.manifests)

    assert len(loaded.desired.documents) == 22


@pytest.mark.benchmark(group="ten thousand resources")
def test_reading_ten_thousand_documents(benchmark: Any, many: Path) -> None:
    """From YAML to what is desired, checks included."""
    loaded = benchmark.pedantic(load, (many,), rounds=3)

    assert len(loaded.desired.documents) == RESOURCES


@pytest.mark.benchmark(group="validate")
@pytest.mark.parametrize("groups", [GROUPS // 10, GROUPS], ids=["1000 documents", "10000 documents"])
def test_validating(benchmark: Any, tmp_path: Path, groups: int) -> None:
    """A process of its own that reads and checks manifests."""
    write_manifests(tmp_path, groups)
    command = [sys.executable, "-m", "personalize_gitops", "validate", "--manifests", str(tmp_path)]

    ended = benchmark.pedantic(subprocess.run, (command,), {"capture_output": True, "text": True}, rounds=3)

    assert ended.returncode == 0, ended.stderr


@pytest.mark.benchmark(group="ten thousand resources")
def test_planning_into_an_empty_account(benchmark: Any, desired: Desired, account: Snapshot) -> None:
    """Everything is created or run."""
    empty = Snapshot(account.account, account.region, account.taken_at)

    plan = benchmark.pedantic(make_plan, (PlanContext(fresh(desired), empty),), rounds=3)

    assert len(plan.pending) == RESOURCES


@pytest.mark.benchmark(group="ten thousand resources")
def test_planning_when_all_is_in_sync(benchmark: Any, desired: Desired, account: Snapshot) -> None:
    """Everything is compared and nothing differs."""
    plan = benchmark.pedantic(
        make_plan, setup=lambda: ((PlanContext(fresh(desired), seen_anew(account)),), {}), rounds=3
    )

    assert plan.in_sync == RESOURCES


@pytest.mark.benchmark(group="ten thousand resources")
def test_steps_of_a_large_plan(benchmark: Any, desired: Desired, account: Snapshot) -> None:
    """Nearly ten thousand creations in order: those beyond a quota are blocked."""
    plan = make_plan(PlanContext(desired, Snapshot(account.account, account.region, account.taken_at)))

    steps = benchmark.pedantic(to_steps, (plan,), rounds=3)

    assert len(steps) == RESOURCES - len(plan.blocked)


def fresh(desired: Desired) -> Desired:
    """The same without what it has worked out already."""
    return Desired(desired.project, desired.documents, desired.kinds, desired.tags, desired.replace, desired.target)


def seen_anew(snapshot: Snapshot) -> Snapshot:
    """The same without what it has worked out already."""
    return Snapshot(snapshot.account, snapshot.region, snapshot.taken_at, snapshot.objects, snapshot.inputs)
