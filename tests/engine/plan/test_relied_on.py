"""What a plan relies on: the objects whose replacement makes a saved plan stale."""

from __future__ import annotations

from personalize_gitops.engine.plan.relied_on import relied_on
from personalize_gitops.model.action import Action
from personalize_gitops.model.live import Live
from tests.support.builders import change, document, live, owned, snapshot

SOLUTION = owned("Solution/home", created=5.0)
VERSION = live(
    "SolutionVersion/home-1", {"solution": SOLUTION.arn}, arn=f"{SOLUTION.arn}/1a2b", created=6.0, described=True
)
CAMPAIGN = owned("Campaign/home", {"solutionVersion": VERSION.arn}, created=7.0)
FILTER = owned("Filter/other", created=8.0)


def found(action: Action, of: Live, **fields: object) -> set[tuple[str, float]]:
    """The objects that one change relies on, beside its own."""
    planned = change(document(f"{of.kind.kind_name()}/{of.name}"), action, live=of, **fields)
    account = snapshot(SOLUTION, VERSION, CAMPAIGN, FILTER)
    return set(relied_on([planned], account)) - {(of.arn, of.created)}


def test_a_deletion_relies_on_what_goes_with_it_and_on_its_users() -> None:
    """A solution takes its versions along, and a campaign that uses one of them matters."""
    assert found(Action.DELETE, SOLUTION) == {(VERSION.arn, 6.0), (CAMPAIGN.arn, 7.0)}


def test_an_update_relies_on_what_it_refers_to() -> None:
    """The version that a campaign is to serve must be the one that the plan saw."""
    wanted = {"solutionVersion": VERSION.arn}

    assert found(Action.UPDATE, CAMPAIGN, attributes=wanted, update=wanted) == {(VERSION.arn, 6.0)}


def test_unchanged_resources_are_not_relied_on() -> None:
    """A resource that needs nothing may change without making the plan stale."""
    assert relied_on([change(document("Filter/other"), Action.NONE, live=FILTER)], snapshot(FILTER)) == frozenset()
