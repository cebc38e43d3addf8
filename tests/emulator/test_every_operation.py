"""Every operation once: the smallest valid call, and a response in the exact shape of the model."""

import json

import pytest

from personalize_gitops.emulator.operations import handlers
from personalize_gitops.emulator.service.model import RUNTIME, Operation, operations

from .estate import Estate
from .shapes import departures


def required_by(operation: Operation) -> set[str]:
    """The members that every response has, although the model requires none: all but the token of a list."""
    return {member for member in operation.output_members if member != "nextToken"}


ASKING = [name for name, operation in operations().items() if operation.service == RUNTIME]


@pytest.mark.parametrize("name", sorted({*operations()} - {*ASKING}))
def test_smallest_valid_calls(estate: Estate, name: str) -> None:
    """The call succeeds, and its response has the exact shape of the model."""
    operation = operations()[name]

    response = estate.respond(name, estate.request(name))

    answer = json.loads(response.body)
    assert response.status == 200, response.body
    assert (
        list(departures(operation.shapes, operation.output or "", answer, name) if operation.output else answer) == []
    )
    optional = {"domain"} if name == "CreateDatasetGroup" else set()
    assert required_by(operation) - optional <= {*answer}


@pytest.mark.parametrize("name", ASKING)
def test_recommendations_are_not_offered(estate: Estate, name: str) -> None:
    """A request to an ACTIVE campaign is unsupported; a missing campaign is not found (docs/service/4 §6.2)."""
    request = dict(estate.request(name))

    ready = estate.respond(name, request)
    missing = estate.respond(name, {**request, "campaignArn": f"{estate.campaign}x"})

    assert (ready.status, json.loads(ready.body)["__type"]) == (400, "UnsupportedOperationException")
    assert (missing.status, json.loads(missing.body)["__type"]) == (404, "ResourceNotFoundException")


def test_nothing_is_left_out() -> None:
    """Every operation of the three models has a handler."""
    assert set(handlers()) == set(operations())
