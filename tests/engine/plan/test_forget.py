"""Forgetting: our tags are removed from objects that are no longer declared, and the objects stay."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.engine.plan.planner import make_plan
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.reason import ReasonCode, Verbatim
from tests.engine.plan.contexts import context
from tests.support.builders import document, live, owned

SHOP = document("DatasetGroup/shop")


def forgetting(address: str) -> frozenset[Address]:
    return frozenset({Address.parse(address)})


def test_every_object_of_the_address_is_forgotten() -> None:
    """A replaced object and its successor both lose our tags; an object that is being deleted keeps them."""
    lives = [
        owned("Filter/seen"),
        owned("Filter/seen", name="seen-2"),
        owned("Filter/seen", name="seen-3", status="DELETE IN_PROGRESS"),
    ]

    plan = make_plan(context([SHOP], lives, forget=forgetting("Filter/seen")))

    found = [change for change in plan.changes if change.action is Action.FORGET]
    assert [change.aws_name for change in found] == ["seen", "seen-2"]
    assert {reason.code for change in found for reason in change.reasons} == {ReasonCode.FORGET_REQUESTED}


def test_a_forgotten_object_is_not_pruned() -> None:
    """`--forget` wins over `prune`, which deletes the other undeclared objects."""
    lives = [owned("DatasetGroup/shop"), owned("Filter/seen"), owned("Filter/old")]

    plan = make_plan(context([SHOP], lives, forget=forgetting("Filter/seen"), prune=True))

    assert {change.aws_name: change.action for change in plan.pending} == {"seen": Action.FORGET, "old": Action.DELETE}


@pytest.mark.parametrize(
    ("address", "code"),
    [
        pytest.param("DatasetGroup/shop", ReasonCode.STILL_DECLARED, id="declared"),
        pytest.param("Fliter/seen", ReasonCode.UNKNOWN_KIND, id="unknown kind"),
        pytest.param("Schema/items", ReasonCode.NOT_TAGGABLE, id="kind without tags"),
        pytest.param("Filter/seen", ReasonCode.NOT_OWNED, id="unmanaged"),
        pytest.param("Filter/theirs", ReasonCode.NOT_OWNED, id="owned by another project"),
    ],
)
def test_an_address_that_cannot_be_forgotten_stops_the_plan(address: str, code: ReasonCode) -> None:
    """The error InvalidChoice carries the reason."""
    theirs = owned("Filter/theirs", tags={"personalize-gitops:project": "other/prod"})

    with pytest.raises(InvalidChoice) as error:
        make_plan(context([SHOP], [live("Filter/seen"), theirs], forget=forgetting(address)))

    assert error.value.reason.code is code


def test_an_unknown_address_is_answered_with_the_known_ones() -> None:
    """The reason lists the owned and undeclared addresses, which can be forgotten."""
    lives = [owned("DatasetGroup/shop"), owned("Filter/old"), live("Filter/unmanaged")]

    with pytest.raises(InvalidChoice) as error:
        make_plan(context([SHOP], lives, forget=forgetting("Filter/seen")))

    params: dict[str, Any] = dict(error.value.reason.params)
    assert (params["owner"], params["known"]) == (Verbatim("shop/local"), (Address("Filter", "old"),))
