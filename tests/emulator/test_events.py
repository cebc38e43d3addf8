"""Individual imports through personalize-events (docs/service/3 §2)."""

import json
from typing import Any

import pytest

from .account import ITEMS, Account, avro, client
from .refusals import refusal

SHOP = avro(
    "Interactions",
    "USER_ID",
    "ITEM_ID",
    {"name": "TIMESTAMP", "type": "long"},
    "EVENT_TYPE",
    {"name": "EVENT_VALUE", "type": ["null", "float"]},
    {"name": "IMPRESSION", "type": ["null", "string"]},
    {"name": "NUM_RATINGS", "type": ["null", "int"]},
)


def tracked(account: Account, text: str = SHOP) -> tuple[str, str]:
    """An empty Interactions dataset and the tracking id for its events."""
    group = account.group()
    dataset = account.dataset(group, text=text)
    created = account.personalize.create_event_tracker(name="t", datasetGroupArn=group)
    account.settle()
    return dataset, str(created["trackingId"])


def put_rows(account: Account, dataset: str) -> list[tuple[str, ...]]:
    tables = account.emulator.region("us-east-1").tables
    return tables[dataset].put if dataset in tables else []


def event(**more: Any) -> dict[str, Any]:
    return {"eventType": "buy", "sentAt": 1_700_000_000, "itemId": "i1", **more}


def test_events_become_rows(account: Account) -> None:
    """Members and properties of an event are stored in the columns with their names."""
    dataset, tracking_id = tracked(account)
    bought = event(eventValue=2.5, impression=["i1", "i2"], properties=json.dumps({"numRatings": 7}))

    client("personalize-events").put_events(
        trackingId=tracking_id, userId="u1", sessionId="s1", eventList=[bought, event(itemId="i9")]
    )

    assert put_rows(account, dataset) == [
        ("u1", "i1", "1700000000", "buy", "2.5", "i1|i2", "7"),
        ("u1", "i9", "1700000000", "buy", "", "", ""),
    ]


def test_repeated_events(account: Account) -> None:
    """An event with an id that was sent before is ignored (docs/service/3 §2.2)."""
    dataset, tracking_id = tracked(account)

    for _ in range(2):
        client("personalize-events").put_events(
            trackingId=tracking_id, userId="u", sessionId="s", eventList=[event(eventId="e1")]
        )

    assert len(put_rows(account, dataset)) == 1


def test_anonymous_sessions(account: Account) -> None:
    """Events without a user are added when an event of their session has a user (docs/service/3 §2.7)."""
    dataset, tracking_id = tracked(account)
    put = client("personalize-events").put_events
    put(trackingId=tracking_id, sessionId="s", eventList=[event(itemId="before")])
    waiting = list(put_rows(account, dataset))

    put(trackingId=tracking_id, sessionId="s", userId="u", eventList=[event(itemId="after")])

    assert waiting == []
    assert [row[:2] for row in put_rows(account, dataset)] == [("u", "before"), ("u", "after")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"properties": json.dumps({"userId": "x"})}, "cannot contain userId"),
        ({"properties": json.dumps({"wings": 2})}, "wings"),
        ({"properties": json.dumps({"numRatings": "many"})}, "NUM_RATINGS must be a int"),
        ({"properties": "{"}, "not JSON"),
        ({"itemId": None}, "ITEM_ID is required"),
    ],
)
def test_refused_events(account: Account, change: dict[str, Any], words: str) -> None:
    """An event that does not fit the schema is refused, with all other events of the call."""
    dataset, tracking_id = tracked(account)
    wrong = {name: value for name, value in event(**change).items() if value is not None}

    code, message = refusal(
        client("personalize-events").put_events,
        trackingId=tracking_id,
        userId="u",
        sessionId="s",
        eventList=[event(), wrong],
    )

    assert (code, words in message) == ("InvalidInput", True), message
    assert put_rows(account, dataset) == []


def test_unknown_trackers(account: Account) -> None:
    """An unknown tracking id is answered with the only error that PutEvents declares (docs/service/4 §6.1)."""
    put = client("personalize-events").put_events

    assert refusal(put, trackingId="none", sessionId="s", eventList=[event()])[0] == "InvalidInput"


def test_items_are_replaced(account: Account) -> None:
    """An item that is put again is replaced; a FULL import does not change it (docs/service/2 §7.2, §7.4)."""
    dataset = account.dataset(account.group(), "Items", ITEMS)
    put = client("personalize-events").put_items
    put(datasetArn=dataset, items=[{"itemId": "i1", "properties": json.dumps({"price": 1, "genres": "A|B"})}])

    put(datasetArn=dataset, items=[{"itemId": "i1", "properties": json.dumps({"price": 2.5})}])
    account.imported(dataset, "ITEM_ID,GENRES,PRICE\ni1,C,9\ni2,C,9\n")
    account.status(dataset)

    table = account.emulator.region("us-east-1").tables[dataset]
    assert table.rows[:] == [("i1", "", "2.5"), ("i2", "C", "9")]


def test_errors_of_puts(account: Account) -> None:
    """An unknown dataset is not found, a dataset that is not ACTIVE is in use, one of another type is invalid."""
    put = client("personalize-events").put_users
    group = account.group()
    items = account.dataset(group, "Items", ITEMS)
    schema = account.schema("users", avro("Users", "USER_ID", {"name": "AGE", "type": "int"}))
    request = {"name": "u", "schemaArn": schema, "datasetGroupArn": group, "datasetType": "Users"}
    users = account.personalize.create_dataset(**request)["datasetArn"]

    codes = [refusal(put, datasetArn=arn, users=[{"userId": "u"}])[0] for arn in (f"{items}x", users, items)]

    assert codes == ["ResourceNotFound", "ResourceInUse", "InvalidInput"]


def test_action_interactions(account: Account) -> None:
    """Action interactions are added to the dataset with the tracking id (docs/service/3 §2.5)."""
    text = avro("ActionInteractions", "USER_ID", "ACTION_ID", "EVENT_TYPE", {"name": "TIMESTAMP", "type": "long"})
    dataset = account.dataset(account.group(), "Action_Interactions", text)
    tracking_id = account.personalize.describe_dataset(datasetArn=dataset)["dataset"]["trackingId"]
    put = client("personalize-events").put_action_interactions
    done = {"actionId": "a", "userId": "u", "sessionId": "s", "timestamp": 1_700_000_000, "eventType": "Not Taken"}

    put(trackingId=tracking_id, actionInteractions=[done])

    assert put_rows(account, dataset) == [("u", "a", "Not Taken", "1700000000")]
    refused = refusal(put, trackingId=tracking_id, actionInteractions=[{**done, "eventType": "Bought"}])
    assert (refused[0], "Bought" in refused[1]) == ("InvalidInput", True)


def test_events_count_for_training(account: Account) -> None:
    """Events count as interactions for training and let automatic training train again (docs/service/2 §5, §7.1)."""
    group = account.filled_group()
    tracker = account.personalize.create_event_tracker(name="t", datasetGroupArn=group)
    solution = account.personalize.create_solution(
        name="auto", datasetGroupArn=group, recipeArn="arn:aws:personalize:::recipe/aws-user-personalization-v2"
    )["solutionArn"]
    account.clock.pass_time(days=2)

    client("personalize-events").put_events(
        trackingId=tracker["trackingId"], userId="u", sessionId="s", eventList=[event()]
    )
    account.clock.pass_time(days=6)

    assert len(account.personalize.list_solution_versions(solutionArn=solution)["solutionVersions"]) == 2
