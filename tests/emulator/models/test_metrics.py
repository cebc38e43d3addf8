"""The definitions of the metrics, by the worked examples of the guide (docs/service/2 §9.3), and the split."""

from __future__ import annotations

from statistics import fmean

import pytest

from personalize_gitops.emulator.models import Objective, measure, metrics
from personalize_gitops.emulator.models.splitting import held_out_users, split

from .acts import offers
from .worlds import LENGTH, USERS, configured, tastes


def hits(*positions: int, size: int = 25) -> list[bool]:
    return [position in positions for position in range(1, size + 1)]


def test_reciprocal_rank() -> None:
    """Best hits at ranks 4, 2 and 6: (1/4 + 1/2 + 1/6) / 3. Lower hits are ignored."""
    found = [metrics.reciprocal_rank(hits(*best), 25) for best in ((4, 9), (2,), (6, 7))]

    assert fmean(found) == pytest.approx(0.3056, abs=5e-5)
    assert metrics.reciprocal_rank(hits(), 25) == 0


def test_precision() -> None:
    """Three of ten recommended items are relevant."""
    assert metrics.precision(hits(1, 5, 10), 10) == pytest.approx(0.30)


def test_the_example_of_one_user() -> None:
    """Hits at positions 2 and 5 of 5: reciprocal rank .5, NDCG .6241, precision .4."""
    found = hits(2, 5, size=5)

    assert metrics.reciprocal_rank(found, 25) == pytest.approx(0.5)
    assert metrics.discounted_gain(found, 5, 2) == pytest.approx(0.6241, abs=5e-5)
    assert metrics.precision(found, 5) == pytest.approx(0.4)


def test_the_best_list_has_the_gain_one() -> None:
    """A list that has all relevant items first is perfect, also with more of them than places."""
    assert metrics.discounted_gain(hits(1, 2, 3), 25, 3) == pytest.approx(1)
    assert metrics.discounted_gain(hits(*range(1, 6)), 5, 9) == pytest.approx(1)


def test_precision_and_recall_of_an_action() -> None:
    """Recommended to 100 users of whom 60 took it: .60. Taken by 100, predicted for 50 of them: .50."""
    users = [f"u{number}" for number in range(150)]

    assert metrics.precision_of_action(users[:100], users[:60]) == pytest.approx(0.60)
    assert metrics.recall_of_action(users[:50], users[:100]) == pytest.approx(0.50)


def test_area_under_the_curve() -> None:
    """1 if every taken action scores higher than every other one, .5 for a guess."""
    assert metrics.area_under_curve([0.9, 0.8], [0.1, 0.2]) == 1
    assert metrics.area_under_curve([0.5], [0.5]) == 0.5
    assert metrics.area_under_curve([0.3, 0.1], [0.2]) == 0.5


def test_trend_accuracy() -> None:
    """The growth of the recommended items ÷ that of those which grow most."""
    growth = {"a": 6.0, "b": 3.0, "c": 1.0, "d": -5.0}

    assert metrics.trend_accuracy(["b", "d"], growth, 2) == pytest.approx(3 / 9)
    assert metrics.trend_accuracy(["d"], growth, 2) == 0
    assert metrics.trend_accuracy(["a"], {}, 2) == 0


def test_rewards() -> None:
    """The reward from the items of the highest reward ÷ that from all recommended items."""
    rewards = {"a": 10.0, "b": 5.0, "c": 1.0}

    assert metrics.average_rewards(["c", "b", "a"], {"a", "c"}, rewards, 2) == pytest.approx(10 / 11)


def test_a_tenth_of_the_users_is_tested() -> None:
    """Test users keep the oldest nine tenths of their interactions for the model to see; the others train it."""
    rest, tested = split(configured("aws-user-personalization"), tastes())

    assert len(tested) == USERS // 10
    assert {each.user for each in tested}.isdisjoint(rest.interactions["USER_ID"])
    assert all((len(each.seen), len(each.wanted)) == (LENGTH - 2, 2) for each in tested)
    assert all(each.seen[-1].time <= each.hidden[0].time for each in tested)


def test_the_seed_decides_who_is_tested() -> None:
    """Different seeds test different users, the same seed the same ones."""
    users = [f"u{number}" for number in range(50)]

    assert held_out_users(users, 1) == held_out_users(users[::-1], 1)
    assert held_out_users(users, 1) != held_out_users(users, 2)


def test_personal_recommendations_beat_popularity() -> None:
    """On data with tastes, the blend is better than the guide's baseline."""
    name = "normalized_discounted_cumulative_gain_at_25"
    personal, popular = (
        measure(configured(f"aws-{r}"), tastes())[name] for r in ("user-personalization", "popularity-count")
    )

    assert personal > 1.5 * popular


@pytest.mark.parametrize(
    ("recipe", "names"),
    [
        ("aws-trending-now", {"coverage", "trend_prediction_accuracy"}),
        ("aws-item-affinity", {"coverage", "hit_at_k", "recall_at_k"}),
        ("aws-item-attribute-affinity", {"coverage", "hit_at_k", "recall_at_k"}),
    ],
)
def test_names_of_special_metrics(recipe: str, names: set[str]) -> None:
    """Trends and segments have metrics of their own."""
    assert measure(configured(recipe), tastes()).keys() == names


def test_metrics_of_actions() -> None:
    """The model tells the taken actions from the others better than a guess."""
    found = measure(configured("aws-next-best-action"), offers())

    assert found["area_under_curve"] > 0.7
    assert {"precision", "recall", "normalized_discounted_cumulative_gain_at_5"} <= found.keys()


def test_metrics_of_an_objective() -> None:
    """A solution with an objective has average_rewards_at_k too."""
    found = measure(configured("aws-user-personalization", objective=Objective("PRICE", "LOW")), tastes())

    assert 0 < found["average_rewards_at_k"] <= 1
