"""Where one set of members does not have what another declares."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import ABSENT, FieldChange, Unknown, diff, overlay

Members = dict[str, Any]

_scalars = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b"]) | st.lists(st.integers(0, 2))
)
_members = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(_scalars, lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3), max_leaves=6),
    max_size=3,
)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        pytest.param({"a": 1}, {"a": 1}, [], id="the same"),
        pytest.param({"a": 1}, {"a": 2}, [("a", 1, 2)], id="another value"),
        pytest.param({}, {"a": 1}, [("a", ABSENT, 1)], id="a member more"),
        pytest.param({"a": None}, {"a": 1}, [("a", None, 1)], id="null is not absent"),
        pytest.param({"a": 1, "b": 2}, {"a": 1}, [], id="what is not declared is nobody's concern"),
        pytest.param({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, [], id="nor inside a structure"),
        pytest.param({"a": {"b": 1}}, {"a": {"b": 2}}, [("a.b", 1, 2)], id="inside a structure"),
        pytest.param({}, {"a": {}}, [], id="an empty structure asks for nothing"),
        pytest.param({}, {"a": {"b": {}}}, [], id="nor does one of empty ones"),
        pytest.param({}, {"a": {"b": 1}}, [("a.b", ABSENT, 1)], id="an absent structure is an empty one"),
        pytest.param({"a": {"b": 1}}, {"a": {}}, [], id="declaring nothing of a structure"),
        pytest.param({"a": [1, 2]}, {"a": [2, 1]}, [("a", [1, 2], [2, 1])], id="lists are whole values"),
        pytest.param({"a": 1}, {"a": {"b": 1}}, [("a", 1, {"b": 1})], id="a structure for a scalar"),
        pytest.param({"a": {"b": 1}}, {"a": 1}, [("a", {"b": 1}, 1)], id="a scalar for a structure"),
    ],
)
def test_differences(before: Members, after: Members, found: list[tuple[str, Any, Any]]) -> None:
    """Each differing member is found with its path and both values."""
    changes = list(diff(before, after))

    assert [(str(change), change.before, change.after) for change in changes] == found


@given(_members)
def test_nothing_differs_from_itself(members: Members) -> None:
    """Whatever the members, they are as declared by themselves."""
    assert list(diff(members, members)) == []


@given(_members, _members)
def test_what_is_laid_over_no_longer_differs(below: Members, above: Members) -> None:
    """Sending live overlaid with the declared ends every difference."""
    assert list(diff(overlay(below, above), above)) == []


@given(_members, _members)
def test_differences_are_real(before: Members, after: Members) -> None:
    """Every path leads to the two values that are told, and they are not equal."""
    for change in diff(before, after):
        assert at(after, change.path) == change.after
        assert at(before, change.path) == change.before
        assert change.before != change.after


@given(_members, _members)
def test_only_what_is_declared_can_differ(before: Members, after: Members) -> None:
    """What the declaration leaves out makes no difference, whatever it is."""
    declared_part = {name: value for name, value in before.items() if name in after}

    assert list(diff(declared_part, after)) == list(diff(before, after))


def test_an_unknown_value_differs_from_any_other() -> None:
    """The ARN of what is yet to be made is not the one that is there."""
    unknown = Unknown(Address("Solution", "rank"))

    assert list(diff({"solution": "arn:x"}, {"solution": unknown})) == [FieldChange(("solution",), "arn:x", unknown)]
    assert str(unknown) == "(known after Solution/rank)"


def at(members: Any, path: tuple[str, ...]) -> Any:
    """The value at a path; ABSENT when there is none."""
    for step in path:
        if not isinstance(members, dict) or step not in members:
            return ABSENT
        members = members[step]
    return members
