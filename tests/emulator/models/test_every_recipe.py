"""What holds for the models of all recipes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from personalize_gitops.catalog.recipes import RECIPES
from personalize_gitops.emulator.models import (
    FAMILIES,
    Event,
    Exploration,
    Question,
    TrainingData,
    load,
    measure,
    train,
)

from .acts import offers
from .worlds import START, configured, model, tastes

QUESTIONS = (
    Question(user="u-1-1"),
    Question(user="u-1-1", exploration=Exploration(1.0)),
    Question(user="nobody", events=[Event("i-2-3", "watch", START)]),
    Question(item="i-1-0"),
    Question(item="nothing"),
    Question(user="u-1-1", among=["i-1-5", "i-0-5", "nothing"]),
    Question(attributes=(("GENRE", "genre1"),)),
    Question(),
)


def test_every_recipe_has_a_family() -> None:
    """The table of families names the recipes of the catalog, and no others."""
    assert FAMILIES.keys() == RECIPES.keys()


def data_for(recipe: str) -> TrainingData:
    """The tastes, with the event types that a use case learns from; for actions, the offers."""
    if recipe == "aws-next-best-action":
        return offers()
    events = FAMILIES[recipe].events
    data = tastes()
    return replace(data, interactions={**data.interactions, "EVENT_TYPE": [*events, "watch"][:1] * 1680})


@pytest.mark.parametrize("recipe", FAMILIES)
def test_saved_models_answer_alike(recipe: str) -> None:
    """A model from its bytes gives the same answers, with the same scores, and the same bytes."""
    first = train(configured(recipe), data_for(recipe))

    second = load(recipe, first.to_bytes())

    assert second.to_bytes() == first.to_bytes()
    for question in QUESTIONS:
        assert list(second.answer(question)) == list(first.answer(question))


@pytest.mark.parametrize("recipe", FAMILIES)
def test_the_same_data_gives_the_same_bytes(recipe: str) -> None:
    """Two trainings on equal data are equal bit for bit."""
    first, second = (train(configured(recipe), data_for(recipe)).to_bytes() for _ in range(2))

    assert first == second


@pytest.mark.parametrize("recipe", FAMILIES)
def test_no_data_is_no_error(recipe: str) -> None:
    """A training on nothing gives a model without results, and metrics of 0."""
    empty = train(configured(recipe), TrainingData())

    assert [list(empty.answer(question)) for question in QUESTIONS if question.among is None] == [[]] * 7
    assert set(measure(configured(recipe), TrainingData()).values()) <= {0.0}


@pytest.mark.parametrize("recipe", FAMILIES)
def test_metrics_are_shares(recipe: str) -> None:
    """The metrics of a recipe lie between 0 and 1 and do not change; only hit_at_k is a count."""
    first, second = (measure(configured(recipe), data_for(recipe)) for _ in range(2))

    assert first == second
    assert all(0 <= value <= 1 for name, value in first.items() if name != "hit_at_k")
    assert first["coverage"] > 0


def test_damaged_bytes_are_refused() -> None:
    """What is not the bytes of a model is a ValueError."""
    content = model("aws-popularity-count").to_bytes()

    for damaged in (b"", b"text", content[: len(content) // 2]):
        with pytest.raises(ValueError, match=r"."):
            load("aws-popularity-count", damaged)
