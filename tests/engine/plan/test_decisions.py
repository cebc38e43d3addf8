"""The decisions so far, and what references resolve to under them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalize_gitops.engine.plan.decisions import Decision, Decisions, newest_success, resolve
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import Unknown
from personalize_gitops.model.plan import DeclaredChange
from personalize_gitops.model.reference import Newest
from tests.engine.plan.contexts import decided
from tests.support.builders import HEAD, change, document, live, owned, snapshot

SOLUTION = Address("Solution", "rank")
RANK = owned("Solution/rank", {"datasetGroup": f"{HEAD}:dataset-group/shop"})
NEWEST, FOLLOWED = (Newest("SolutionVersion", SOLUTION, followed) for followed in (False, True))
NAMES = st.lists(st.text("abc", min_size=1, max_size=3), unique=True, max_size=8)


def group(name: str, action: Action = Action.CREATE) -> Decision:
    return Decision(change(document(f"DatasetGroup/{name}"), action), token=name)


def rank(action: Action) -> DeclaredChange:
    """Return a change of the solution `rank`, which exists unless it is created."""
    found = document("Solution/rank", RANK.attributes)
    return change(found, action, live=None if action is Action.CREATE else RANK)


def training(action: Action) -> DeclaredChange:
    return change(document("SolutionVersion/rank", {"solution": "rank"}), action)


@given(NAMES)
def test_decisions_never_change_when_they_are_extended(names: list[str]) -> None:
    """After many extensions, each earlier value still holds exactly its own decisions."""
    values = [Decisions()]
    for name in names:
        values.append(values[-1].extended(group(name, Action.RECREATE)))

    for count, value in enumerate(values):
        assert [name for name in names if Address("DatasetGroup", name) in value] == names[:count]


@given(NAMES.filter(bool), st.data())
def test_only_the_newest_decisions_can_be_extended(names: list[str], data: st.DataObject) -> None:
    """Extending an earlier value raises ValueError and adds nothing to any value."""
    values = [Decisions()]
    for name in names:
        values.append(values[-1].extended(group(name)))
    earlier = data.draw(st.sampled_from(values[:-1]))

    with pytest.raises(ValueError, match="newest"):
        earlier.extended(group("other"))

    assert Address("DatasetGroup", "other") not in values[-1]


def test_a_later_decision_is_not_in_an_earlier_value() -> None:
    """An earlier value shows a later decision neither by address, nor among the runs or the recreated bases."""
    before = Decisions()
    solution, version = rank(Action.RECREATE), training(Action.RUN)
    after = before.extended(Decision(solution, "rank")).extended(Decision(version, "version"))
    campaign = live("Campaign/home", {"solutionVersion": f"{RANK.arn}/1"})

    assert (after.recreated_base(campaign), [*after.runs_of("SolutionVersion", SOLUTION)]) == (SOLUTION, [version])
    assert (before.recreated_base(campaign), [*before.runs_of("SolutionVersion", SOLUTION)]) == (None, [])
    with pytest.raises(KeyError):
        before[SOLUTION]


@pytest.mark.parametrize("action", Action)
def test_a_reference_to_a_new_object_is_known_after_apply(action: Action) -> None:
    """An address resolves to the ARN of its object, or to Unknown if the plan replaces the object."""
    is_new = action in (Action.CREATE, Action.SUCCESSOR, Action.RECREATE, Action.RUN)

    assert resolve(SOLUTION, decided(rank(action)), snapshot(RANK)) == (Unknown(SOLUTION) if is_new else RANK.arn)


def test_an_arn_resolves_to_itself() -> None:
    """An ARN in a manifest is passed on without a look at the account."""
    assert resolve(RANK.arn, Decisions(), snapshot()) == RANK.arn


OLD = live("SolutionVersion/old", arn=f"{RANK.arn}/old", created=1.0)
NEW = live("SolutionVersion/new", arn=f"{RANK.arn}/new", created=2.0)
FAILED = live("SolutionVersion/failed", arn=f"{RANK.arn}/failed", created=3.0, status="CREATE FAILED")
OTHER = live("SolutionVersion/other", arn=f"{RANK.arn}-2/other", created=4.0)


def test_the_newest_run_is_the_successful_one_created_last() -> None:
    """Failed runs and runs of another resource do not count."""
    assert resolve(NEWEST, decided(rank(Action.NONE)), snapshot(RANK, NEW, OLD, FAILED, OTHER)) == NEW.arn
    assert newest_success([FAILED]) is None


@pytest.mark.parametrize("action", [Action.RUN, Action.WAIT])
def test_the_newest_run_is_the_one_that_the_plan_starts(action: Action) -> None:
    """A campaign on `latest` moves to the training that the same plan starts or waits for."""
    decisions = decided(rank(Action.NONE), training(action))

    assert resolve(NEWEST, decisions, snapshot(RANK, OLD)) == Unknown(Address("SolutionVersion", "rank"))


@pytest.mark.parametrize("reference", [NEWEST, FOLLOWED])
def test_without_a_successful_run_there_is_no_newest(reference: Newest) -> None:
    """The reference resolves to None, and the planner then waits."""
    assert resolve(reference, decided(rank(Action.NONE)), snapshot(RANK, FAILED)) is None
    assert resolve(reference, decided(rank(Action.CREATE)), snapshot()) is None


def test_a_followed_reference_ends_in_latest() -> None:
    """`$LATEST` is an alias below the ARN of the solution, which is known after apply if the solution is replaced."""
    new_solution = decided(rank(Action.SUCCESSOR), training(Action.RUN))

    assert resolve(FOLLOWED, decided(rank(Action.NONE)), snapshot(RANK, OLD)) == f"{RANK.arn}/$LATEST"
    assert resolve(FOLLOWED, new_solution, snapshot(RANK, OLD)) == Unknown(SOLUTION, "/$LATEST")


def test_a_recreated_base_is_found_through_the_objects_references() -> None:
    """An object depends on a recreated base if it refers to the base or to an ARN below it."""
    campaign = live("Campaign/home", {"solutionVersion": OLD.arn})

    assert decided(rank(Action.RECREATE)).recreated_base(campaign) == SOLUTION
    assert decided(rank(Action.SUCCESSOR)).recreated_base(campaign) is None
    assert decided(rank(Action.RECREATE)).recreated_base(live("Campaign/far", {"solutionVersion": OTHER.arn})) is None
