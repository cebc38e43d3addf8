"""Flights: when a step is looked at again, and what it tells meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from personalize_gitops.clock import SimulatedClock
from personalize_gitops.engine.apply.flight import LONGEST, SHORTEST, by_way, failed, later
from personalize_gitops.engine.apply.purchase import Purchase
from personalize_gitops.model.events import Failed, Waiting
from personalize_gitops.model.reason import Reason, ReasonCode
from personalize_gitops.model.steps import Verb
from tests.support.builders import live
from tests.support.stepping import about, creation, flight_of
from tests.support.world import START

STEP = creation("DatasetGroup/shop")
WHY = Reason(ReasonCode.NOT_VISIBLE_YET)


@pytest.mark.parametrize(("elapsed", "pause"), [(0, SHORTEST), (20, 2), (300, 30), (600, LONGEST), (36_000, LONGEST)])
def test_a_long_step_is_looked_at_less_often(elapsed: float, pause: float) -> None:
    """The pause is a tenth of the time since the step began, from two seconds to a minute."""
    clock = SimulatedClock(START + elapsed)

    event, after = later(flight_of(STEP), clock, WHY)

    assert event == Waiting(STEP, clock.now(), WHY, elapsed)
    assert after == flight_of(STEP, due=clock.now() + pause, state=WHY)


def test_a_failure_ends_the_flight() -> None:
    """It has its reason, the time that the step took, and the id of the request."""
    clock = SimulatedClock(START + 60)

    assert failed(flight_of(STEP), clock, WHY, "r-1") == (Failed(STEP, START + 60, 60, WHY, "r-1"), None)


def test_only_a_begun_creation_takes_a_slot() -> None:
    """A step that has not begun, or that changes an object, is no creation in progress."""
    waiting, begun = flight_of(STEP), flight_of(STEP, arn="arn")
    update = flight_of(about(live("DatasetGroup/shop"), Verb.UPDATE), arn="arn")

    assert [flight.is_creation for flight in (waiting, begun, update)] == [False, True, False]


def test_the_longest_way_is_first() -> None:
    """Flights with ways of equal length keep their order."""
    one, two, three = flight_of(STEP, way=5.0), flight_of(STEP, way=9.0), replace(flight_of(STEP, way=5.0), updates=2)

    assert sorted([one, two, three], key=by_way) == [two, one, three]


@pytest.mark.parametrize(
    ("verb", "arn", "reads"),
    [
        (Verb.CREATE, None, False),
        (Verb.CREATE, "arn", True),
        (Verb.DELETE, "arn", True),
        (Verb.UPDATE, "arn", False),
        (Verb.WAIT, "arn", False),
        (Verb.START, "arn", True),
        (Verb.STOP, "arn", True),
        (Verb.CANCEL, "arn", True),
    ],
)
def test_which_polls_only_read(verb: Verb, arn: str | None, reads: bool) -> None:
    """The poll of an update may send a second one or set tags, so it is not abandoned."""
    assert flight_of(about(live("Campaign/home"), verb), arn=arn).only_reads is reads


def test_the_poll_of_a_bought_run_may_remove_its_announcement() -> None:
    """So it is not abandoned either."""
    training = creation("SolutionVersion/home")
    bought = Purchase(training, live("Solution/home"), "key")

    assert not flight_of(training, arn="arn", purchase=bought).only_reads
