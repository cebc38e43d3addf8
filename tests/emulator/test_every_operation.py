"""Every operation once: the smallest valid call, and a response in the exact shape of the model."""

import json

import pytest

from personalize_gitops.emulator.operations import handlers
from personalize_gitops.emulator.service.model import Operation, operations

from .estate import Estate
from .shapes import departures


def required_by(operation: Operation) -> set[str]:
    """The members that every response has, although the model requires none: all but the token of a list."""
    return {member for member in operation.output_members if member != "nextToken"}


@pytest.mark.parametrize("name", sorted(operations()))
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


def test_nothing_is_left_out() -> None:
    """Every operation of the three models has a handler."""
    assert set(handlers()) == set(operations())
