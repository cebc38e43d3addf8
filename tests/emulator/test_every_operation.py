"""Every operation carried out once: the smallest valid call, and an answer exactly of the model's shape."""

import json

import pytest

from personalize_gitops.emulator.operations import handlers
from personalize_gitops.emulator.service.model import RUNTIME, Operation, operations

from .estate import Estate
from .shapes import departures


def required_by(operation: Operation) -> set[str]:
    """What an answer cannot be without, though the model requires nothing: every member but a list's token."""
    return {member for member in operation.output_members if member != "nextToken"}


ASKING = [name for name, operation in operations().items() if operation.service == RUNTIME]


@pytest.mark.parametrize("name", sorted({*operations()} - {*ASKING}))
def test_smallest_valid_calls(estate: Estate, name: str) -> None:
    """The call is carried out, and its answer is exactly of the model's shape."""
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
    """A ready campaign does not answer yet and says so; one that is not there is not found (docs/service/4 §6.2)."""
    request = dict(estate.request(name))

    ready = estate.respond(name, request)
    missing = estate.respond(name, {**request, "campaignArn": f"{estate.campaign}x"})

    assert (ready.status, json.loads(ready.body)["__type"]) == (400, "UnsupportedOperationException")
    assert (missing.status, json.loads(missing.body)["__type"]) == (404, "ResourceNotFoundException")


def test_nothing_is_left_out() -> None:
    """Every operation of the three models is carried out by something."""
    assert set(handlers()) == set(operations())
