"""The text of a validation, to the letter."""

from __future__ import annotations

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
