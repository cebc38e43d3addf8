"""What is kept between commands, and what is told about the calls they make."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.aws.connect import connect
from personalize_gitops.clock import SimulatedClock
from personalize_gitops.emulator import Emulator
from tests.support.project import Project
from tests.support.proxy import Answer, Request, proxied
from tests.support.shop import write_shop
from tests.support.world import START, World


@pytest.fixture
def ahead() -> SimulatedClock:
    """The clock of the account."""
    return SimulatedClock(START)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: SimulatedClock) -> Iterator[Project]:
    """The small shop, applied to an account that is reached over HTTP."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "local")
    manifests = write_shop(tmp_path)
    emulator = Emulator(ahead.now)
    emulator.put_bucket("shop", tmp_path / "data")
    with emulator.serve(port=0) as server:
        path = manifests / "shop.yaml"
        there = f"{{region: us-east-1, endpointUrl: '{server.url}'}}"
        path.write_text(path.read_text().replace("{emulator: {state: state, buckets: {shop: ../data}}}", there))
        World(emulator, ahead, connect(ahead, region="us-east-1", endpoint_url=server.url)).apply(manifests)
        yield Project(tmp_path)


def calls(project: Project, *options: str) -> dict[str, int]:
    """The calls a plan says it has made."""
    result = project.run("plan", "--output", "json", *options)
    assert result.code == 0, result.err
    plan: dict[str, Any] = json.loads(result.out)
    return {entry["operation"]: entry["count"] for entry in plan["calls"]}


def test_a_second_plan_reads_less(served: Project, cache_folder: Path) -> None:
    """The filter and the schema are read once; with --no-cache every time; with --trust-timestamps nothing else is."""
    first, second = calls(served), calls(served)
    trusted, uncached = calls(served, "--trust-timestamps"), calls(served, "--no-cache")

    assert first == uncached
    assert first.keys() - second.keys() == {"DescribeFilter", "DescribeSchema", "DescribeDatasetGroup"}
    assert not [operation for operation in trusted if operation.startswith("Describe")]
    (file,) = (cache_folder / "personalize-gitops").iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_a_destroy_takes_nothing_from_the_index(served: Project) -> None:
    """What was made a moment ago, and the index of tags does not know yet, is taken down as well."""
    asked = calls(served, "--destroy", "--exit-zero")

    assert "GetResources" not in asked
    assert asked["ListTagsForResource"] >= 5


def test_no_cache_keeps_nothing(served: Project, cache_folder: Path) -> None:
    """Nothing of the account is left on disk."""
    calls(served, "--no-cache")

    assert list(cache_folder.iterdir()) == []


def test_a_cache_that_cannot_be_kept_is_done_without(served: Project, cache_folder: Path) -> None:
    """A file where the folder would be costs calls, and nothing else."""
    (cache_folder / "personalize-gitops").write_text("")

    assert calls(served) == calls(served)


@pytest.mark.parametrize("command", ["plan", "apply", "drift", "status", "destroy"])
def test_verbose_tells_the_calls(served: Project, command: str) -> None:
    """How many there were, and of what, beside the result."""
    result = served.run(command, "--verbose")

    (line,) = (line for line in result.err.splitlines() if "calls to read the account" in line)
    assert "1 ListSolutions" in line


def test_no_cache_and_trust_exclude_each_other(served: Project) -> None:
    """There is nothing to trust where nothing is kept."""
    result = served.run("plan", "--no-cache", "--trust-timestamps")

    assert result.code == 1
    assert "not allowed with" in result.err


def test_ages_are_told_by_the_clock_of_the_account(served: Project, ahead: SimulatedClock) -> None:
    """Against an emulator whose time runs ahead, what is old is old."""
    ahead.sleep(10 * 365 * 86400)

    rows = json.loads(served.run("status", "--output", "json").out)["resources"]

    assert min(row["ageSeconds"] for row in rows if row["ageSeconds"] is not None) > 5 * 365 * 86400


def test_commands_without_changes_only_read(served: Project) -> None:
    """Plan, drift and status send nothing but reading operations; they need no other permission."""
    path = served.manifests / "shop.yaml"
    url = path.read_text().partition("endpointUrl: '")[2].partition("'")[0]
    sent: list[tuple[str, str]] = []

    def noted(request: Request, forward: Callable[[], Answer]) -> Answer:
        sent.append((request.service, request.operation or request.method))
        return forward()

    with proxied(url, noted) as noting:
        path.write_text(path.read_text().replace(url, noting))
        served.edit("shop.yaml", "minProvisionedTPS: 1", "minProvisionedTPS: 2")
        codes = [served.run(command, "--no-cache").code for command in ("plan", "drift", "status")]

    assert codes == [2, 0, 0]  # an edit that is not applied is no drift
    assert {"sts", "s3", "personalize"} <= {service for service, _ in sent}
    reading = ("Describe", "List", "GetResources")
    assert not [
        operation
        for service, operation in sent
        if not operation.startswith(reading) and (service, operation) not in {("sts", "POST"), ("s3", "GET")}
    ]
