"""Addresses, references, suggestions: how things are named, and what is made of a wrong name."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.model.address import Address
from personalize_gitops.model.comparison import member_at
from personalize_gitops.model.desired import addresses_in
from personalize_gitops.model.names import MAX_NAME, cut
from personalize_gitops.model.problem import Problem, did_you_mean, in_reading_order
from personalize_gitops.model.problem_codes import ManifestCode, Remedy, ValueCode
from personalize_gitops.model.reason import Reason, Source, Verbatim, because
from personalize_gitops.model.reference import InvalidReference, Newest, Reference, read_reference

ARN = "arn:aws:personalize:us-east-1:123456789012:solution/rank"
RANK = Address("Solution", "rank")
A_CAMPAIGN = because(
    ManifestCode.REFERENCE_OF_OTHER_KIND, expected=Verbatim("Solution"), found=Address("Campaign", "home")
)


def test_an_address_is_read_as_it_is_written() -> None:
    """`Kind/name` and back."""
    assert Address.parse(str(RANK)) == RANK


@pytest.mark.parametrize("text", ["", "/", "Solution", "Solution/", "/rank", "Solution/rank/1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    """One slash with something on both sides, and nothing else."""
    with pytest.raises(ValueError, match="expected Kind/name"):
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
    ("kind", "value", "reason"),
    [
        ("Solution", "Campaign/home", A_CAMPAIGN),
        ("Solution", "Solution/rank/1", because(ManifestCode.INVALID_REFERENCE, found=Verbatim("Solution/rank/1"))),
        ("SolutionVersion", {"solution": "Campaign/home", "version": "latest"}, A_CAMPAIGN),
    ],
)
def test_references_to_something_else_are_refused(kind: str, value: Any, reason: Reason) -> None:
    """Another kind cannot stand where one is wanted."""
    with pytest.raises(InvalidReference) as refused:
        read_reference(kind, value)

    assert refused.value.reason == reason


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
        ("filterExpresion", "filterExpression"),
        ("FILTEREXPRESSION", "filterExpression"),
        ("nme", "name"),
        ("colour", None),
        ("", None),
    ],
)
def test_the_nearest_word_is_suggested(word: str, suggestion: str | None) -> None:
    """A likely slip gets its correction, whatever the case; a stranger gets none."""
    expected = because(Remedy.DID_YOU_MEAN, candidate=Verbatim(suggestion)) if suggestion else None

    assert did_you_mean(word, ["name", "filterExpression", "datasetGroup"]) == expected


def test_nothing_is_suggested_from_nothing() -> None:
    """Without candidates there is no suggestion."""
    assert did_you_mean("name", []) is None


def test_problems_stand_in_reading_order() -> None:
    """By file, line and column, each once."""
    places = [Source("b.yaml", 1), Source("a.yaml", 10, 2), Source("a.yaml", 9), Source("a.yaml", 10, 1)]

    problems = in_reading_order(Problem(because(ValueCode.UNKNOWN_FIELD), place) for place in (*places, *places))

    assert [str(problem.place) for problem in problems] == ["a.yaml:9:1", "a.yaml:10:1", "a.yaml:10:2", "b.yaml:1:1"]


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
