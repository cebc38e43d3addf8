"""Small data for the templates: the same rows every time, with tastes that a model can find.

Forty users in two groups use eighty items in two categories, mostly of their own category: more than a thousand events
of each of two types, as every recipe and use case needs (docs/service/1 §6 and §12).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

USERS, ITEMS, STEPS = 40, 80, 30
ACTIONS = 10
_START = 1_700_000_000  # epoch seconds of the first event
_HOUR = 3600


def interactions(*types: str) -> str:
    """Return events: each user does something of each type with thirty items."""
    rows = []
    for user in range(USERS):
        for step in range(STEPS):
            item = (user + step * 2 + (step % 5 == 4)) % ITEMS  # every fifth is of the other category
            for number, type_ in enumerate(types):
                time = _START + (step * USERS + user) * _HOUR // 10 + number * 60
                rows.append((f"u{user}", f"i{item}", type_, time))
    return _csv(("USER_ID", "ITEM_ID", "EVENT_TYPE", "TIMESTAMP"), rows)


def items() -> str:
    """Return the items of a custom dataset group."""
    rows = ((f"i{n}", _category(n, "books", "music"), 5 + n % 40) for n in range(ITEMS))
    return _csv(("ITEM_ID", "CATEGORY", "PRICE"), rows)


def videos() -> str:
    """Return videos, as the domain VIDEO_ON_DEMAND describes them."""
    rows = ((f"i{n}", _category(n, "Comedy", "Drama|War"), _START - n * 24 * _HOUR, 80 + n) for n in range(ITEMS))
    return _csv(("ITEM_ID", "GENRES", "CREATION_TIMESTAMP", "RUNTIME"), rows)


def goods() -> str:
    """Return goods, as the domain ECOMMERCE describes them."""
    rows = ((f"i{n}", 5 + n % 40, _category(n, "garden", "kitchen"), f"brand-{n % 7}") for n in range(ITEMS))
    return _csv(("ITEM_ID", "PRICE", "CATEGORY_L1", "BRAND"), rows)


def actions() -> str:
    """Return actions with their values."""
    rows = ((f"a{n}", 1 + n % 10, _category(n, "app", "mail")) for n in range(ACTIONS))
    return _csv(("ACTION_ID", "VALUE", "CHANNEL"), rows)


def action_interactions() -> str:
    """Return sixty taken and sixty refused offers of each action; fifty of each are scored (docs/service/1 §13.10)."""
    rows = []
    for user in range(USERS):
        for action in range(ACTIONS):
            type_ = "TAKEN" if (user + action) % 2 == 0 else "NOT_TAKEN"
            times = (_START + (round_ * USERS + user) * _HOUR + action * 60 for round_ in range(3))
            rows += [(f"u{user}", f"a{action}", type_, time) for time in times]
    return _csv(("USER_ID", "ACTION_ID", "EVENT_TYPE", "TIMESTAMP"), rows)


def asked_items() -> str:
    """Return the input of a batch segment job."""
    return _json_lines("itemId", (f"i{n}" for n in range(5)))


def asked_users() -> str:
    """Return the input of a batch inference job."""
    return _json_lines("userId", (f"u{n}" for n in range(USERS)))


CUSTOM: Mapping[str, Callable[[], str]] = {"interactions.csv": lambda: interactions("view", "buy"), "items.csv": items}
"""The files of a custom dataset group."""


def _category(number: int, even: str, odd: str) -> str:
    return even if number % 2 == 0 else odd


def _csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a CSV file; no value of these rows needs quotes."""
    return "".join(f"{','.join(map(str, row))}\n" for row in (header, *rows))


def _json_lines(key: str, ids: Iterable[str]) -> str:
    return "".join(f"{json.dumps({key: each})}\n" for each in ids)
