"""The metrics of user segments (docs/service/2 §9.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from personalize_gitops.emulator.models import metrics
from personalize_gitops.emulator.models.families import train
from personalize_gitops.emulator.models.log import Log, Mask, chosen_rows, read_log
from personalize_gitops.emulator.models.values import Configuration, Question, TrainingData, Use

_HIDDEN = 0.2
_SEGMENTS = 200  # items or attributes that segments are tested with


def segment_metrics(configuration: Configuration, data: TrainingData, seed: int) -> Mapping[str, float]:
    """Return how many users of a segment come to the item; of each user the newest fifth is the test."""
    log = read_log(data.interactions, configuration)
    hidden = log.ages < (log.lengths * _HIDDEN).astype(int)[log.users]
    kept = np.ones(len(data.interactions.get("USER_ID", ())), bool)
    kept[log.rows[hidden]] = False
    model = train(configuration, replace(data, interactions=chosen_rows(data.interactions, kept)))
    size = max(1, len(log.user_ids) // 100)
    matches, recalls = [], []
    for question, items in _segment_questions(configuration, data, log, hidden):
        actual = {log.user_ids[user] for user in log.users[hidden & np.isin(log.items, items)].tolist()}
        found = {result.id for result in model.answer(question).best(size)} & actual
        matches.append(len(found))
        recalls.append(len(found) / len(actual))
    asked = len(log.item_ids) / max(len({*log.item_ids, *data.items.get("ITEM_ID", ())}), 1)
    return {"coverage": asked, "hit_at_k": metrics.mean(matches), "recall_at_k": metrics.mean(recalls)}


def _segment_questions(
    configuration: Configuration, data: TrainingData, log: Log, hidden: Mask
) -> Iterator[tuple[Question, list[int]]]:
    """Yield questions with the items that they are about: the most frequent items or attributes of the test."""
    counts = np.bincount(log.items[hidden], minlength=len(log.item_ids))
    if configuration.recipe != "aws-item-attribute-affinity":
        for item in np.argsort(-counts, kind="stable")[:_SEGMENTS].tolist():
            if counts[item]:
                yield Question(item=log.item_ids[item]), [item]
        return
    position = {id_: number for number, id_ in enumerate(log.item_ids)}
    items_of: dict[tuple[str, str], list[int]] = {}
    for feature in data.item_features:
        if feature.use is Use.CATEGORICAL:
            for id_, text in zip(data.items["ITEM_ID"], data.items[feature.column], strict=True):
                for value in filter(None, text.split("|")):
                    if id_ in position:
                        items_of.setdefault((feature.column, value), []).append(position[id_])
    frequent = sorted(items_of, key=lambda pair: (-int(counts[items_of[pair]].sum()), pair))
    for pair in frequent[:_SEGMENTS]:
        if counts[items_of[pair]].sum():
            yield Question(attributes=(pair,)), items_of[pair]
