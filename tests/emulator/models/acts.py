"""Generated data of actions: one that young users take, one that old users take, one that everybody may take."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

from personalize_gitops.emulator.models import TrainingData

from .worlds import DAY, START, USERS, Row, columns, tastes

ACTIONS = (("for-taste-0", 1), ("for-taste-1", 2), ("for-all", 5), ("unknown-low", 3), ("unknown-high", 9))


@cache
def offers() -> TrainingData:
    """The tastes with actions and who took them; nobody saw the unknown ones."""
    random = Random(3)  # noqa: S311
    rows: list[Row] = []
    for user in range(USERS):
        taste = user % 4
        for step, (action, _) in enumerate(ACTIONS[:3] * 7):
            likely = {"for-taste-0": 0.9 if taste == 0 else 0.1, "for-taste-1": 0.9 if taste == 1 else 0.1}
            took = random.random() < likely.get(action, 0.5)
            kind = "TAKEN" if took else "NOT_TAKEN" if step % 2 else "Viewed"
            rows.append((f"u-{taste}-{user}", action, START + step * DAY, kind))
    return replace(
        tastes(),
        actions=columns("ACTION_ID VALUE", ACTIONS),
        action_interactions=columns("USER_ID ACTION_ID TIMESTAMP EVENT_TYPE", rows),
    )
