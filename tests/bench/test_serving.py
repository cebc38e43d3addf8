"""How long an answer takes in process, on MovieLens 100K if `make demo` has downloaded it, or on generated data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

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
FILTERS = {
    "none": None,
    "items": 'INCLUDE ItemID WHERE Items.GENRES IN ("Drama", "Comedy") AND Items.YEAR > 1980',
    "events": 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch", "like")',
}


def _served(folder: Path, emulator: Emulator, clock: Clock) -> tuple[Account, str, str]:
    account = Account(emulator, clock)
    group = account.group()
    account.imported(account.dataset(group, text=INTERACTIONS), (folder / "interactions.csv").read_text(), "events")
    account.imported(account.dataset(group, "Items", ITEMS), (folder / "items.csv").read_text(), "items")
    version = account.version(account.solution(group, recipeArn=RECIPE_V2))
    return account, group, account.campaign(version)


def test_answers(tmp_path: Path, tell: Callable[[str], None]) -> None:
    """GetRecommendations without a client, each user in turn."""
    folder = DATA if DATA.is_dir() else tmp_path
    if folder is tmp_path:
        write_data(folder)
    users = sorted({line.split(",")[0] for line in (folder / "interactions.csv").read_text().splitlines()[1:]})
    clock = Clock()
    with Emulator(clock.now).started() as emulator:
        account, group, campaign = _served(folder, emulator, clock)
        for name, expression in FILTERS.items():
            request: dict[str, Any] = {"campaignArn": campaign}
            if expression:
                made = account.personalize.create_filter(name=name, datasetGroupArn=group, filterExpression=expression)
                request["filterArn"] = made["filterArn"]
                account.settle()
            times = sorted(_timed(emulator, {**request, "userId": user}) for user in (*users[:20], *users))
            half, most = times[len(times) // 2], times[len(times) * 99 // 100]
            tell(f"filter: {name}, {len(users)} users: p50 {1000 * half:.2f} ms, p99 {1000 * most:.2f} ms")


def _timed(emulator: Emulator, request: dict[str, Any]) -> float:
    body = json.dumps(request)
    began = perf_counter()
    response = emulator.respond(REGION, "GetRecommendations", body)
    taken = perf_counter() - began
    assert response.status == 200, response.body
    return taken
