"""How long an answer takes in process and over HTTP, the latter beside moto's own server.

On MovieLens 100K if `make demo` has downloaded it, or on generated data.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from personalize_gitops.emulator import Emulator
from tests.emulator.account import INTERACTIONS as SCHEMA
from tests.emulator.account import RECIPE_V2, REGION, Account, avro, client
from tests.emulator.clock import Clock
from tests.emulator.served import serving
from tests.support.movies import write_data

_LISTENING = re.compile(r"Running on http://127\.0\.0\.1:(\d+)")
DATA = Path(__file__).parents[2] / "data" / "movielens"
INTERACTIONS = avro(
    "Interactions",
    "USER_ID",
    "ITEM_ID",
    "EVENT_TYPE",
    {"name": "EVENT_VALUE", "type": ["null", "float"]},
    {"name": "TIMESTAMP", "type": "long"},
)
ITEMS = avro(
    "Items",
    "ITEM_ID",
    {"name": "TITLE", "type": ["null", "string"]},
    {"name": "GENRES", "type": ["null", "string"], "categorical": True},
    {"name": "YEAR", "type": ["null", "int"]},
)
FILTERS: Mapping[str, str | None] = {
    "none": None,
    "items": 'INCLUDE ItemID WHERE Items.GENRES IN ("Drama", "Comedy") AND Items.YEAR > 1980',
    "events": 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch", "like")',
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if DATA.is_dir():
        return DATA
    folder = tmp_path_factory.mktemp("movies")
    write_data(folder)
    return folder


@pytest.fixture(scope="module")
def shop(data: Path) -> Iterator[tuple[Account, str, str]]:
    """An account, its group, and a campaign that has answered."""
    clock = Clock()
    with Emulator(clock.now).started() as emulator:
        account = Account(emulator, clock)
        group = account.group()
        account.imported(account.dataset(group, text=INTERACTIONS), (data / "interactions.csv").read_text(), "events")
        account.imported(account.dataset(group, "Items", ITEMS), (data / "items.csv").read_text(), "items")
        campaign = account.campaign(account.version(account.solution(group, recipeArn=RECIPE_V2)))
        account.settle()
        ask(emulator, {"campaignArn": campaign, "userId": "none"})
        yield account, group, campaign


def ask(emulator: Emulator, request: dict[str, Any]) -> None:
    response = emulator.respond(REGION, "GetRecommendations", json.dumps(request))
    assert response.status == 200, response.body


@pytest.mark.benchmark(group="GetRecommendations")
@pytest.mark.parametrize("name", FILTERS)
def test_answers(
    benchmark: Any, tell: Callable[[str], None], data: Path, shop: tuple[Account, str, str], name: str
) -> None:
    """One answer without a client, each user in turn."""
    account, group, campaign = shop
    request = {"campaignArn": campaign}
    expression = FILTERS[name]
    if expression is not None:
        made = account.personalize.create_filter(name=name, datasetGroupArn=group, filterExpression=expression)
        request["filterArn"] = made["filterArn"]
        account.settle()
    lines = (data / "interactions.csv").read_text().splitlines()[1:]
    users = cycle(sorted({line.split(",")[0] for line in lines}))

    def next_user() -> tuple[tuple[Emulator, dict[str, str]], dict[str, str]]:
        return (account.emulator, {**request, "userId": next(users)}), {}

    benchmark.pedantic(ask, setup=next_user, rounds=2_000)

    times = sorted(benchmark.stats.stats.data)
    half, most = times[len(times) // 2], times[len(times) * 99 // 100]
    tell(f"filter of {name}: p50 {1000 * half:.2f} ms, p99 {1000 * most:.2f} ms")


_REQUESTS = 300
_CREDENTIAL = (
    "AWS4-HMAC-SHA256 Credential=a/20260101/{region}/personalize/aws4_request, SignedHeaders=host, Signature=0"
)


def replay(port: int, path: str, body: Mapping[str, Any], **headers: str) -> None:
    """Send one request again and again over one connection, as long as the server keeps it."""
    connection = HTTPConnection("127.0.0.1", port)
    given = {"Authorization": _CREDENTIAL.format(region=REGION), "Content-Type": "application/json", **headers}
    for _ in range(_REQUESTS):
        connection.request("POST", path, json.dumps(body), {k.replace("_", "-"): v for k, v in given.items()})
        response = connection.getresponse()
        assert response.status == 200, response.read()
        response.read()
    connection.close()


@contextmanager
def motos_own() -> Iterator[int]:
    """The server of moto in a process of its own; the port."""
    command = [sys.executable, "-u", "-m", "moto.server", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            found = next(filter(None, map(_LISTENING.search, process.stderr)))
            Thread(target=process.stderr.read, daemon=True).start()  # its log would fill the pipe
            yield int(found[1])
        finally:
            process.terminate()


@pytest.mark.benchmark(group="300 requests over HTTP, one after the other")
def test_over_http(benchmark: Any, tmp_path: Path, shop: tuple[Account, str, str]) -> None:
    """GetRecommendations of a server in a process of its own."""
    account, _, campaign = shop
    account.emulator.save(tmp_path / "state")
    request = {"campaignArn": campaign, "userId": "1"}
    with serving("--state", str(tmp_path / "state")) as served:
        port = int(served.url.rpartition(":")[2])
        replay(port, "/recommendations", request)

        benchmark.pedantic(replay, (port, "/recommendations", request), rounds=5)


@pytest.mark.benchmark(group="300 requests over HTTP, one after the other")
def test_motos_own_server(benchmark: Any) -> None:
    """DescribeSchema of moto's own server, the simplest of its answers about Personalize."""
    with motos_own() as port:
        personalize = client("personalize", f"http://127.0.0.1:{port}")
        arn = personalize.create_schema(name="s", schema=SCHEMA)["schemaArn"]
        target = {"X_Amz_Target": "AmazonPersonalize.DescribeSchema"}
        replay(port, "/", {"schemaArn": arn}, **target)

        benchmark.pedantic(replay, (port, "/", {"schemaArn": arn}), target, rounds=5)
