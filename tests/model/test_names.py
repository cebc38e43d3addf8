"""Addresses, references, suggestions: how things are named, and what is made of a wrong name."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.model.address import Address
from personalize_gitops.model.comparison import member_at
from personalize_gitops.model.desired import addresses_in
from personalize_gitops.model.diagnostics import Problem, did_you_mean
from personalize_gitops.model.names import MAX_NAME, cut
from personalize_gitops.model.reason import Source
from personalize_gitops.model.reference import Newest, Reference, read_reference

ARN = "arn:aws:personalize:us-east-1:123456789012:solution/rank"
RANK = Address("Solution", "rank")


def test_an_address_is_read_as_it_is_written() -> None:
    """`Kind/name` and back."""
    assert Address.parse(str(RANK)) == RANK


@pytest.mark.parametrize("text", ["", "/", "Solution", "Solution/", "/rank", "Solution/rank/1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    """One slash with something on both sides, and nothing else."""
    with pytest.raises(ValueError, match="is not of the form Kind/name"):
        Address.parse(text)


@pytest.mark.parametrize(
    ("kind", "value", "reference"),
    [
        ("Solution", "rank", RANK),
        ("Solution", "Solution/rank", RANK),
        ("Solution", ARN, ARN),
        ("SolutionVersion", f"{ARN}/$LATEST", f"{ARN}/$LATEST"),
        (
            "SolutionVersion",
            {"solution": "rank", "version": "latest"},
            Newest("SolutionVersion", RANK, followed=False),
        ),
        (
            "SolutionVersion",
            {"version": "$LATEST", "solution": "Solution/rank"},
            Newest("SolutionVersion", RANK, followed=True),
        ),
        ("SolutionVersion", {"solution": ARN, "version": "$LATEST"}, Newest("SolutionVersion", ARN, followed=True)),
    ],
)
def test_references_are_read(kind: str, value: Any, reference: Reference) -> None:
    """A name, a `Kind/name`, an ARN, or the newest version of a solution."""
    assert read_reference(kind, value) == reference


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("Solution", "Campaign/home", "Campaign/home is a Campaign; a Solution is wanted"),
        ("Solution", "Solution/rank/1", "is not of the form Kind/name"),
        ("SolutionVersion", {"solution": "Campaign/home", "version": "latest"}, "a Solution is wanted"),
    ],
)
def test_references_to_something_else_are_refused(kind: str, value: Any, said: str) -> None:
    """Another kind cannot stand where one is wanted."""
    with pytest.raises(ValueError, match=said):
        read_reference(kind, value)


@pytest.mark.parametrize(
    ("reference", "addresses"),
    [
        (RANK, [RANK]),
        (ARN, []),
        (Newest("SolutionVersion", RANK, followed=True), [RANK]),
        (Newest("SolutionVersion", ARN, followed=True), []),
    ],
)
def test_what_a_reference_names(reference: Reference, addresses: list[Address]) -> None:
    """Only what is declared here has an address."""
    assert list(addresses_in(reference)) == addresses


@pytest.mark.parametrize(
    ("word", "suggestion"),
    [
        ("filterExpresion", 'did you mean "filterExpression"?'),
        ("FILTEREXPRESSION", 'did you mean "filterExpression"?'),
        ("nme", 'did you mean "name"?'),
        ("colour", ""),
        ("", ""),
    ],
)
def test_the_nearest_word_is_suggested(word: str, suggestion: str) -> None:
    """A likely slip gets its correction, whatever the case; a stranger gets none."""
    assert did_you_mean(word, ["name", "filterExpression", "datasetGroup"]) == suggestion


def test_nothing_is_suggested_from_nothing() -> None:
    """Without candidates there is no suggestion."""
    assert did_you_mean("name", []) == ""


def test_problems_stand_in_reading_order() -> None:
    """By file, line, column; the code of a check does not count."""
    places = [Source("b.yaml", 1), Source("a.yaml", 10, 2), Source("a.yaml", 9), Source("a.yaml", 10, 1)]

    problems = sorted(Problem(place, "Filter/f", "wrong") for place in places)

    assert [str(problem.source) for problem in problems] == ["a.yaml:9:1", "a.yaml:10:1", "a.yaml:10:2", "b.yaml:1:1"]
    assert Problem(places[0], "x", "y", code="PG101") == Problem(places[0], "x", "y")


def test_names_are_cut_to_what_aws_takes() -> None:
    """The ending survives whole."""
    assert cut("short", "-2") == "short-2"
    assert cut("x" * 80, "-12345678") == "x" * (MAX_NAME - 9) + "-12345678"


@pytest.mark.parametrize(
    ("path", "value"),
    [((), {"a": {"b": 0}}), (("a",), {"b": 0}), (("a", "b"), 0), (("a", "b", "c"), None), (("x",), None)],
)
def test_members_are_found_by_path(path: tuple[str, ...], value: Any) -> None:
    """A path that leads nowhere leads to None."""
    assert member_at({"a": {"b": 0}}, path) == value
