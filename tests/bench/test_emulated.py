"""What goes through boto3 and the emulator, in one process and in simulated time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.support.large import apply_large
from tests.support.movies import EXAMPLE
from tests.support.project import Project
from tests.support.world import World, actions, kept

CALLS = 100
SCHEMA = (EXAMPLE / "schemas" / "items.avsc").read_text()


@pytest.mark.benchmark(group="a hundred calls through boto3")
def test_describing(benchmark: Any, world: World) -> None:
    """DescribeDatasetGroup, as fast as one thread asks."""
    personalize = boto3.client("personalize", region_name="us-east-1")
    arn = personalize.create_dataset_group(name="shop")["datasetGroupArn"]

    def describe() -> str:
        for _ in range(CALLS):
            answer = personalize.describe_dataset_group(datasetGroupArn=arn)
        return str(answer["datasetGroup"]["name"])

    name = benchmark(describe)

    assert name == "shop"


@pytest.mark.benchmark(group="a hundred calls through boto3")
def test_listing(benchmark: Any, world: World) -> None:
    """ListSchemas over an account with a full page of them."""
    personalize = boto3.client("personalize", region_name="us-east-1")
    for number in range(100):
        personalize.create_schema(name=f"schema-{number}", schema=SCHEMA)

    def list_all() -> int:
        for _ in range(CALLS):
            answer = personalize.list_schemas(maxResults=100)
        return len(answer["schemas"])

    found = benchmark(list_all)

    assert found == 100


@pytest.mark.benchmark(group="the example in simulated time")
def test_the_journey_of_the_example(benchmark: Any, world: World, project: Project) -> None:
    """From an empty account to endpoints that serve, and down again: hours on the clock."""
    data(world, project.folder)

    def journey() -> None:
        world.apply(project.manifests)
        world.carry_out(world.destroy_plan(project.manifests))

    benchmark.pedantic(journey, rounds=3)

    assert world.plan(project.manifests).pending


@pytest.mark.benchmark(group="the example in simulated time")
def test_a_plan_with_nothing_to_do(benchmark: Any, world: World, project: Project) -> None:
    """Reading, observing and comparing all 22 resources."""
    data(world, project.folder)
    world.apply(project.manifests)

    plan = benchmark(world.plan, project.manifests)

    assert actions(plan) == {}


@pytest.mark.benchmark(group="a plan for an account of five groups")
@pytest.mark.parametrize("memory", ["cold", "warm", "trusted"])
def test_reading_an_account(
    benchmark: Any, world: World, tmp_path: Path, tell: Callable[[str], None], memory: str
) -> None:
    """5 groups of 3 datasets, 4 solutions of 4 versions, 4 campaigns, 8 filters and a tracker; the calls beside."""
    manifests = apply_large(world, tmp_path)
    cache = None if memory == "cold" else kept(world.look(manifests)[1], trusting=memory == "trusted")

    plan, _, calls = benchmark.pedantic(world.look, (manifests, cache), rounds=3)

    tell(f"{memory}: {sum(calls.values())} calls")
    assert actions(plan) == {}


def data(world: World, folder: Path) -> None:
    """The CSV files of the example."""
    world.put_data(folder / "data" / "movielens")
