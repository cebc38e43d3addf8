"""Streamed data and the next answer: its pace, sessions, and where events come from (docs/service/3 §1, §2)."""

import json
from typing import Any

from .asking import START, Cinema

UNSEEN = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")'
WAR = 'INCLUDE ItemID WHERE Items.GENRES IN ("War") AND Items.YEAR > 1980'


def _odd(items: list[str]) -> float:
    return sum(int(item[1:]) % 2 for item in items) / len(items)


def _put_rows(cinema: Cinema) -> list[dict[str, str]]:
    table = cinema.account.emulator.region("us-east-1").tables[cinema.interactions]
    return [dict(zip(table.columns, row, strict=True)) for row in table.put]


def test_a_new_user_becomes_personal(cinema: Cinema) -> None:
    """Three events of a new user change the next answer of a recipe with real-time personalization, and of no other."""
    before = {name: cinema.items(name, userId="new", itemId="f0") for name in ("v1", "v2", "popular", "related")}

    cinema.put("f1", "f3", "f5", session="s", user="new")

    after = {name: cinema.items(name, userId="new", itemId="f0") for name in before}
    assert {name for name in before if before[name] != after[name]} == {"v1", "v2"}
    assert _odd(after["v2"][:10]) > 0.8
    assert [each["itemId"] for each in cinema.rank(["f2", "f7"], user="new")] == ["f7", "f2"]


def test_events_of_a_known_user(cinema: Cinema) -> None:
    """Events after the training count on top of those before; a version trained later has them in its model."""
    assert _odd(cinema.items("v2", userId="u2", numResults=8)) < 0.2

    cinema.put(*(f"f{n}" for n in range(1, 40, 2)), session="s", user="u2")

    changed = cinema.items("v2", userId="u2", numResults=8)
    assert _odd(changed) > 0.5
    cinema.account.version(cinema.versions["v2"].rpartition("/")[0])
    assert cinema.items("v2", userId="u2", numResults=8) == changed


def test_the_pace_of_events(cinema: Cinema) -> None:
    """Filters and models see an event after a second, not before (docs/service/3 §1.1)."""
    unseen = cinema.filter(UNSEEN)
    popular = cinema.items("v2", userId="new", numResults=40)

    def seen() -> tuple[bool, bool]:
        filtered = cinema.items("v2", userId="new", numResults=40, filterArn=unseen)
        return "f1" not in filtered, cinema.items("v2", userId="new", numResults=40) != popular

    event = {"eventType": "watch", "sentAt": int(cinema.clock.time), "itemId": "f1"}
    cinema.events.put_events(trackingId=cinema.tracking_id, userId="new", sessionId="s", eventList=[event])
    at_once = seen()
    cinema.clock.pass_time(seconds=1)

    assert (at_once, seen()) == ((False, False), (True, True))


def test_the_pace_of_items(cinema: Cinema) -> None:
    """Filters see a put item within 20 minutes of the first that changed, and metadata with it."""
    war = cinema.filter(WAR)
    assert "f2" not in cinema.items("v2", userId="u1", filterArn=war)
    properties = json.dumps({"creationTimestamp": START, "genres": "War", "year": 2000})
    cinema.events.put_items(datasetArn=cinema.films, items=[{"itemId": "f2", "properties": properties}])
    cinema.clock.pass_time(minutes=19)
    assert "f2" not in cinema.items("v2", userId="u1", filterArn=war)

    cinema.clock.pass_time(minutes=1)

    found = cinema.ask("v2", userId="u1", filterArn=war, metadataColumns={"ITEMS": ["YEAR"]})
    assert {"itemId": "f2", "metadata": {"YEAR": "2000"}} in [
        {name: each[name] for name in ("itemId", "metadata")} for each in found
    ]


def test_the_pace_of_imports(cinema: Cinema) -> None:
    """Filters see an import within 20 minutes; until then they see what was there before."""
    war = cinema.filter(WAR)
    before = cinema.items("v2", userId="u1", filterArn=war)
    content = f"ITEM_ID,GENRES,CREATION_TIMESTAMP,TITLE,YEAR,PLOT\nf2,War,{START},Two,1999,\n"
    arn = cinema.account.start_import(cinema.films, content, "again")
    while cinema.account.status(arn) != "ACTIVE":
        cinema.clock.pass_time(seconds=30)
    assert cinema.items("v2", userId="u1", filterArn=war) == before

    cinema.clock.pass_time(minutes=20)

    assert cinema.items("v2", userId="u1", filterArn=war) == ["f2"]


def test_sessions(cinema: Cinema) -> None:
    """A session is asked for by its id; when an event names the user, the user has its events (docs/service/3 §2.7)."""
    unseen = cinema.filter(UNSEEN)
    cinema.put("f1", "f3", "f5", session="visit")
    anonymous = cinema.items("v2", userId="visit", filterArn=unseen, numResults=40)
    assert {"f1", "f3", "f5"}.isdisjoint(anonymous)
    assert _odd(anonymous[:8]) > 0.8

    cinema.put("f7", session="visit", user="somebody")

    assert {"f1", "f3", "f5", "f7"}.isdisjoint(cinema.items("v2", userId="somebody", filterArn=unseen, numResults=40))
    assert {"f1", "f3"} <= set(cinema.items("v2", userId="visit", filterArn=unseen, numResults=40))


def test_sessions_end_with_a_training(cinema: Cinema) -> None:
    """Events of a session without a user do not train, and no longer count after the next training."""
    popular = cinema.items("v1", userId="stranger")
    cinema.put("f1", "f3", "f5", session="visit")
    personal = cinema.items("v1", userId="visit")

    version = cinema.account.version(cinema.versions["v1"].rpartition("/")[0])
    cinema.account.personalize.update_campaign(campaignArn=cinema.arns["v1"], solutionVersionArn=version)
    cinema.account.settle()

    assert personal != popular
    assert cinema.items("v1", userId="visit") == cinema.items("v1", userId="stranger")


def test_new_items(cinema: Cinema) -> None:
    """A new item can be in an answer after the next automatic update, within two hours (docs/service/1 §11.3)."""
    properties = json.dumps({"creationTimestamp": START, "genres": "Comedy", "year": 2020})
    cinema.events.put_items(datasetArn=cinema.films, items=[{"itemId": "f100", "properties": properties}])
    cinema.clock.pass_time(minutes=30)
    assert "f100" not in cinema.items("v2", userId="u2", numResults=500)

    cinema.clock.pass_time(hours=2)

    assert "f100" in cinema.items("v2", userId="u2", numResults=500)


def test_where_events_come_from(cinema: Cinema) -> None:
    """An event keeps recommendation and impression; its source is given, or that of the recommendation (§2.4)."""
    answer = cinema.runtime.get_recommendations(**cinema.request("v2", userId="u1"))
    known: dict[str, Any] = {"recommendationId": answer["recommendationId"]}
    given = {"metricAttribution": {"eventAttributionSource": "mail"}}

    for number, more in enumerate((known, {**known, **given}, given, {"impression": ["f1", "f2"]})):
        cinema.put("f1", session=f"s{number}", user=f"from{number}", **more)

    rows = _put_rows(cinema)
    assert [row["EVENT_ATTRIBUTION_SOURCE"] for row in rows] == [cinema.arns["v2"], "mail", "mail", ""]
    assert [row["RECOMMENDATION_ID"] for row in rows] == [answer["recommendationId"]] * 2 + [""] * 2
    assert [row["IMPRESSION"] for row in rows] == ["", "", "", "f1|f2"]


def test_items_in_properties(cinema: Cinema) -> None:
    """The item of an event can be among its properties, as in the samples of the guide (docs/service/3 §2.2)."""
    event = {"eventType": "watch", "sentAt": START, "properties": json.dumps({"itemId": "f9", "device": "tv"})}

    cinema.events.put_events(trackingId=cinema.tracking_id, userId="new", sessionId="s", eventList=[event])

    assert [(row["ITEM_ID"], row["DEVICE"]) for row in _put_rows(cinema)] == [("f9", "tv")]


def test_repeated_rows(cinema: Cinema) -> None:
    """Of two events with the same time and properties one is kept, whether or not they have an id (§2.2)."""
    event = {"eventType": "watch", "sentAt": START, "itemId": "f9"}
    for more in ({}, {"eventId": "x"}, {"itemId": "f8"}):
        cinema.events.put_events(
            trackingId=cinema.tracking_id, userId="new", sessionId="s", eventList=[{**event, **more}] * 2
        )

    assert [row["ITEM_ID"] for row in _put_rows(cinema)] == ["f9", "f8"]


def test_deleted_users_are_forgotten(cinema: Cinema) -> None:
    """A data deletion job removes what filters and models know of a user's events, and nothing of others."""
    unseen = cinema.filter(UNSEEN)
    cinema.put("f1", "f3", "f5", session="a", user="gone")
    cinema.put("f2", "f4", session="b", user="stays")
    before = cinema.items("v1", userId="stays", filterArn=unseen)
    cinema.account.emulator.put_bucket("gone", {"users.csv": "USER_ID\ngone\n"})
    cinema.account.personalize.create_data_deletion_job(
        jobName="gone",
        datasetGroupArn=cinema.group,
        dataSource={"dataLocation": "s3://gone/users.csv"},
        roleArn="arn:aws:iam::123456789012:role/personalize",
    )
    cinema.clock.pass_time(hours=30)

    assert cinema.items("v1", userId="gone", filterArn=unseen) == cinema.items("v1", userId="nobody")
    assert cinema.items("v1", userId="stays", filterArn=unseen) == before
