"""The emulator alone: calls per second in process and over HTTP, many resources, large files, saving."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.emulator import Emulator
from tests.emulator.account import INTERACTIONS, REGION, Account, client, interactions_csv
from tests.emulator.clock import Clock
from tests.emulator.served import Served, serving

CALLS = 160
MANY = 10_000


def told(benchmark: Any, where: str) -> str:
    """The calls per second of a benchmark with CALLS calls."""
    return f"{where}: {CALLS / benchmark.stats.stats.mean:,.0f} calls per second"


def respond(emulator: Emulator, operation: str, /, **request: Any) -> dict[str, Any]:
    """The response to a call without a client."""
    response = emulator.respond(REGION, operation, json.dumps(request))
    assert response.status == 200, response.body
    return dict(json.loads(response.body))


def filled(count: int) -> Emulator:
    """An emulator with a number of schemas and dataset groups."""
    emulator = Emulator(Clock().now, quotas={"Schema": 2 * count, "DatasetGroup": count})
    for number in range(count // 2):
        respond(emulator, "CreateSchema", name=f"s{number}", schema=INTERACTIONS)
        respond(emulator, "CreateDatasetGroup", name=f"g{number}")
    return emulator


@pytest.mark.benchmark(group="160 DescribeDatasetGroup")
def test_without_a_client(benchmark: Any, tell: Callable[[str], None]) -> None:
    """The emulator without a client."""
    emulator = Emulator(Clock().now)
    arn = respond(emulator, "CreateDatasetGroup", name="shop")["datasetGroupArn"]

    def ask() -> None:
        for _ in range(CALLS):
            respond(emulator, "DescribeDatasetGroup", datasetGroupArn=arn)

    benchmark(ask)

    tell(told(benchmark, "without a client"))


@pytest.mark.benchmark(group="160 DescribeDatasetGroup")
def test_through_boto3_in_process(benchmark: Any, tell: Callable[[str], None]) -> None:
    """With boto3 in the same process."""
    clock = Clock()
    with Emulator(clock.now).started() as emulator:
        account = Account(emulator, clock)
        arn = account.group()

        def ask() -> None:
            for _ in range(CALLS):
                account.personalize.describe_dataset_group(datasetGroupArn=arn)

        benchmark(ask)

    tell(told(benchmark, "boto3 in the same process"))


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving("--speed", "instant") as running:
        client("personalize", running.url).create_dataset_group(name="shop")
        yield running


@pytest.mark.benchmark(group="160 DescribeDatasetGroup")
@pytest.mark.parametrize("clients", [1, 16])
def test_over_http(benchmark: Any, tell: Callable[[str], None], served: Served, clients: int) -> None:
    """With boto3 over HTTP, from one thread and from sixteen; the server is a process of its own."""
    personalize = client("personalize", served.url)
    arn = personalize.list_dataset_groups()["datasetGroups"][0]["datasetGroupArn"]

    def ask(count: int) -> None:
        for _ in range(count):
            personalize.describe_dataset_group(datasetGroupArn=arn)

    with ThreadPoolExecutor(clients) as pool:
        benchmark(lambda: list(pool.map(ask, [CALLS // clients] * clients)))

    tell(told(benchmark, f"boto3 over HTTP, {clients} at a time"))


@pytest.mark.benchmark(group="a page of a hundred")
@pytest.mark.parametrize("count", [200, MANY], ids=lambda count: f"of {count // 2}")
def test_pages(benchmark: Any, count: int) -> None:
    """The second to last page of a short list and of a long one."""
    emulator = filled(count)
    token: dict[str, str] = {}
    for _ in range(count // 200 - 1):
        page = respond(emulator, "ListSchemas", maxResults=100, **token)
        token = {"nextToken": page["nextToken"]} if "nextToken" in page else {}

    page = benchmark(lambda: respond(emulator, "ListSchemas", maxResults=100, **token))

    assert len(page["schemas"]) == 100


@pytest.mark.benchmark(group="ten thousand resources")
def test_creating_many(benchmark: Any, tell: Callable[[str], None]) -> None:
    """The time to create resources, and their memory."""
    emulators = []

    benchmark.pedantic(lambda: emulators.append(filled(MANY)), rounds=1)

    tracemalloc.start()
    emulators[0] = filled(MANY)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    tell(f"{MANY:,} resources take {taken / 1e6:.1f} MB")


@pytest.mark.benchmark(group="ten thousand resources")
def test_saving_many(benchmark: Any, tmp_path: Path) -> None:
    """The time to save them."""
    emulator = filled(MANY)

    benchmark(lambda: emulator.save(tmp_path))


@pytest.mark.benchmark(group="a small change")
@pytest.mark.parametrize("count", [20, 2000])
def test_saving_beside_large_buckets(benchmark: Any, tmp_path: Path, count: int) -> None:
    """The time to save one new schema beside objects of 200 MB."""
    clock = Clock()
    with Emulator(clock.now, quotas={"Schema": MANY}).started() as emulator:
        size = 200_000_000 // count
        emulator.put_bucket("large", {f"part-{number}": bytes([number % 256]) * size for number in range(count)})
        emulator.save(tmp_path)
        numbers = iter(range(MANY))

        def change() -> None:
            respond(emulator, "CreateSchema", name=f"s{next(numbers)}", schema=INTERACTIONS)

        benchmark.pedantic(lambda: emulator.save(tmp_path), setup=change, rounds=20)


@pytest.mark.benchmark(group="a small change")
def test_saving_beside_many_resources(benchmark: Any, tmp_path: Path) -> None:
    """The time to save one new schema beside ten thousand resources."""
    emulator = filled(MANY)
    emulator.save(tmp_path)
    numbers = iter(range(MANY))

    def change() -> None:
        respond(emulator, "CreateSchema", name=f"new{next(numbers)}", schema=INTERACTIONS)

    benchmark.pedantic(lambda: emulator.save(tmp_path), setup=change, rounds=20)


@pytest.mark.benchmark(group="ten thousand resources")
def test_loading_many(benchmark: Any, tmp_path: Path) -> None:
    """The time to load them."""
    filled(MANY).save(tmp_path)

    benchmark(lambda: Emulator(Clock().now).load(tmp_path))


@pytest.mark.benchmark(group="an import")
@pytest.mark.parametrize(("rows", "rounds"), [(100_000, 5), (1_500_000, 1)])
def test_importing(benchmark: Any, rows: int, rounds: int) -> None:
    """The time of an import."""
    clock = Clock()
    content = interactions_csv(rows, users=5000)
    with Emulator(clock.now, quotas={"DatasetImportJob": 1000}).started() as emulator:
        account = Account(emulator, clock)
        dataset = account.dataset(account.group())
        numbers = iter(range(1000))
        account.start_import(dataset, content, "warm")
        account.settle()
        account.personalize.list_datasets()

        def start() -> tuple[tuple[Any, ...], dict[str, Any]]:
            arn = account.start_import(dataset, content, f"job-{next(numbers)}")
            account.settle()
            return (arn,), {}

        benchmark.pedantic(
            lambda arn: account.personalize.describe_dataset_import_job(datasetImportJobArn=arn),
            setup=start,
            rounds=rounds,
        )
