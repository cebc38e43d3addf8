"""Small generated data of visible structure: four tastes, a pair that is bought together, a trend, actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

from personalize_gitops.catalog.recipes import RECIPES
from personalize_gitops.emulator.models import Configuration, Feature, Model, Question, TrainingData, Use, train

TASTES, ITEMS_OF_TASTE, USERS, LENGTH = 4, 20, 120, 14
START, DAY = 1_700_000_000, 86_400
COLD = "cold-1"  # an item of taste 1 that nobody has interacted with

Row = tuple[Any, ...]


def columns(names: str, rows: Sequence[Row]) -> Mapping[str, Sequence[str]]:
    """A table from rows."""
    return {name: [str(row[index]) for row in rows] for index, name in enumerate(names.split())}


def taste_of(id_: str) -> int:
    """The taste of an item or user."""
    return int(id_.split("-")[1])


@cache
def tastes() -> TrainingData:
    """Users who mostly choose items of one taste; the items' columns say which, and the users' age."""
    random = Random(7)  # noqa: S311
    rows: list[Row] = []
    for user in range(USERS):
        taste = user % TASTES
        others = [each for each in range(TASTES) if each != taste]
        for step in range(LENGTH):
            of = taste if random.random() < 0.9 else random.choice(others)
            item = f"i-{of}-{min(int(random.expovariate(0.15)), ITEMS_OF_TASTE - 1)}"
            rows.append((f"u-{taste}-{user}", item, START + user * 50 + step * DAY, "watch", step % 5))
    items: list[Row] = [
        (f"i-{taste}-{number}", f"genre{taste}", f"A story about topic{taste} number {number}", 10 * taste + 1, START)
        for taste in range(TASTES)
        for number in range(ITEMS_OF_TASTE)
    ]
    items.append((COLD, "genre1", "Another story about topic1", 11, START + 12 * DAY))
    users = [(f"u-{user % TASTES}-{user}", 20 + 10 * (user % TASTES)) for user in range(USERS)]
    users.append(("u-2-new", 40))
    return TrainingData(
        interactions=columns("USER_ID ITEM_ID TIMESTAMP EVENT_TYPE EVENT_VALUE", rows),
        items=columns("ITEM_ID GENRE TEXT PRICE CREATION_TIMESTAMP", items),
        users=columns("USER_ID AGE", users),
        item_features=(Feature("GENRE", Use.CATEGORICAL), Feature("TEXT", Use.TEXTUAL), Feature("PRICE", Use.NUMERIC)),
        user_features=(Feature("AGE", Use.NUMERIC),),
    )


def without_metadata(data: TrainingData) -> TrainingData:
    """The same data without columns of items and users."""
    return replace(data, items={}, users={}, item_features=(), user_features=())


def configured(recipe: str, **changes: Any) -> Configuration:
    """A configuration with the defaults of the recipe; parameters by name."""
    found = RECIPES[recipe]
    fields = {name: changes.pop(name) for name in ("events", "objective", "removes") if name in changes}
    parameters = {each.name: each.default_text for each in found.parameters} | changes
    return Configuration(recipe, parameters, **fields)


@cache
def model(recipe: str) -> Model:
    """The model of a recipe on the tastes."""
    return train(configured(recipe), tastes())


def answer(of: Model, count: int = 10, **question: Any) -> list[str]:
    """The ids of the first results."""
    return [result.id for result in of.answer(Question(**question)).best(count)]


def share_of_taste(ids: Sequence[str], taste: int) -> float:
    """The share of ids of one taste."""
    return sum(taste_of(id_) == taste for id_ in ids) / len(ids)
