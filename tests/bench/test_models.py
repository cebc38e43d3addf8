"""The models on real data: how good their lists are, how long they train and answer, beside popularity and ALS."""

from __future__ import annotations

import resource
from collections.abc import Callable, Sequence
from functools import cache
from statistics import fmean
from typing import Any

import pytest

from personalize_gitops.emulator.models import Question, TrainingData, train
from personalize_gitops.emulator.models.evaluation import ranking_metrics, recommended
from personalize_gitops.emulator.models.log import read_log
from personalize_gitops.emulator.models.neighbours import groups_of
from personalize_gitops.emulator.models.splitting import Trial, split
from tests.support.datasets import defaults, groceries, movielens

PERSONAL, POPULAR = "aws-user-personalization", "aws-popularity-count"
GAIN = "normalized_discounted_cumulative_gain_at_25"

Split = tuple[TrainingData, Sequence[Trial]]


@cache
def splits(name: str) -> list[Split]:
    """The splits that a set is measured with: five of MovieLens, one of the groceries."""
    data, seeds = (movielens(), 5) if name == "movielens" else (groceries(), 1)
    return [split(defaults(PERSONAL), data, seed) for seed in range(seeds)]


@pytest.mark.benchmark(group="training")
@pytest.mark.parametrize("name", ["movielens", "groceries"])
def test_quality(benchmark: Any, tell: Callable[[str], None], name: str) -> None:
    """The gain of the first 25 results of each model, and the time of one training."""
    found = {recipe: [quality(recipe, one) for one in splits(name)] for recipe in (POPULAR, PERSONAL)}
    factors = [als(*one) for one in splits(name)]
    rows = {recipe: fmean(values) for recipe, values in found.items()}
    if None not in factors:
        rows["implicit, ALS with 64 factors"] = fmean(value for value in factors if value is not None)

    benchmark.pedantic(lambda: train(defaults(PERSONAL), splits(name)[0][0]), rounds=1)

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    tell("\n".join([f"{name}: {GAIN}, process {most:.1f} GB", *(f"  {k:32} {v:.3f}" for k, v in rows.items())]))


@pytest.mark.benchmark(group="one answer")
@pytest.mark.parametrize("name", ["movielens", "groceries"])
def test_answers(benchmark: Any, name: str) -> None:
    """25 results for one user, of which a filter keeps every second item."""
    rest, _ = splits(name)[0]
    model = train(defaults(PERSONAL), rest)
    users = sorted(set(rest.interactions["USER_ID"]))
    kept = {id_ for number, id_ in enumerate(sorted(set(rest.interactions["ITEM_ID"]))) if number % 2}
    numbers = iter(range(1_000_000))

    benchmark.pedantic(
        lambda: model.answer(Question(user=users[next(numbers) % len(users)])).best(25, kept.intersection),
        rounds=500,
        warmup_rounds=5,
    )


def quality(recipe: str, one: Split) -> float:
    """The gain of a recipe on one split."""
    rest, tested = one
    model = train(defaults(recipe), rest)
    return ranking_metrics([recommended(model, defaults(recipe), each) for each in tested], tested)[GAIN]


def als(rest: TrainingData, tested: Sequence[Trial]) -> float | None:
    """The gain of matrix factorization by the library implicit; None where it is not installed."""
    try:
        from implicit.als import AlternatingLeastSquares
    except ImportError:
        return None
    import scipy.sparse as sp
    from threadpoolctl import threadpool_limits

    log = read_log(rest.interactions, defaults(PERSONAL))
    with threadpool_limits(1, "blas"):  # it has threads of its own
        model = AlternatingLeastSquares(64, regularization=0.05, alpha=10, iterations=15, random_state=0, num_threads=2)
        model.fit(groups_of(log, log.users), show_progress=False)
    position = {id_: number for number, id_ in enumerate(log.item_ids)}
    lists = []
    for each in tested:
        seen = sorted({position[event.item] for event in each.seen if event.item in position})
        row = sp.csr_matrix(([1.0] * len(seen), ([0] * len(seen), seen)), shape=(1, len(log.item_ids)))
        repeats = len(log.item_ids) > 10_000  # groceries are bought again, films are not watched again
        items, _ = model.recommend(0, row, 25, filter_already_liked_items=not repeats, recalculate_user=True)
        lists.append([log.item_ids[item] for item in items])
    return ranking_metrics(lists, tested)[GAIN]
