"""Specs on their way to the service and back, for every kind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.comparison import comparable
from personalize_gitops.model.diff import diff
from personalize_gitops.model.members import references, switch_of
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.wire import from_wire, to_wire
from tests.contracts.service import refusal
from tests.kinds.specs import read, specs

ARN = "arn:aws:personalize:us-east-1:123456789012:thing/name"

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
exploring = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@every_kind
@exploring
@given(data=st.data())
def test_what_is_sent_is_read_back(kind: type[Resource], data: st.DataObject) -> None:
    """Attributes become a request and, answered unchanged, the same attributes again."""
    attributes = resolved(kind, read(kind, data.draw(specs(kind))))

    answered = from_wire(kind, to_wire(kind, attributes))

    assert answered == {member: value for member, value in attributes.items() if member != switch_of(kind)}


@every_kind
@exploring
@given(data=st.data())
def test_any_valid_spec_can_be_sent(kind: type[Resource], data: st.DataObject) -> None:
    """What the kind lets through has the types botocore wants."""
    attributes = resolved(kind, read(kind, data.draw(specs(kind))))

    request = {kind.name_member: "name", **to_wire(kind, attributes)}

    assert refusal(kind.operation("Create"), request) == ""


@every_kind
@exploring
@given(data=st.data())
def test_what_was_read_is_read_the_same_again(kind: type[Resource], data: st.DataObject) -> None:
    """Reading a spec puts it into one form; reading that form changes nothing."""
    attributes = read(kind, data.draw(specs(kind)))

    again = read(kind, attributes)

    assert again == attributes


@every_kind
@exploring
@given(data=st.data())
def test_a_resource_equals_itself(kind: type[Resource], data: st.DataObject) -> None:
    """Nothing differs from itself, and the comparable form is one already."""
    attributes = read(kind, data.draw(specs(kind)))

    once = comparable(kind, attributes)

    assert list(diff(once, once)) == []
    assert comparable(kind, once) == once


def resolved(kind: type[Resource], attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes with an ARN in the place of every reference."""
    return attributes | {member.alias: ARN for member in references(kind) if member.alias in attributes}
