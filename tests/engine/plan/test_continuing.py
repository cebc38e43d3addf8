"""What an interrupted apply has left of a saved plan is told apart from what somebody else did."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from personalize_gitops.engine.plan.continuing import moved
from personalize_gitops.model.action import Action
from personalize_gitops.model.diff import ABSENT, FieldChange, Unknown
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import Change, Plan, PlanTime
from personalize_gitops.model.reports import PlanReport
from personalize_gitops.model.tags import ANNOUNCED, APPLIED, PROTECT, TAGS
from personalize_gitops.render.json import plan as rendered
from personalize_gitops.render.reasons import joined
from tests.support.builders import ACCOUNT, REGION, change, document, owned

MADE_AT = 100.0
BEFORE, AFTER = MADE_AT - 50, MADE_AT + 50

FILTER = document("Filter/f")
SOLUTION = document("Solution/s")
CAMPAIGN = document("Campaign/c", {"solutionVersion": "c"})
TRAINING = document("SolutionVersion/c", {"solution": "s"})


def planned(*changes: Change) -> Plan:
    return Plan("shop", "local", ACCOUNT, REGION, changes, {}, PlanTime(MADE_AT, MADE_AT))


def as_file(plan: Plan) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(rendered(PlanReport(plan)))
    return found


def told(saved: Plan, now: Plan) -> str:
    """What is said to differ; empty if the saved plan holds."""
    return joined(moved(as_file(saved), as_file(now), now))


def at(address: str, created: float, name: str = "", **fields: Any) -> Live:
    return owned(address, name=name, created=created, **fields)


CREATED = at("Filter/f", AFTER)
OTHER = change(document("Filter/other"), Action.CREATE)
"""A change that is still pending."""
BEGUN = change(document("Filter/begun"), Action.CREATE)
DONE = change(document("Filter/begun"), Action.NONE, live=at("Filter/begun", AFTER))
"""A change that is done, so that the saved plan has begun."""


def test_the_same_plan_holds() -> None:
    """Nothing has been done yet, and nothing has changed."""
    assert told(planned(OTHER), planned(OTHER)) == ""


def test_a_plan_that_has_not_begun_is_compared_member_by_member() -> None:
    """Everything that the plan showed has to be the same: a risk, a note, an object that it relies on."""
    assert told(planned(OTHER), planned(replace(OTHER, notes=OTHER.reasons, relies_on={("x", 1.0): OLD_SOLUTION}))) == (
        "Filter/other differs"
    )
    assert told(planned(OTHER), planned()) == "Filter/other is neither pending nor done (create)"
    assert told(planned(), planned(OTHER)) == "Filter/other is not in the plan (now: create)"


def test_another_target_or_choice_is_another_plan() -> None:
    """The members beside the changes are compared first."""
    assert told(planned(OTHER), replace(planned(OTHER), region="eu-west-1")) == "target differs"


STOPPED = change(document("Recommender/r"), Action.CREATE)


def stopping(live: Live) -> Change:
    """The change of a recommender that is declared as stopped and still runs."""
    fields = (FieldChange(("state",), "running", "stopped"),)
    return change(document("Recommender/r"), Action.UPDATE, live=live, fields=fields)


OLD = at("Filter/f", BEFORE)
OLD_SOLUTION, NEW_SOLUTION = at("Solution/s", BEFORE), at("Solution/s", AFTER, "s-2")
SUCCESSOR = change(SOLUTION, Action.SUCCESSOR, live=OLD_SOLUTION, aws_name="s-2")
RECREATE = change(FILTER, Action.RECREATE, live=OLD)
UPDATE = change(
    CAMPAIGN, Action.UPDATE, live=at("Campaign/c", BEFORE), fields=(FieldChange(("minProvisionedTPS",), 1, 2),)
)
SECRET = replace(
    UPDATE, fields=tuple(FieldChange((member,), "a", "b", secret=True) for member in ("eventType", "roleArn"))
)
LEFT = change(SOLUTION, Action.UPDATE, live=OLD_SOLUTION, fields=(FieldChange((TAGS, ANNOUNCED), "c-1234@1", ABSENT),))
UNPROTECT = change(
    TRAINING,
    Action.UPDATE,
    live=at("SolutionVersion/c", BEFORE),
    fields=(FieldChange((TAGS, PROTECT), "true", ABSENT),),
)
RUN = change(TRAINING, Action.RUN, aws_name="c-1234")
TRAINED = at("SolutionVersion/c", AFTER, "c-1234")


@pytest.mark.parametrize(
    ("saved", "now"),
    [
        pytest.param([change(FILTER, Action.CREATE)], [change(FILTER, Action.NONE, live=CREATED)], id="created"),
        pytest.param([change(FILTER, Action.CREATE)], [change(FILTER, Action.WAIT, live=CREATED)], id="being created"),
        pytest.param([RUN], [change(TRAINING, Action.WAIT, live=TRAINED)], id="in progress"),
        pytest.param([RUN], [change(TRAINING, Action.NONE, live=TRAINED)], id="ran"),
        pytest.param([STOPPED], [stopping(at("Recommender/r", AFTER))], id="created, not stopped"),
        pytest.param([UPDATE], [replace(UPDATE, fields=(FieldChange((TAGS, APPLIED), 1, 2),))], id="not recorded"),
        pytest.param([UPDATE], [replace(UPDATE, action=Action.NONE, fields=())], id="updated"),
        pytest.param([SECRET], [replace(SECRET, fields=SECRET.fields[:1])], id="one of two secrets updated"),
        pytest.param([], [LEFT], id="an announcement left on another object"),
        pytest.param([replace(LEFT, action=Action.WAIT, fields=())], [LEFT], id="waited for, a record left"),
        pytest.param([UNPROTECT], [], id="protection lifted"),
        pytest.param([UPDATE], [replace(UPDATE, action=Action.WAIT, fields=())], id="being updated"),
        pytest.param([RECREATE], [change(FILTER, Action.CREATE)], id="deleted, not created again"),
        pytest.param([RECREATE], [replace(RECREATE, live=replace(OLD, status="DELETE PENDING"))], id="being deleted"),
        pytest.param([RECREATE], [change(FILTER, Action.NONE, live=CREATED)], id="recreated"),
        pytest.param(
            [SUCCESSOR],
            [
                change(SOLUTION, Action.DELETE, live=OLD_SOLUTION),
                change(SOLUTION, Action.NONE, live=NEW_SOLUTION, aws_name="s-2"),
            ],
            id="successor made, old one not deleted",
        ),
        pytest.param([SUCCESSOR], [change(SOLUTION, Action.NONE, live=NEW_SOLUTION)], id="succeeded"),
        pytest.param([change(FILTER, Action.DELETE, live=OLD)], [], id="deleted"),
        pytest.param([change(FILTER, Action.ADOPT, live=OLD)], [change(FILTER, Action.NONE, live=OLD)], id="adopted"),
        pytest.param([change(FILTER, Action.WAIT, live=OLD)], [change(FILTER, Action.NONE, live=OLD)], id="waited for"),
        pytest.param([change(FILTER, Action.FORGET, live=OLD)], [], id="forgotten"),
    ],
)
def test_what_is_done_or_in_flight_holds(saved: list[Change], now: list[Change]) -> None:
    """The saved plan holds whether something else is still pending or not."""
    assert told(planned(BEGUN, OTHER, *saved), planned(DONE, OTHER, *now)) == ""
    assert told(planned(*saved), planned(*now)) == ""


@pytest.mark.parametrize(
    ("saved", "now"),
    [
        pytest.param([change(FILTER, Action.CREATE)], [change(FILTER, Action.NONE, live=OLD)], id="older object"),
        pytest.param([change(FILTER, Action.CREATE)], [], id="never created"),
        pytest.param(
            [change(FILTER, Action.CREATE)],
            [change(FILTER, Action.UPDATE, live=CREATED, fields=(FieldChange(("filterExpression",), 1, 2),))],
            id="edited since",
        ),
        pytest.param([RUN], [change(TRAINING, Action.NONE, live=replace(TRAINED, name="other"))], id="another run"),
        pytest.param([RUN], [replace(RUN, aws_name="c-1234-2")], id="another attempt"),
        pytest.param(
            [UPDATE], [replace(UPDATE, live=at("Campaign/c", AFTER), action=Action.NONE, fields=())], id="replaced"
        ),
        pytest.param(
            [UPDATE], [replace(UPDATE, fields=(FieldChange(("itemExplorationConfig",), 1, 2),))], id="another member"
        ),
        pytest.param([UPDATE], [replace(UPDATE, fields=(FieldChange(("minProvisionedTPS",), 3, 2),))], id="edited"),
        pytest.param([STOPPED], [stopping(at("Recommender/r", BEFORE))], id="started"),
        pytest.param(
            [UPDATE],
            [replace(UPDATE, fields=(*UPDATE.fields, FieldChange((TAGS, PROTECT), "true", ABSENT)))],
            id="protected",
        ),
        pytest.param([RECREATE], [change(FILTER, Action.NONE, live=OLD)], id="not needed any more"),
        pytest.param([change(FILTER, Action.DELETE, live=OLD)], [change(FILTER, Action.KEEP, live=OLD)], id="kept"),
        pytest.param(
            [SUCCESSOR],
            [
                change(SOLUTION, Action.DELETE, live=OLD_SOLUTION, relies_on={("colleague's", AFTER): OLD_SOLUTION}),
                change(SOLUTION, Action.NONE, live=NEW_SOLUTION),
            ],
            id="more goes along",
        ),
        pytest.param([], [change(FILTER, Action.UPDATE, live=OLD)], id="drifted"),
    ],
)
def test_what_others_did_does_not(saved: list[Change], now: list[Change]) -> None:
    """The address is named, also if the rest of the plan is done."""
    address = str((now or saved)[0].address)

    assert told(planned(BEGUN, *saved), planned(DONE, *now)).startswith(f"{address} ")


def test_a_reference_may_be_known_by_now() -> None:
    """The version that was unknown when the plan was made is the one that an earlier apply has trained, no other."""
    live, target = at("Campaign/c", BEFORE), Unknown(TRAINING.address)

    def moving(after: Any) -> Change:
        return change(CAMPAIGN, Action.UPDATE, live=live, fields=(FieldChange(("solutionVersion",), "old", after),))

    trained = change(TRAINING, Action.NONE, live=TRAINED)

    assert told(planned(RUN, moving(target)), planned(trained, moving(TRAINED.arn))) == ""
    assert told(planned(RUN, moving(target)), planned(trained, moving("arn:other"))).startswith(
        "Campaign/c is not as saved"
    )
