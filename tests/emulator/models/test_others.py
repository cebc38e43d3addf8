"""Popularity, trends, related items, actions and segments: each finds the structure of its data."""

from __future__ import annotations

from dataclasses import replace

import pytest

from personalize_gitops.emulator.models import Event, EventRule, Question, TrainingData, train

from .acts import ACTIONS, offers
from .worlds import COLD, DAY, START, Row, answer, columns, configured, model, share_of_taste

INTERACTIONS = "USER_ID ITEM_ID TIMESTAMP EVENT_TYPE"


def interactions(rows: list[Row]) -> TrainingData:
    return TrainingData(interactions=columns(INTERACTIONS, rows))


def test_popularity_counts_users() -> None:
    """Items rank by their distinct users, not by their interactions; results have no scores."""
    rows: list[Row] = [("u1", "often", step, "watch") for step in range(9)]
    rows += [(f"u{user}", "liked", 1, "watch") for user in range(3)]
    results = train(configured("aws-popularity-count"), interactions(rows)).answer(Question()).best(5)

    assert [(result.id, result.score) for result in results] == [("liked", None), ("often", None)]


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        ("aws-ecomm-popular-items-by-views", "viewed"),
        ("aws-ecomm-popular-items-by-purchases", "bought"),
        ("aws-vod-most-popular", "watched"),
    ],
)
def test_popularity_of_use_cases(recipe: str, expected: str) -> None:
    """Each use case counts its own event type, without regard to case."""
    kinds = {"viewed": "view", "bought": "PURCHASE", "watched": "Watch"}
    rows: list[Row] = [(f"u{user}", item, 1, kind) for item, kind in kinds.items() for user in range(5)]

    assert answer(train(configured(recipe), interactions(rows))) == [expected]


def trend(frequency: str = "2 hours") -> list[str]:
    """One item that is always there, one that came up in the last hour, one that did so in the last day."""
    rows: list[Row] = [(f"u{n % 40}", "steady", START + n * 600, "watch") for n in range(1000)]
    end = START + 999 * 600
    rows += [(f"u{n}", "hour", end - n * 120, "watch") for n in range(25)]
    rows += [(f"u{n % 30}", "day", end - 7200 - n * 1000, "watch") for n in range(75)]
    return answer(train(configured("aws-trending-now", trend_discovery_frequency=frequency), interactions(rows)))


def test_trends() -> None:
    """The item that grows comes before the popular one; the interval decides which one grows most."""
    assert trend() == ["hour", "steady", "day"]
    assert trend("1 day") == ["day", "hour", "steady"]


def test_no_recent_growth_is_answered_with_popularity() -> None:
    """Where nothing grows in the last interval, items rank by popularity."""
    rows: list[Row] = [(f"u{user}", item, START, "w") for item, users in (("a", 3), ("b", 9)) for user in range(users)]
    rows.append(("u1", "c", START + 30 * DAY, "w"))

    assert answer(train(configured("aws-vod-trending-now"), interactions(rows))) == ["c", "b", "a"]


@pytest.mark.parametrize("recipe", ["aws-sims", "aws-similar-items", "aws-vod-more-like-x"])
def test_related_items_are_of_the_same_taste(recipe: str) -> None:
    """Most items related to one are those that the same users choose; the item itself is never among them."""
    for taste in range(4):
        related = answer(model(recipe), item=f"i-{taste}-4")

        assert share_of_taste(related, taste) > 0.7
        assert f"i-{taste}-4" not in related


@pytest.mark.parametrize("recipe", ["aws-sims", "aws-similar-items", "aws-semantic-similarity"])
def test_unknown_items_are_answered_with_popularity(recipe: str) -> None:
    """An item that the model does not know gets the popular items."""
    assert answer(model(recipe), item="unknown") == answer(model("aws-popularity-count"))


@pytest.mark.parametrize("recipe", ["aws-similar-items", "aws-vod-more-like-x", "aws-semantic-similarity"])
def test_cold_items_have_neighbours_by_their_columns(recipe: str) -> None:
    """An item without interactions relates to those with the same metadata, and they to it."""
    assert share_of_taste(answer(model(recipe), item=COLD), 1) == 1
    assert COLD in answer(model(recipe), 25, item="i-1-19")


def test_sims_do_not_look_at_metadata() -> None:
    """For SIMS, a cold item has no neighbours."""
    assert answer(model("aws-sims"), item=COLD) == answer(model("aws-popularity-count"))
    assert COLD not in answer(model("aws-sims"), 100, item="i-1-1")


def together() -> TrainingData:
    """A rare pair that always comes together, and a hit that everybody has."""
    rows: list[Row] = []
    for user in range(60):
        rows.append((f"u{user}", "hit", START + user, "watch"))
        rows.append((f"u{user}", f"other{user % 5}", START + user + 1, "watch"))
        if user % 10 == 0:
            rows += [(f"u{user}", item, START + user + 2, "watch") for item in ("rare", "match")]
        if user in (1, 2):
            rows.append((f"u{user}", "seldom", START, "watch"))
    return interactions(rows)


def test_popularity_discount() -> None:
    """Without the discount the item that everybody has comes first, with it the one that goes with the item."""
    wide = {"max_item_interaction_count_percentile": "1.0", "max_user_history_length_percentile": "1.0"}
    popular, special = (
        answer(train(configured("aws-sims", popularity_discount_factor=factor, **wide), together()), item="rare")
        for factor in ("0.0", "1.0")
    )

    assert popular[0] in ("hit", "match", "other0")
    assert special[0] == "match"
    assert special.index("hit") > popular.index("hit")


def test_least_count_of_cointeractions() -> None:
    """Pairs below min_cointeraction_count are not related."""
    wide = {"max_item_interaction_count_percentile": "1.0", "max_user_history_length_percentile": "1.0"}
    loose, strict = (
        train(configured("aws-sims", min_cointeraction_count=count, **wide), together()).neighbours  # type: ignore[attr-defined]
        for count in ("0", "3")
    )

    assert strict.nnz < loose.nnz


def bought() -> TrainingData:
    """Baskets: bread and butter together, milk by the same people on other days; views that mean nothing."""
    rows: list[Row] = []
    for user in range(50):
        rows += [(f"u{user}", item, START + user * 10, "Purchase") for item in ("bread", "butter")]
        rows.append((f"u{user}", "milk", START + (user + 5) * DAY, "Purchase"))
        rows.append((f"u{user}", f"thing{user % 9}", START + (user + 5) * DAY, "Purchase"))
        rows += [(f"u{user}", item, START + user * 10, "View") for item in ("bread", "poster")]
    return interactions(rows)


def test_frequently_bought_together() -> None:
    """What is in the same basket comes first, not what the same people buy at other times or only view."""
    recipe = "aws-ecomm-frequently-bought-together"
    related = answer(train(configured(recipe), bought()), item="bread")

    assert related[0] == "butter"
    assert "poster" not in related


def test_viewed_by_the_same_customers() -> None:
    """Customers who viewed X: only views count."""
    recipe = "aws-ecomm-customers-who-viewed-x-also-viewed"

    assert answer(train(configured(recipe), bought()), item="bread") == ["poster"]


def test_influence_on_semantic_similarity() -> None:
    """POPULARITY and FRESHNESS move popular and new items up."""
    of = model("aws-semantic-similarity")
    plain, popular, fresh = (
        answer(of, 20, item="i-1-5", influence=influence) for influence in ({}, {"POPULARITY": 1.0}, {"FRESHNESS": 1.0})
    )

    assert popular.index("i-1-1") < plain.index("i-1-1")
    assert fresh.index(COLD) <= plain.index(COLD)


ACTING = "aws-next-best-action"


def test_actions_by_traits() -> None:
    """The action that users of a taste take comes first for them; scores are likelihoods."""
    of = train(configured(ACTING), offers())
    first = {user: of.answer(Question(user=user)).best(5) for user in ("u-0-0", "u-1-1", "u-0-4", "u-1-5")}

    assert [results[0].id for results in first.values()] == [f"for-taste-{user[2]}" for user in first]
    assert all(0 <= (result.score or 0) <= 1 for results in first.values() for result in results)


def test_actions_without_enough_interactions() -> None:
    """Actions without 50 interactions of each kind score 0; the higher VALUE comes first (docs/service/1 §13.10)."""
    results = train(configured(ACTING), offers()).answer(Question(user="u-0-0")).best(5)

    assert [(result.id, result.score) for result in results[3:]] == [("unknown-high", 0.0), ("unknown-low", 0.0)]

    none = train(configured(ACTING), replace(offers(), action_interactions={}))
    found = none.answer(Question(user="u-0-0")).best(9)

    assert [result.id for result in found] == [name for name, _ in sorted(ACTIONS, key=lambda action: -action[1])]
    assert {result.score for result in found} == {0.0}


def test_new_action_interactions_count_at_once() -> None:
    """An action that a user refuses again and again becomes less likely."""
    of = train(configured(ACTING), offers())
    refused = [Event("for-taste-0", "Not Taken", START + 20 * DAY)] * 9

    before, after = (
        {result.id: result.score or 0 for result in of.answer(Question(user="u-0-0", events=events))}
        for events in ((), refused)
    )

    assert after["for-taste-0"] < before["for-taste-0"] - 0.2


def test_expired_and_repeated_actions() -> None:
    """An expired action is left out, and one that was just taken until its REPEAT_FREQUENCY is over."""
    data = offers()
    actions = {
        **data.actions,
        "EXPIRATION_TIMESTAMP": ["", "", "100", "", ""],
        "REPEAT_FREQUENCY": ["3", "", "", "", ""],
    }
    of = train(configured(ACTING), replace(data, actions=actions))
    taken = [Event("for-taste-0", "Taken", START + 30 * DAY)]

    soon, later = (answer(of, user="u-0-0", events=taken, now=START + day * DAY) for day in (32, 34))

    assert {"for-taste-0", "for-all"}.isdisjoint(soon)
    assert "for-taste-0" in later
    assert "for-all" not in later


def test_item_affinity() -> None:
    """The users of an item's segment are of its taste."""
    for taste in range(4):
        assert share_of_taste(answer(model("aws-item-affinity"), 15, item=f"i-{taste}-4"), taste) == 1
    assert answer(model("aws-item-affinity"), item="unknown") == []


def test_attribute_affinity() -> None:
    """The users of an attribute's segment choose items that have it; all attributes must hold for the same item."""
    of = model("aws-item-attribute-affinity")

    assert share_of_taste(answer(of, 15, attributes=(("genre", "genre2"),)), 2) == 1
    assert share_of_taste(answer(of, 15, attributes=(("GENRE", "genre2"), ("PRICE", "21.0"))), 2) == 1
    assert answer(of, attributes=(("GENRE", "genre2"), ("PRICE", "1"))) == []
    assert answer(of, attributes=(("COLOR", "red"),)) == []


def test_event_rules_reach_every_family() -> None:
    """A configuration's event types replace those of the use case."""
    of = train(configured("aws-vod-most-popular", events=(EventRule("like"),)), interactions([("u", "a", 1, "like")]))

    assert answer(of) == ["a"]
