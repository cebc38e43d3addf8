"""A limit on requests of the control plane: more than that are throttled."""

from collections.abc import Iterator

import boto3
import pytest

from personalize_gitops.emulator import Emulator

from .account import Account
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
