"""Data of any size gives the same model: columns as numbers or as texts, all items at once or in blocks."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from personalize_gitops.emulator.data.columns import Rows
from personalize_gitops.emulator.models import Columns, EventRule, TrainingData, measure, train
from personalize_gitops.emulator.models.log import read_log
from personalize_gitops.emulator.models.parts import transitions

from .worlds import configured, tastes

RULES = (EventRule("watch", threshold=3.0), EventRule("*", weight=0.5))


def in_numbers(columns: Columns) -> Columns:
    """The same table as imports keep it."""
    rows = Rows.of(zip(*columns.values(), strict=True), len(columns))
    return {name: rows.column(number) for number, name in enumerate(columns)}


def with_values(data: TrainingData) -> TrainingData:
    """Some interactions have a value, some of them one below the threshold."""
    count = len(data.interactions["ITEM_ID"])
    values = [("", "2.5", "3", "4.5")[number % 4] for number in range(count)]
    return replace(data, interactions={**data.interactions, "EVENT_VALUE": values})


@pytest.mark.parametrize("rules", [(), RULES])
@pytest.mark.parametrize("recipe", ["aws-user-personalization", "aws-similar-items", "aws-trending-now"])
def test_columns_as_they_are_imported(recipe: str, rules: tuple[EventRule, ...]) -> None:
    """Columns of numbers give the bytes and the metrics that columns of texts give."""
    configuration = replace(configured(recipe), events=rules)
    data = with_values(tastes())
    imported = replace(data, interactions=in_numbers(data.interactions), items=in_numbers(data.items))

    assert train(configuration, imported).to_bytes() == train(configuration, data).to_bytes()
    assert measure(configuration, imported) == measure(configuration, data)


@pytest.mark.parametrize("block", [1, 7, 100, 5_000])
def test_transitions_in_blocks(block: int) -> None:
    """The size of the blocks changes no bit, with users and items in any order."""
    chance = random.Random(3)  # noqa: S311 - the same rows each time
    rows = [(f"u{chance.randrange(40)}", f"i{chance.randrange(60)}", str(1_000 + n)) for n in range(3_000)]
    table = dict(zip(("USER_ID", "ITEM_ID", "TIMESTAMP"), map(list, zip(*rows, strict=True)), strict=True))
    log = read_log(table, configured("aws-user-personalization"), items=["never"])

    whole, parts = transitions(log, 20, 15), transitions(log, 20, 15, block)

    for name in ("data", "indices", "indptr"):
        assert getattr(whole, name).tobytes() == getattr(parts, name).tobytes()
