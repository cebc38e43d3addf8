"""The text of a validation, to the letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from personalize_gitops.model.address import Address
from personalize_gitops.model.checks import Check
from personalize_gitops.model.problem import Problem, Severity, ValidationReport, did_you_mean
from personalize_gitops.model.problem_codes import FilterCode, ManifestCode
from personalize_gitops.model.reason import Path, Source, Verbatim, because
from personalize_gitops.render.style import Style
from personalize_gitops.render.validation import text

PROBLEMS = """\
m/a.yaml:4:3    Filter/f  datasetGroup: no DatasetGroup named "gg" is declared [PG020]
                          did you mean "g"?
m/a.yaml:5:3    Filter/f  warning: filterExpression, character 22: whether a filter can use ITEM_ID is not documented \
[PG302]
m/b.yaml:12:10            invalid YAML: found character that cannot start any token [PG002]
docs/diagnostics.md explains the codes.
2 problems in 2 files, 1 warning. Nothing was changed.
"""
UNDECLARED, DOUBTFUL, _ = FOUND = (
    Problem(
        because(ManifestCode.UNDECLARED_REFERENCE, target=Address("DatasetGroup", "gg")),
        Source("m/a.yaml", 4, 3),
        suggestion=did_you_mean("gg", ["g"]),
        subject="Filter/f",
        field=Path(("datasetGroup",)),
    ),
    Problem(
        because(FilterCode.FILTER_ON_ID, field=Verbatim("ITEM_ID")),
        Source("m/a.yaml", 5, 3),
        Severity.WARNING,
        subject="Filter/f",
        field=Path(("filterExpression",)),
        character=22,
        check=Check.PG302,
    ),
    Problem(
        because(ManifestCode.INVALID_YAML, error=Verbatim("found character that cannot start any token")),
        Source("m/b.yaml", 12, 10),
        subject="m/b.yaml",
    ),
)


def test_problems() -> None:
    """Place, document, field, fact; the remedy below the fact; warnings are marked and counted."""
    assert text(ValidationReport(FOUND)) == PROBLEMS


def test_warnings_have_another_colour_than_errors() -> None:
    """An error is red, a warning yellow."""
    assert "\x1b[31mdatasetGroup: no" in text(ValidationReport((UNDECLARED,)), Style(coloured=True))
    assert "\x1b[33mwarning: filterExpression" in text(ValidationReport((DOUBTFUL,)), Style(coloured=True))


@pytest.mark.parametrize(
    ("targets", "warnings", "line"),
    [
        (("local",), (), "Valid: 22 documents, for target local."),
        (("local", "prod"), (DOUBTFUL,), "Valid: 22 documents, for targets local, prod. 1 warning."),
    ],
)
def test_valid_manifests(targets: tuple[str, ...], warnings: tuple[Problem[Source], ...], line: str) -> None:
    """The last line has the number of documents, the targets they are valid for, and the number of warnings."""
    assert text(ValidationReport(warnings, 22, targets)).splitlines()[-1] == line


def many(count: int, check: Check = Check.PG302) -> tuple[Problem[Source], ...]:
    """Problems of one sort, one at each line."""
    return tuple(replace(DOUBTFUL, place=Source("m/a.yaml", line, 3), check=check) for line in range(1, count + 1))


def test_of_many_problems_of_one_sort_the_first_is_told() -> None:
    """With the number of the others and the first places; `--all` tells each. Five are not many."""
    few, most, every = (text(ValidationReport(many(5))), text(ValidationReport(many(910))), text(EVERY))

    assert few.count("is not documented") == 5
    assert most.count("is not documented") == 1
    assert (
        "    909 more [PG302]: m/a.yaml:2:3, m/a.yaml:3:3, m/a.yaml:4:3, … "
        "(`personalize-gitops validate --all` lists each)\n"
    ) in most
    assert every.count("is not documented") == 910
    assert text(ValidationReport((*many(910), UNDECLARED))).count("more [") == 1


EVERY = ValidationReport(many(910), every=True)


def test_the_line_of_a_problem_has_a_marker() -> None:
    """Below the place, as far as it goes; to the end of the line where the end is not known."""
    place = Source("m/a.yaml", 4, 3, 15)
    lines = {place: "\t datasetGroup: gg"}

    assert excerpt(place, lines) == ["    4 |   datasetGroup: gg", "      |   ^^^^^^^^^^^^"]
    assert excerpt(replace(place, end=None), lines)[1] == "      |   ^^^^^^^^^^^^^^^^"
    assert excerpt(place, {}) == []


def test_of_a_long_line_a_part_is_shown() -> None:
    """That around the place, with what is left out on both sides."""
    place = Source("m/a.yaml", 4, 1001, 1003)

    shown, marker = excerpt(place, {place: "a" * 1000 + "bc" + "d" * 1000})

    assert shown == f"    4 | …{'a' * 40}bc{'d' * 58}…"
    assert marker == f"      | {' ' * 41}^^"


def test_characters_that_are_escaped_do_not_move_the_marker() -> None:
    """An escape is longer than its character."""
    place = Source("m/a.yaml", 4, 3, 5)

    assert excerpt(place, {place: "\u202ea\u202eb"}) == [r"    4 | \u202ea\u202eb", "      |        ^^^^^^^"]


def test_many_problems_show_the_line_of_the_first_of_each_check() -> None:
    """Ten show each line."""
    checks = [*Check][:11]
    found = [replace(DOUBTFUL, place=Source("m/a.yaml", 1 + each), check=check) for each, check in enumerate(checks)]
    more = [replace(one, place=Source("m/b.yaml", one.place.line)) for one in found]
    lines = {one.place: "x" for one in (*found, *more)}

    assert text(ValidationReport(tuple(found[:10]), lines=lines)).count("| ^") == 10
    assert text(ValidationReport((*found, *more), lines=lines)).count("| ^") == 11


def excerpt(place: Source, lines: Mapping[Source, str]) -> list[str]:
    """The lines of the text that show the line of a problem."""
    shown = text(ValidationReport((replace(UNDECLARED, place=place, suggestion=None),), lines=lines))
    return shown.splitlines()[1:-2]
