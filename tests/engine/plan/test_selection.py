"""The part of a plan that `--only` and `--exclude` choose, and what it takes along."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from personalize_gitops.engine.plan.context import Policy
from personalize_gitops.engine.plan.selection import selected
from personalize_gitops.errors import InvalidChoice
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.plan import Change, Plan, Selection
from personalize_gitops.render.reasons import full_text
from tests.support.builders import ACCOUNT, HEAD, REGION, change, document, owned

SOLUTION, VERSION = f"{HEAD}:solution/s", f"{HEAD}:solution/s/1"
NEEDS = {
    "DatasetGroup/g": (),
    "DatasetImportJob/i": ("DatasetGroup/g",),
    "Solution/s": ("DatasetGroup/g",),
    "SolutionVersion/s": ("Solution/s", "DatasetImportJob/i"),
    "Campaign/s": ("SolutionVersion/s",),
    "Filter/f": ("DatasetGroup/g",),
}


def changed(address: str, action: Action, *members: str) -> Change:
    """The change of a document; `members` differ."""
    found = {
        "Solution/s": owned("Solution/s", arn=SOLUTION),
        "Campaign/s": owned("Campaign/s", {"solutionVersion": VERSION}),
    }.get(address)
    fields = tuple(FieldChange((member, "x"), 1, 2) for member in members)
    return change(document(address), action, live=found, fields=fields)


def part(changes: Iterable[Change], only: Iterable[str] = (), exclude: Iterable[str] = ()) -> Plan:
    """The part of a plan of these changes."""
    needs = {Address.parse(key): frozenset(map(Address.parse, others)) for key, others in NEEDS.items()}
    plan = Plan("shop", "local", ACCOUNT, REGION, tuple(changes), needs)
    named = (frozenset(map(Address.parse, addresses)) for addresses in (only, exclude))
    return selected(plan, Policy(only=next(named), exclude=next(named)))


def addresses(plan: Plan) -> set[str]:
    return {str(found.address) for found in plan.pending}


FIRST = [changed(address, Action.RUN if "n/" in address or "Job" in address else Action.CREATE) for address in NEEDS]


def test_a_plan_without_a_choice_is_complete() -> None:
    """Nothing is left out, and there is no selection to tell of."""
    assert part(FIRST).selection is None


def test_what_is_needed_is_included_and_told() -> None:
    """The first apply of a training needs the solution, the import and the group; the campaign and filter stay out."""
    plan = part(FIRST, only=["SolutionVersion/s"])

    assert addresses(plan) == {"SolutionVersion/s", "Solution/s", "DatasetImportJob/i", "DatasetGroup/g"}
    assert plan.selection == Selection(
        (Address("DatasetGroup", "g"), Address("DatasetImportJob", "i"), Address("Solution", "s")),
        (Address("Campaign", "s"), Address("Filter", "f")),
    )


def test_what_is_in_sync_needs_nothing() -> None:
    """A campaign whose version is in sync changes alone, also if more is pending below."""
    plan = part(
        [
            changed("DatasetImportJob/i", Action.RUN),
            changed("SolutionVersion/s", Action.NONE),
            changed("Campaign/s", Action.UPDATE, "minProvisionedTPS"),
        ],
        only=["Campaign/s"],
    )

    assert addresses(plan) == {"Campaign/s"}


@pytest.mark.parametrize("action", [Action.ADOPT, Action.UPDATE])
def test_tags_are_not_needed(action: Action) -> None:
    """A pending change of nothing but tags is neither included nor a reason to leave others out."""
    tags = changed("DatasetGroup/g", action, "tags")

    assert addresses(part([tags, changed("Filter/f", Action.CREATE)], only=["Filter/f"])) == {"Filter/f"}
    assert addresses(part([tags, changed("Filter/f", Action.CREATE)], exclude=["DatasetGroup/g"])) == {"Filter/f"}


def test_a_deletion_needs_those_that_move_away() -> None:
    """A successor takes along the training and the campaign that move to it: the old solution goes after them."""
    plan = part(
        [
            changed("Solution/s", Action.SUCCESSOR),
            changed("SolutionVersion/s", Action.RUN),
            changed("Campaign/s", Action.UPDATE, "solutionVersion"),
            changed("Filter/f", Action.RECREATE),
        ],
        only=["Solution/s"],
    )

    assert addresses(plan) == {"Solution/s", "SolutionVersion/s", "Campaign/s"}


def test_what_needs_an_excluded_change_is_left_out_too() -> None:
    """Without the import there is no training and no campaign; everything else goes on."""
    plan = part(FIRST, exclude=["DatasetImportJob/i"])

    assert addresses(plan) == {"DatasetGroup/g", "Solution/s", "Filter/f"}
    assert plan.selection
    assert [str(found) for found in plan.selection.left_out] == [
        "Campaign/s",
        "DatasetImportJob/i",
        "SolutionVersion/s",
    ]


@pytest.mark.parametrize(
    ("only", "exclude", "text"),
    [
        (["Campaign/s"], ["Solution/s"], "--exclude Solution/s: --only Campaign/s needs it"),
        (["Campaign/x"], [], '--only Campaign/x: neither declared nor owned; did you mean "Campaign/s"?'),
        ([], ["Schema/other"], "--exclude Schema/other: neither declared nor owned; `status` lists the resources"),
    ],
)
def test_a_selection_that_cannot_be(only: list[str], exclude: list[str], text: str) -> None:
    """The error names the option, the address, and why."""
    with pytest.raises(InvalidChoice) as raised:
        part(FIRST, only, exclude)

    error = raised.value
    assert f"{error.option} {error.value}: {full_text(error.reason, error.suggestion)}" == text
