"""Recommendations in real time (docs/service/2 §10, docs/service/4 §6.2)."""

import json
from pathlib import Path
from typing import Any

import pytest

from personalize_gitops.emulator import Emulator

from .account import RECIPE
from .asking import QUOTAS, Cinema
from .clock import Clock
from .refusals import refusal

PAST = 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")'


def _even(items: list[str]) -> float:
    """The share of comedies."""
    return sum(int(item[1:]) % 2 == 0 for item in items) / len(items)


def test_users_get_what_suits_them(cinema: Cinema) -> None:
    """A user gets items of the kind that the user watches, 25 by default; an unknown user what is popular."""
    for name in ("v1", "v2"):
        items = cinema.items(name, userId="u2")
        assert (len(items), len(set(items))) == (25, 25)
        assert _even(items[:10]) > 0.8
        assert _even(cinema.items(name, userId="u3", numResults=10)) < 0.2
        assert len(cinema.items(name, userId="nobody", numResults=3)) == 3


@pytest.mark.parametrize("name", ["v1", "v2", "popular", "related", "top", "trending", "like"])
def test_scores_and_reasons(cinema: Cinema, name: str) -> None:
    """Only some recipes give scores, from 0 to 1 over the catalogue; only v2 gives reasons (docs/service/2 §10.3)."""
    found = cinema.ask(name, userId="u1", itemId="f2", numResults=40)

    scores = [each["score"] for each in found if "score" in each]
    assert bool(scores) == (name in ("v1", "v2"))
    assert not scores or (min(scores) > 0 and sum(scores) == pytest.approx(1))
    assert all(("reason" in each) == (name == "v2") for each in found)


def test_related_items(cinema: Cinema) -> None:
    """A related-items recipe needs an item, and does not return that item."""
    assert "f2" not in cinema.items("related", itemId="f2", numResults=40)
    assert len(cinema.items("related", itemId="unknown")) == 25
    assert cinema.refused("related", userId="u1") == ("InvalidInput", "itemId is required by recipe aws-similar-items.")


def test_rankings(cinema: Cinema) -> None:
    """A ranking has the items of the list, those for the user first; scores sum to 1, unknown items are last."""
    found = cinema.rank(["new", "f1", "f2", "f3", "f4"], user="u3")

    assert {each["itemId"] for each in found[:2]} == {"f1", "f3"}
    assert sum(each.get("score", 0) for each in found) == pytest.approx(1)
    assert found[-1] == {"itemId": "new"}


def test_actions(cinema: Cinema) -> None:
    """Actions have scores; five by default, at most one hundred."""
    assert len(cinema.act()) == 5
    assert all(set(each) == {"actionId", "score"} for each in cinema.act(numResults=9))


def test_actions_expire(cinema: Cinema) -> None:
    """An action is not recommended after its expiration (docs/service/1 §8.4)."""
    assert "a8" in {each["actionId"] for each in cinema.act(numResults=9)}

    cinema.clock.time = cinema.expires + 1

    assert {each["actionId"] for each in cinema.act(numResults=9)} == {f"a{n}" for n in range(8)}


def test_one_answer_one_id(cinema: Cinema) -> None:
    """Every answer has a recommendation id of its own, with 40 characters."""
    ids = {cinema.runtime.get_recommendations(**cinema.request("v2", userId="u"))["recommendationId"] for _ in "abc"}

    assert [(len(each), each[:4]) for each in ids] == [(40, "RID-")] * 3


@pytest.mark.parametrize(
    ("name", "more", "words"),
    [
        ("v2", {}, "userId is required"),
        ("v2", {"userId": ""}, "userId is required"),
        ("v2", {"userId": "u1", "numResults": 501}, "at most 500"),
        ("v2", {"userId": "u1", "numResults": 51, "metadataColumns": {"ITEMS": ["TITLE"]}}, "at most 50"),
        ("v2", {"userId": "u1", "metadataColumns": {"USERS": ["AGE"]}}, "ITEMS only"),
        ("v2", {"userId": "u1", "metadataColumns": {"ITEMS": ["WINGS"]}}, "WINGS"),
        ("v2", {"userId": "u1", "metadataColumns": {"ITEMS": ["TITLE"] * 11}}, "at most 10 columns"),
        ("popular", {"metadataColumns": {"ITEMS": ["TITLE"]}}, "enableMetadataWithRecommendations"),
        ("v2", {"userId": "u1", "context": {"WINGS": "2"}}, "WINGS"),
        ("v2", {"userId": "u1", "filterValues": {"A": "1"}}, "filterArn"),
        ("like", {"itemId": "f1"}, "userId is required"),
        ("like", {"userId": "u1"}, "itemId is required"),
        ("ranking", {"userId": "u1"}, "GetPersonalizedRanking"),
        ("actions", {"userId": "u1"}, "GetActionRecommendations"),
    ],
)
def test_refused_requests(cinema: Cinema, name: str, more: dict[str, Any], words: str) -> None:
    """A request that does not fit its campaign or recommender is invalid, and the message says why."""
    code, message = cinema.refused(name, **more)

    assert (code, words in message) == ("InvalidInput", True), message


def test_targets(cinema: Cinema) -> None:
    """Exactly one target is needed, and the recipe decides which operation answers for it."""
    runtime, both = cinema.runtime, {**cinema.request("v2"), **cinema.request("top")}
    campaign = {"campaignArn": cinema.arns["v2"], "userId": "u1"}

    assert refusal(runtime.get_recommendations, userId="u1")[0] == "InvalidInput"
    assert refusal(runtime.get_recommendations, **both)[0] == "InvalidInput"
    assert refusal(runtime.get_recommendations, campaignArn=f"{cinema.arns['v2']}x")[0] == "ResourceNotFound"
    assert refusal(runtime.get_personalized_ranking, **campaign, inputList=["f1"])[0] == "InvalidInput"
    assert refusal(runtime.get_action_recommendations, **campaign)[0] == "InvalidInput"
    assert refusal(runtime.get_action_recommendations, userId="u1")[0] == "InvalidInput"


@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (500, True), (501, False)])
def test_length_of_the_list(cinema: Cinema, count: int, fits: bool) -> None:
    """A list to rank has from 1 to 500 items (docs/service/3 §13.3)."""
    request = {"campaignArn": cinema.arns["ranking"], "userId": "u1", "inputList": [f"f{n}" for n in range(count)]}

    if fits:
        assert len(cinema.runtime.get_personalized_ranking(**request)["personalizedRanking"]) == count
    else:
        assert refusal(cinema.runtime.get_personalized_ranking, **request)[0] == "InvalidInput"


def test_metadata(cinema: Cinema) -> None:
    """v2 recipes can always show columns of the items, others where it is enabled (docs/service/2 §10.8)."""
    for name in ("v1", "v2"):
        first = cinema.ask(name, userId="u2", numResults=1, metadataColumns={"ITEMS": ["TITLE", "YEAR"]})[0]
        number = int(first["itemId"][1:])
        assert first["metadata"] == {"TITLE": f"Film {number}", "YEAR": str(1950 + number)}


def test_stopped_recommenders(cinema: Cinema) -> None:
    """A stopped recommender does not answer; started again it gives the same answer."""
    before = cinema.items("top", userId="u1")
    cinema.account.personalize.stop_recommender(recommenderArn=cinema.arns["top"])
    cinema.account.settle()

    assert "INACTIVE" in cinema.refused("top", userId="u1")[1]

    cinema.account.personalize.start_recommender(recommenderArn=cinema.arns["top"])
    cinema.account.settle()
    assert cinema.items("top", userId="u1") == before


def test_campaigns_answer_during_an_update(cinema: Cinema) -> None:
    """A campaign answers with the old version until its update to another one is done."""
    old = cinema.items("popular")
    update = {"campaignArn": cinema.arns["popular"], "solutionVersionArn": cinema.versions["v2"]}
    cinema.account.personalize.update_campaign(**update)
    assert cinema.items("popular") == old

    cinema.account.settle()

    assert "userId is required" in cinema.refused("popular")[1]
    assert len(cinema.items("popular", userId="u1")) == 25


def test_campaigns_that_follow(cinema: Cinema) -> None:
    """A campaign with $LATEST answers with the newest version."""
    solution = cinema.versions["popular"].rpartition("/")[0]
    made = cinema.account.personalize.create_campaign(
        name="newest",
        solutionVersionArn=f"{solution}/$LATEST",
        campaignConfig={"syncWithLatestSolutionVersion": True},
    )
    cinema.account.settle()
    cinema.arns["newest"] = made["campaignArn"]
    assert cinema.items("newest", numResults=1) != ["f39"]
    for number in range(40):
        cinema.put("f39", session=f"s{number}", user=f"fan{number}")

    cinema.account.version(solution)
    cinema.account.settle()

    assert cinema.items("newest", numResults=1) == ["f39"]


def test_promotions(cinema: Cinema) -> None:
    """Promoted items pass the filter of the promotion, the others that of the request; both keep their order."""
    comedies = cinema.filter('INCLUDE ItemID WHERE Items.GENRES IN ("Comedy")')
    old = cinema.filter("INCLUDE ItemID WHERE Items.YEAR < $YEAR")
    promotion = {"name": "old", "percentPromotedItems": 40, "filterArn": old, "filterValues": {"YEAR": "1960"}}
    alone = cinema.items("v2", userId="u3", numResults=40)

    found = cinema.ask("v2", userId="u3", numResults=11, filterArn=comedies, promotions=[promotion])

    promoted = [each["itemId"] for each in found if each.get("promotionName") == "old"]
    others = [each["itemId"] for each in found if "promotionName" not in each]
    assert (len(promoted), len(others)) == (4, 7)
    assert all(int(item[1:]) < 10 for item in promoted)
    assert _even(others) == 1
    assert sorted(promoted, key=alone.index) == promoted
    assert sorted(others, key=alone.index) == others
    assert all(each["reason"] == ["Promoted item"] for each in found if each["itemId"] in promoted)


def test_promotions_that_find_little(cinema: Cinema) -> None:
    """If too few items qualify, all that do are promoted, and others take the places (docs/service/2 §10.4)."""
    oldest = cinema.filter("INCLUDE ItemID WHERE Items.YEAR = 1951")
    promotion = {"name": "one", "percentPromotedItems": 100, "filterArn": oldest}

    found = cinema.ask("related", itemId="f2", numResults=10, promotions=[promotion])

    assert (len(found), [each["itemId"] for each in found if "promotionName" in each]) == (10, ["f1"])


def test_promotions_only_where_supported(cinema: Cinema) -> None:
    """Domain use cases take promotions too; the shape of a ranking has none."""
    promotion = {"name": "some", "percentPromotedItems": 50}
    assert len([each for each in cinema.ask("trending", promotions=[promotion]) if "promotionName" in each]) == 12


def test_removed_by_the_use_case(cinema: Cinema) -> None:
    """Top picks leaves out what the user watched; a click alone leaves an item in (docs/service/1 §12.1)."""
    items = cinema.items("top", userId="u1", numResults=40)

    lines = (cinema.account.s3.get_object(Bucket="bucket-watched", Key="data.csv")["Body"].read().decode()).split()
    watched = {line.split(",")[1] for line in lines if line.startswith("u1,") and line.endswith(",Watch")}
    clicked = {line.split(",")[1] for line in lines if line.startswith("u1,")} - watched
    assert watched.isdisjoint(items)
    assert clicked <= set(items)


def test_the_same_after_a_restart(cinema: Cinema, clock: Clock, tmp_path: Path) -> None:
    """A saved and loaded emulator gives the same answers, with streamed events, items and an anonymous session."""
    seen = cinema.filter(
        'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch") | INCLUDE ItemID WHERE Items.YEAR > 1'
    )
    cinema.put("f1", "f3", "f5", session="s1", user="fresh")
    cinema.put("f2", "f4", session="s2")
    cinema.put_film("f1", year=1, genres="Comedy")
    cinema.events.put_items(
        datasetArn=cinema.films, items=[{"itemId": "f3", "properties": '{"creationTimestamp": 1, "genres": "x"}'}]
    )

    def answers() -> list[Any]:
        return [
            cinema.ask("v2", userId="fresh", filterArn=seen),
            cinema.ask("v2", userId="s2", filterArn=seen),
            cinema.ask("v1", userId="u1", metadataColumns={"ITEMS": ["YEAR"]}),
            cinema.ask("related", itemId="f3"),
            cinema.rank(["f1", "f2"], user="fresh"),
            cinema.act(),
        ]

    before = answers()
    cinema.account.emulator.save(tmp_path)
    with Emulator(clock.now, quotas=QUOTAS).started() as emulator:
        emulator.load(tmp_path)
        cinema = cinema.taken_over_by(emulator, clock)

        assert json.dumps(answers()) == json.dumps(before)


def test_exploration_is_configured(cinema: Cinema) -> None:
    """With explorationWeight 0 the order is that of relevance; with 1 it is another one (docs/service/2 §8.6)."""
    orders = {}
    for weight in ("0", "1"):
        config = {"itemExplorationConfig": {"explorationWeight": weight, "explorationItemAgeCutOff": "3000"}}
        name = f"weight{weight}"
        cinema.arns[name] = cinema.account.campaign(cinema.versions["v1"], name, campaignConfig=config)
        found = cinema.ask(name, userId="u1", numResults=40)
        orders[weight] = [each["itemId"] for each in found]
        assert weight == "1" or found == sorted(found, key=lambda each: -each["score"])

    assert RECIPE.endswith("aws-user-personalization")
    assert sorted(orders["0"]) == sorted(orders["1"])
