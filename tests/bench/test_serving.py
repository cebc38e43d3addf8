"""How long an answer takes in process, on MovieLens 100K if `make demo` has downloaded it, or on generated data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.emulator import Emulator
from tests.emulator.account import RECIPE_V2, REGION, Account, avro
from tests.emulator.clock import Clock
from tests.support.movies import write_data

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
