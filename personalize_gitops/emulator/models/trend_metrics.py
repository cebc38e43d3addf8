"""The metrics of trending items (docs/service/2 §9.2)."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from personalize_gitops.emulator.models import metrics, trending
from personalize_gitops.emulator.models.families import train
from personalize_gitops.emulator.models.log import read_log
from personalize_gitops.emulator.models.splitting import held_out_users, without_users
from personalize_gitops.emulator.models.values import Configuration, Question, TrainingData

_LIST = 25


def trend_metrics(configuration: Configuration, data: TrainingData, seed: int) -> Mapping[str, float]:
    """Return how much of the growth among the test users is that of the recommended items."""
    log = read_log(data.interactions, configuration)
    chosen = held_out_users(log.user_ids, seed)
    model = train(configuration, replace(data, interactions=without_users(data.interactions, chosen)))
    items = [result.id for result in model.answer(Question()).best(_LIST)]
    tested = np.array([user in chosen for user in log.user_ids], bool)[log.users]
    now, before = trending.counts(log, trending.interval_of(configuration), tested)
    growth = dict(zip(log.item_ids, (now - before).astype(float).tolist(), strict=True))
    coverage = len(items) / max(len({*log.item_ids, *data.items.get("ITEM_ID", ())}), 1)
    return {"coverage": coverage, "trend_prediction_accuracy": metrics.trend_accuracy(items, growth, _LIST)}
