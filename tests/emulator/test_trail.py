"""LookupEvents of CloudTrail, for the changing requests of Personalize (docs/service/3 §12.2)."""

import json
from typing import Any

import boto3
import pytest

from .account import REGION, Account, client
from .refusals import refusal


def look_up(**request: Any) -> list[dict[str, Any]]:
    """The events of all pages."""
    trail: Any = client("cloudtrail")
    events: list[dict[str, Any]] = []
    while True:
        answer = trail.lookup_events(**request)
        events += answer["Events"]
        if "NextToken" not in answer:
            return events
        request["NextToken"] = answer["NextToken"]


def by(key: str, value: str) -> dict[str, Any]:
    """A request for the events with an attribute."""
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


def test_changing_requests_are_events(account: Account) -> None:
    """The newest first, with request, answer and caller; reading requests and other operations are left out."""
    first = account.schema("first")
    account.clock.pass_time(minutes=1)
    second = account.schema("second")
    account.personalize.list_schemas()

    newer, older = look_up(**by("EventName", "CreateSchema"))

    records = [json.loads(event["CloudTrailEvent"]) for event in (newer, older)]
    assert [record["responseElements"] for record in records] == [{"schemaArn": second}, {"schemaArn": first}]
    assert records[0]["requestParameters"]["name"] == "second"
    assert (newer["EventTime"] - older["EventTime"]).total_seconds() == 60
    assert {newer["EventSource"], records[0]["eventSource"]} == {"personalize.amazonaws.com"}
    assert (newer["ReadOnly"], newer["EventName"]) == ("false", "CreateSchema")
    assert records[0]["userIdentity"]["arn"] == "arn:aws:sts::123456789012:user/moto"
    assert look_up() == look_up(**by("EventSource", "personalize.amazonaws.com"))
    assert look_up(**by("EventName", "DeleteSchema")) == []


def test_a_refused_request_has_its_error(account: Account) -> None:
    """It is an event, without an answer."""
    refusal(account.personalize.delete_schema, schemaArn=f"arn:aws:personalize:{REGION}:123456789012:schema/none")

    (event,) = look_up()

    record = json.loads(event["CloudTrailEvent"])
    assert (record["errorCode"], record["responseElements"]) == ("ResourceNotFoundException", None)


def test_a_role_is_the_caller(account: Account) -> None:
    """The event of an assumed role has the ARN of its session."""
    role = "arn:aws:iam::123456789012:role/deployer"
    keys = client("sts").assume_role(RoleArn=role, RoleSessionName="ann")["Credentials"]
    session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=REGION)
    personalize: Any = session.client("personalize")
    personalize.create_dataset_group(name="shop")

    (event,) = look_up(**by("Username", "ann"))

    record = json.loads(event["CloudTrailEvent"])
    assert record["userIdentity"]["arn"] == "arn:aws:sts::123456789012:assumed-role/deployer/ann"
    assert record["userIdentity"]["type"] == "AssumedRole"


def test_pages_and_times(account: Account) -> None:
    """A page has at most 50 events; only those between two times, and of the last 90 days, are returned."""
    for number in range(52):
        account.schema(f"schema-{number}")
    moment = account.clock.now()
    account.clock.pass_time(minutes=1)

    assert len(look_up()) == 52
    assert len(look_up(MaxResults=7)) == 52
    assert len(look_up(EndTime=moment)) == 52
    assert look_up(StartTime=moment + 1) == []
    account.clock.pass_time(days=90)
    assert look_up() == []


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        ({"LookupAttributes": next(iter(by("EventName", "a").values())) * 2}, "InvalidLookupAttributes"),
        ({"MaxResults": 51}, "InvalidMaxResults"),
        ({"StartTime": 9.0, "EndTime": 8.0}, "InvalidTimeRange"),
        ({"NextToken": "x"}, "InvalidNextToken"),
    ],
)
def test_invalid_requests(account: Account, request_: dict[str, Any], code: str) -> None:
    """Two attributes, a larger page, an end before the start and an unknown page are refused."""
    assert refusal(client("cloudtrail").lookup_events, **request_)[0] == code
