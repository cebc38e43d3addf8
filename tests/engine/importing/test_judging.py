"""Drafts that a plan would do more to than adopt their objects."""

from __future__ import annotations

import pytest

from personalize_gitops.engine.importing.judging import refused
from personalize_gitops.model.action import Action
from personalize_gitops.model.importing import Drafts, ObjectDraft
from personalize_gitops.model.problem_codes import ImportCode
from personalize_gitops.model.reason import Reason, ReasonCode
from personalize_gitops.model.reference import Newest
from tests.support.builders import change, document, live, plan

FILTER = document("Filter/f")


@pytest.mark.parametrize("action", Action)
def test_only_adoption_is_accepted(action: Action) -> None:
    """Any other change than none is told with the reasons of the plan."""
    drafts = Drafts((ObjectDraft(FILTER.address, live("Filter/f"), {}),))
    why = Reason(ReasonCode.BEING_DELETED)

    found = refused(
        drafts, plan(change(FILTER, action, reasons=(why,)), change(document("Filter/mine"), Action.CREATE))
    )

    if action in (Action.ADOPT, Action.NONE, Action.KEEP):
        assert found == {}
    else:
        assert [reason.code for reason in found[FILTER.address]] == [ImportCode.NOT_ADOPTABLE, why.code]


def test_a_refused_draft_takes_those_that_refer_to_it_along() -> None:
    """They are left out with a reason that names it, at any distance."""
    group, solution, campaign = (document(f"{kind}/x").address for kind in ("DatasetGroup", "Solution", "Campaign"))
    newest = Newest("SolutionVersion", solution, followed=True)
    drafts = Drafts(
        (
            ObjectDraft(group, live("DatasetGroup/x"), {}),
            ObjectDraft(FILTER.address, live("Filter/f"), {}),
            ObjectDraft(solution, live("Solution/x"), {}, {"datasetGroup": group}),
            ObjectDraft(campaign, live("Campaign/x"), {}, {"solutionVersion": newest}),
        )
    )

    found = drafts.without({group: (Reason(ImportCode.BEING_DELETED),)})

    assert found.addresses == {FILTER.address}
    assert [(each.live.kind.kind_name(), each.reasons[0].code) for each in found.left_out] == [
        ("DatasetGroup", ImportCode.BEING_DELETED),
        ("Solution", ImportCode.REFERS_TO_LEFT_OUT),
        ("Campaign", ImportCode.REFERS_TO_LEFT_OUT),
    ]
