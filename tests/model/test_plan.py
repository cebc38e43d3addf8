"""What a plan says of itself, and what its fingerprint stands for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import SUMMARY, Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import ABSENT, FieldChange, Unknown
from personalize_gitops.model.digest import digest, plain
from personalize_gitops.model.plan import Change, Plan
from personalize_gitops.model.reason import Reason, ReasonCode
from tests.support.builders import live, plan

FILTER = Address("Filter", "seen")
CHANGE = Change(
    address=FILTER,
    kind=KINDS["Filter"],
    action=Action.CREATE,
    aws_name="seen",
    reasons=(Reason(ReasonCode.NOT_IN_ACCOUNT),),
    attributes={"filterExpression": "x"},
)

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def change(action: Action) -> Change:
    return replace(CHANGE, action=action)


def test_what_stays_as_it_is_is_counted_and_not_listed() -> None:
    """In sync and kept resources leave nothing to do."""
    quiet = plan(change(Action.NONE), change(Action.KEEP))

    assert quiet.is_empty
    assert quiet.applyable
    assert quiet.in_sync == 1
    assert quiet.summary["keep"] == 1


def test_a_blocked_change_keeps_all_from_being_applied() -> None:
    """One is enough, and the plan names it."""
    stuck = plan(change(Action.CREATE), change(Action.BLOCKED))

    assert not stuck.applyable
    assert stuck.blocked == (stuck.changes[1],)


def test_both_ways_to_replace_count_as_one() -> None:
    """The summary has a word for each sort of change, in a fixed order."""
    counted = plan(change(Action.SUCCESSOR), change(Action.RECREATE), change(Action.CREATE)).summary

    assert tuple(counted) == SUMMARY
    assert {word: count for word, count in counted.items() if count} == {"create": 1, "replace": 2}


@pytest.mark.parametrize(
    ("action", "calls"),
    [
        (Action.SUCCESSOR, ("create", "delete")),
        (Action.RECREATE, ("delete", "create")),
        (Action.UPDATE, ("update",)),
        (Action.RUN, ("run",)),
        (Action.NONE, ()),
        (Action.KEEP, ()),
        (Action.BLOCKED, ()),
    ],
)
def test_the_calls_of_an_action(action: Action, calls: tuple[str, ...]) -> None:
    """In the order they happen."""
    assert change(action).actions == calls


def test_every_action_is_counted_or_in_sync() -> None:
    """The summary forgets none."""
    assert {action.summary for action in Action} - {"none"} <= set(SUMMARY)


@pytest.mark.parametrize(
    "other",
    [
        plan(CHANGE, target="staging"),
        plan(),
        plan(replace(CHANGE, address=Address("Filter", "other"))),
        plan(replace(CHANGE, action=Action.RECREATE)),
        plan(replace(CHANGE, aws_name="seen-2")),
        plan(replace(CHANGE, attributes={"filterExpression": "y"})),
        plan(replace(CHANGE, attributes={"filterExpression": Unknown(FILTER)})),
        plan(replace(CHANGE, fields=(FieldChange(("filterExpression",), ABSENT, "x"),))),
        plan(replace(CHANGE, live=live("Filter/seen"))),
        plan(replace(CHANGE, fingerprint="1a2b3c4d")),
    ],
)
def test_another_deed_has_another_fingerprint(other: Plan) -> None:
    """Whatever would be done to whichever object counts."""
    assert other.fingerprint != plan(CHANGE).fingerprint


def test_the_same_deed_has_the_same_fingerprint() -> None:
    """The order in which members were written does not count."""
    attributes = {"datasetGroup": "g", "filterExpression": "x"}
    one = plan(replace(CHANGE, attributes=attributes))

    other = plan(replace(CHANGE, attributes=dict(reversed(attributes.items()))))

    assert other.fingerprint == one.fingerprint


def test_fingerprints_are_stable_over_releases() -> None:
    """Plans in files, names of runs and tags outlive the program that wrote them."""
    assert digest({"b": [1, 2.5, None, True], "a": "é"}) == "0b8cc543e984"
    assert digest(["Solution", {}], 8) == "b1486faa"


@given(_json)
def test_digests_do_not_depend_on_the_order_of_members(value: Any) -> None:
    """Two mappings that are equal have one digest."""
    assert digest(value) == digest(backwards(value))


@pytest.mark.parametrize(
    ("value", "json"),
    [
        (Unknown(FILTER), {"unknown": "Filter/seen"}),
        (ABSENT, None),
        ({"a": (1, Unknown(FILTER))}, {"a": [1, {"unknown": "Filter/seen"}]}),
        ("text", "text"),
    ],
)
def test_values_as_json_carries_them(value: Any, json: Any) -> None:
    """Unknown and absent values have a form of their own."""
    assert plain(value) == json


def backwards(value: Any) -> Any:
    """A value with the members of its mappings in the opposite order."""
    match value:
        case dict():
            return {key: backwards(item) for key, item in reversed(value.items())}
        case list():
            return [backwards(item) for item in value]
        case _:
            return value
