"""Limits on requests of the control plane, and the rates of the data plane: more than that are throttled."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from personalize_gitops.emulator import Emulator

from .account import Account
from .asking import QUOTAS, Cinema
from .clock import Clock
from .refusals import refusal


@pytest.fixture
def limited(clock: Clock) -> Iterator[Account]:
    """An account whose regions answer five requests in a second."""
    with Emulator(clock.now, calls_per_second=5).started() as emulator:
        yield Account(emulator, clock)


def answered(account: Account, requests: int) -> int:
    """Return how many of the requests the region answers; the others are throttled and have no effect."""
    before = account.emulator.answered["ListSchemas"]
    responses = [account.emulator.respond("us-east-1", "ListSchemas", "{}") for _ in range(requests)]
    assert account.emulator.answered["ListSchemas"] == before + requests
    assert {response.headers.get("x-amzn-ErrorType") for response in responses} <= {None, "ThrottlingException"}
    return sum(response.status == 200 for response in responses)


def test_more_requests_are_throttled(limited: Account) -> None:
    """A second's requests are answered at once; then one each fifth of a second."""
    assert answered(limited, 8) == 5
    limited.clock.pass_time(seconds=0.2)
    assert answered(limited, 8) == 1
    limited.clock.pass_time(seconds=0.4)
    assert answered(limited, 8) == 2
    limited.clock.pass_time(hours=1)
    assert answered(limited, 8) == 5


def test_a_throttled_request_has_no_effect(limited: Account) -> None:
    """The client gets the error of the service, and nothing is created."""
    answered(limited, 5)

    assert refusal(limited.personalize.create_dataset_group, name="g") == ("Throttling", "Rate exceeded")
    limited.clock.pass_time(seconds=1)
    assert limited.personalize.list_dataset_groups()["datasetGroups"] == []


def test_each_region_has_its_own_rate(limited: Account) -> None:
    """Requests to one region do not slow those to another one."""
    answered(limited, 8)

    other = boto3.client("personalize", region_name="eu-west-1")

    assert other.list_schemas()["schemas"] == []


def test_a_rate_below_one(clock: Clock) -> None:
    """A fraction is one request in several seconds."""
    account = Account(Emulator(clock.now, calls_per_second=0.5), clock)

    assert answered(account, 3) == 1
    clock.pass_time(seconds=1)
    assert answered(account, 3) == 0
    clock.pass_time(seconds=1)
    assert answered(account, 3) == 1


@pytest.fixture
def rated(saved_cinema: tuple[Cinema, float, Path], clock: Clock) -> Iterator[Cinema]:
    """A cinema whose data plane is throttled."""
    known, clock.time, place = saved_cinema
    with Emulator(clock.now, quotas=QUOTAS, rates_enforced=True).started() as emulator:
        emulator.load(place)
        yield known.taken_over_by(emulator, clock)


def admitted(cinema: Cinema, operation: str, request: dict[str, Any], tries: int) -> int:
    """Return how many of some requests at the same time are not throttled."""
    respond, text = cinema.account.emulator.respond, json.dumps(request)
    codes = [respond("us-east-1", operation, text).headers.get("x-amzn-ErrorType") for _ in range(tries)]
    return sum(code != "ThrottlingException" for code in codes)


def test_ten_items_a_second(rated: Cinema) -> None:
    """Items, users and actions: 10 calls a second each, for a dataset (docs/service/3 §13.2)."""
    item = {"itemId": "f1", "properties": json.dumps({"genres": "War", "creationTimestamp": 1})}
    films = {"datasetArn": rated.films, "items": [item]}
    people = {"datasetArn": rated.people, "users": [{"userId": "u1", "properties": json.dumps({"tier": "gold"})}]}

    assert admitted(rated, "PutItems", films, 12) == 10
    assert admitted(rated, "PutUsers", people, 12) == 10
    rated.clock.pass_time(seconds=1)
    assert admitted(rated, "PutItems", films, 12) == 10


def test_a_thousand_events_a_second(rated: Cinema) -> None:
    """Events of one tracker: 1,000 calls a second; those of actions are counted by themselves."""
    event = {"eventType": "watch", "sentAt": 1, "itemId": "f1"}
    events = {"trackingId": rated.tracking_id, "sessionId": "s", "eventList": [event]}
    actions = {"trackingId": rated.tracking_id, "actionInteractions": []}

    assert admitted(rated, "PutEvents", events, 1_010) == 1_000
    assert admitted(rated, "PutActionInteractions", actions, 5) == 5


def test_questions(rated: Cinema) -> None:
    """A campaign gives 500 answers a second, and all together 2,500 (docs/service/3 §13.3)."""
    others = [f"{rated.arns['v2']}-{number}" for number in range(5)]
    found = [admitted(rated, "GetRecommendations", {"campaignArn": arn, "userId": "u1"}, 510) for arn in others]

    assert found == [500] * 5
    with pytest.raises(rated.runtime.exceptions.ClientError, match="ThrottlingException"):
        rated.ask("v2", userId="u1")


def test_no_rates_by_default(cinema: Cinema) -> None:
    """Without the setting, a test can put any number of items while its clock stands still."""
    item = {"itemId": "f1", "properties": json.dumps({"genres": "War", "creationTimestamp": 1})}

    assert admitted(cinema, "PutItems", {"datasetArn": cinema.films, "items": [item]}, 30) == 30
