"""What can be run again and replaced, and what the error says otherwise."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.engine.plan.choices import check_choices
from personalize_gitops.engine.plan.context import PlanContext, Policy
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.address import Address
from personalize_gitops.model.desired import Lifecycle, Manage
from personalize_gitops.render.reasons import full_text
from tests.support.builders import desired, document, snapshot

DESIRED = desired(
    document("Solution/home"),
    document("Filter/new"),
    document("SolutionVersion/home", {"solution": "home"}),
    document("Solution/seen", lifecycle=Lifecycle(manage=Manage.OBSERVE)),
    document("SolutionVersion/seen", {"solution": "seen"}),
    document("Filter/paused", lifecycle=Lifecycle(manage=Manage.PAUSED)),
)


@pytest.mark.parametrize(
    ("option", "address", "text"),
    [
        (
            "rerun",
            "Solution/home",
            "Solution is not a run, so it cannot run again; pass --rerun SolutionVersion/home",
        ),
        (
            "rerun",
            "Filter/new",
            "Filter is not a run, so it cannot run again; pass --replace Filter/new to create it again",
        ),
        ("rerun", "SolutionVersion/hom", 'no document declares it; did you mean "SolutionVersion/home"?'),
        ("rerun", "Campaign/other", "no document declares it; `status` lists the resources"),
        ("replace", "Filter/nee", 'no document declares it; did you mean "Filter/new"?'),
        (
            "replace",
            "SolutionVersion/home",
            "SolutionVersion runs once and is never replaced; pass --rerun SolutionVersion/home",
        ),
        ("replace", "Solution/seen", "it has `manage: observe`, so it is not changed"),
        ("replace", "Filter/paused", "it has `manage: paused`, so it is not changed"),
        ("rerun", "SolutionVersion/seen", "it has `manage: observe`, so it is not changed"),
    ],
)
def test_a_choice_that_cannot_be_carried_out_is_an_error(option: str, address: str, text: str) -> None:
    """The error says why, and what to choose instead."""
    chosen: dict[str, Any] = {option: frozenset({Address.parse(address)})}
    policy = Policy(**chosen)

    with pytest.raises(InvalidChoice) as raised:
        check_choices(PlanContext(DESIRED, snapshot(), policy))

    assert (raised.value.option, str(raised.value.value)) == (f"--{option}", address)
    assert full_text(raised.value.reason, raised.value.suggestion) == text
