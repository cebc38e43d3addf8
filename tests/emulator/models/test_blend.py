"""The blend: personal recommendations, rankings of lists, exploration and what configures it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from personalize_gitops.emulator.models import Event, EventRule, Exploration, Feature, Objective, Question, Use, train

from .worlds import (
    COLD,
    DAY,
    ITEMS_OF_TASTE,
    START,
    TASTES,
    USERS,
    answer,
    columns,
    configured,
    model,
    share_of_taste,
    tastes,
    without_metadata,
)

RECIPE = "aws-user-personalization"
V2 = "aws-user-personalization-v2"
RANKING = "aws-personalized-ranking"
WATCHED = [Event(f"i-3-{number}", "watch", START + 20 * DAY) for number in range(3)]


@pytest.mark.parametrize("recipe", [RECIPE, V2, "aws-hrnn", "aws-vod-top-picks", "aws-ecomm-recommended-for-you"])
def test_users_get_their_taste(recipe: str) -> None:
    """Most of what a user gets is of the taste of what the user has chosen, with and without metadata."""
    for data in (tastes(), without_metadata(tastes())):
        of = train(configured(recipe), data)

        shares = [share_of_taste(answer(of, user=f"u-{user % TASTES}-{user}"), user % TASTES) for user in range(40)]

        assert sum(shares) / len(shares) > 0.6


def test_scores_of_all_items_sum_to_one() -> None:
    """Scores are a softmax over the catalogue: each between 0 and 1, descending, with the sum 1."""
    scores = [result.score for result in model(RECIPE).answer(Question(user="u-1-1"))]

    assert all(score is not None and 0 <= score <= 1 for score in scores)
    assert scores == sorted(scores, key=lambda score: -(score or 0))
    assert sum(score or 0 for score in scores) == pytest.approx(1)
    assert len(scores) == TASTES * ITEMS_OF_TASTE + 1


def test_events_after_the_training_count_at_once() -> None:
    """Three events turn the list of a user, and make that of an unknown user or session personal."""
    of = model(RECIPE)

    before, after = (share_of_taste(answer(of, user="u-1-1", events=events), 3) for events in ((), WATCHED))
    nobody, visitor = (share_of_taste(answer(of, user="nobody", events=events), 3) for events in ((), WATCHED))

    assert after > before
    assert visitor > max(nobody, 0.5)


def test_events_of_unknown_items_change_nothing() -> None:
    """An item that the training did not know cannot be learned from."""
    of = model(RECIPE)

    assert answer(of, user="u-1-1", events=[Event("new", "watch", START)]) == answer(of, user="u-1-1")


def test_unknown_users_get_what_is_popular() -> None:
    """Without history, events and metadata, the order is that of popularity."""
    popular = answer(model("aws-popularity-count"), user="nobody")

    assert set(answer(model(RECIPE), 5, user="nobody")) <= set(popular)


def test_metadata_of_a_new_user_counts() -> None:
    """A user of the Users dataset without interactions gets what users with the same metadata choose."""
    assert share_of_taste(answer(model(RECIPE), user="u-2-new"), 2) > 0.5


def test_filters_go_through_all_items() -> None:
    """A filter that few items pass still gets a full answer, in the same order."""
    of = model(RECIPE)
    everything = [result.id for result in of.answer(Question(user="u-1-1"))]

    kept = of.answer(Question(user="u-1-1")).best(3, lambda ids: {id_ for id_ in ids if id_.endswith("-17")})

    assert [result.id for result in kept] == [id_ for id_ in everything if id_.endswith("-17")][:3]


def test_ranking_of_a_list() -> None:
    """Scores of a ranked list sum to 1 over the list; unknown items and items without interactions follow unscored."""
    asked = ["unknown", "i-0-6", "i-1-6", COLD, "i-1-7"]

    ranked = model(RANKING).answer(Question(user="u-1-1", among=asked)).best(10)

    assert {result.id for result in ranked[:2]} == {"i-1-6", "i-1-7"}
    assert [result.id for result in ranked[3:]] == ["unknown", COLD]
    assert sum(result.score for result in ranked[:3] if result.score is not None) == pytest.approx(1)
    assert [result.score for result in ranked[3:]] == [None, None]


def test_coldstart_answers_new_items_only() -> None:
    """aws-hrnn-coldstart never answers with what the user has interacted with."""
    data = tastes()
    seen = {
        item
        for user, item in zip(data.interactions["USER_ID"], data.interactions["ITEM_ID"], strict=True)
        if user == "u-1-1"
    }

    answered = {result.id for result in model("aws-hrnn-coldstart").answer(Question(user="u-1-1"))}

    assert len(answered) == TASTES * ITEMS_OF_TASTE + 1 - len(seen)
    assert not answered & seen


def explored(weight: float, cut_off: float = 30.0, user: str = "u-1-1") -> list[str]:
    question = Question(user=user, exploration=Exploration(weight, cut_off))
    return [result.id for result in model(RECIPE).answer(question).best(40) if result.explored]


def test_exploration_brings_new_items() -> None:
    """Exploration puts the cold item among the first results; more with a greater weight, none with 0."""
    assert explored(0.0) == []
    assert COLD in explored(0.3)
    assert len(explored(1.0)) > len(explored(0.3))


def test_old_items_are_not_explored() -> None:
    """Items older than the cut-off are not explored."""
    young = explored(1.0, cut_off=3.0)

    assert set(young) <= {COLD}


def test_items_of_an_automatic_update_are_explored() -> None:
    """A new item can be added to a trained model, by its metadata alone."""
    new = columns("ITEM_ID GENRE CREATION_TIMESTAMP", [("i-1-new", "genre1", START + 13 * DAY)])
    extended = train(configured(RECIPE), tastes()).with_items(new)  # type: ignore[attr-defined]

    question = Question(user="u-1-1", exploration=Exploration(0.3))
    found = [result.id for result in extended.answer(question).best(40) if result.explored]

    assert "i-1-new" in found


def test_event_weights() -> None:
    """Events with the weight 0 and types that are not listed teach nothing; the threshold excludes low values."""
    data = tastes()
    kinds = ["like" if item.startswith("i-2") else "view" for item in data.interactions["ITEM_ID"]]
    typed = replace(data, interactions={**data.interactions, "EVENT_TYPE": kinds})

    liked = answer(train(configured("aws-popularity-count", events=(EventRule("LIKE"),)), typed), 30)
    high = train(configured("aws-popularity-count", events=(EventRule("watch", 4),)), data)
    weighed = train(configured(V2, events=(EventRule("like", weight=1.0), EventRule("view", weight=0.01))), typed)

    assert share_of_taste(liked, 2) == 1
    assert sum(high.users) < sum(model("aws-popularity-count").users)  # type: ignore[attr-defined]
    assert share_of_taste(answer(weighed, user="nobody"), 2) >= share_of_taste(answer(model(V2), user="nobody"), 2)


def test_the_objective_lifts_rewarding_items() -> None:
    """With an objective, items with a high value come earlier; the more sensitive, the earlier. OFF changes nothing."""
    plain = answer(model(RECIPE), 80, user="u-1-1")
    ranks = []
    for sensitivity in ("OFF", "LOW", "MEDIUM", "HIGH"):
        of = train(configured(RECIPE, objective=Objective("PRICE", sensitivity)), tastes())
        order = answer(of, 80, user="u-1-1")
        ranks.append(sum(rank for rank, id_ in enumerate(order) if id_.startswith("i-3")))
        assert sensitivity != "OFF" or order == plain

    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] > ranks[-1]


def test_contextual_metadata() -> None:
    """A context that goes with a taste lifts the items of this taste."""
    data = without_metadata(tastes())
    devices = [f"device{item.split('-')[1]}" for item in data.interactions["ITEM_ID"]]
    with_device = replace(
        data,
        interactions={**data.interactions, "DEVICE": devices},
        context_features=(Feature("DEVICE", Use.CATEGORICAL),),
    )
    of = train(configured(RECIPE), with_device)

    assert share_of_taste(answer(of, user="nobody", context={"DEVICE": "device3"}), 3) > 0.5
    assert answer(of, user="u-1-1", context={"DEVICE": "unknown"}) == answer(of, user="u-1-1")


@pytest.mark.parametrize("parameter", ["apply_recency_bias", "recency_mask"])
def test_without_recency_old_interactions_count_alike(parameter: str) -> None:
    """Without the recency bias, the order of a history changes nothing."""
    recipe = V2 if parameter == "apply_recency_bias" else RECIPE
    events = [Event(f"i-{number % 2}-{number}", "watch", START + number) for number in range(8)]

    biased, even = (
        train(configured(recipe, **{parameter: value}), without_metadata(tastes())) for value in ("true", "false")
    )

    assert answer(even, events=events) == answer(even, events=events[::-1])
    assert answer(biased, events=events) != answer(biased, events=events[::-1])


def test_long_histories_are_left_out() -> None:
    """Users above the percentile of the longest histories, such as bots, do not train the model."""
    data = without_metadata(tastes())
    bot = [("bot", f"i-{number % 2 * 3}-{number // 2 % 20}", START + number, "watch", 1) for number in range(2000)]
    more = columns("USER_ID ITEM_ID TIMESTAMP EVENT_TYPE EVENT_VALUE", bot)
    with_bot = replace(data, interactions={name: [*data.interactions[name], *more[name]] for name in more})

    learned = [
        train(configured(RECIPE, max_user_history_length_percentile=most), with_bot).sources.popular.tolist()  # type: ignore[attr-defined]
        for most in ("0.99", "1.0")
    ]
    without = train(configured(RECIPE), data).sources.popular.tolist()  # type: ignore[attr-defined]

    assert learned[0] == without
    assert learned[1] != without
    assert USERS == 120


def test_what_was_seen_comes_last_where_nobody_repeats() -> None:
    """Items of a history, however long, come last if no user comes back to an item; they come first if users do."""
    random = Random(3)  # noqa: S311
    once = {f"u{user}": random.sample(range(330), 300) for user in range(30)}
    again = {user: items[:30] * 10 for user, items in once.items()}

    shares = []
    for chosen in (once, again):
        rows = [
            (user, f"i{item}", START + n, "watch", 1) for user, items in chosen.items() for n, item in enumerate(items)
        ]
        table = columns("USER_ID ITEM_ID TIMESTAMP EVENT_TYPE EVENT_VALUE", rows)
        of = train(configured(RECIPE), replace(without_metadata(tastes()), interactions=table))
        seen = {f"i{item}" for item in chosen["u3"]}
        shares.append(sum(item in seen for item in answer(of, 25, user="u3")) / 25)

    assert shares == [0, 1]
