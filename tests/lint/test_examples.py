"""Each check of `validate` finds its example, and accepts the nearest manifest that is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.model.checks import Check, codes_of
from personalize_gitops.model.problem_codes import FieldsCode, ManifestCode, ValueCode
from personalize_gitops.model.reason import Code
from tools.examples import EXAMPLES, problems_in


@pytest.mark.parametrize("check", Check)
def test_a_check_finds_its_example(check: Check, tmp_path: Path) -> None:
    """The example of a check is refused by this check alone, and its neighbour by none."""
    assert {problem.check for problem in problems_in(check, "refused", tmp_path / "refused")} == {check}
    assert problems_in(check, "accepted", tmp_path / "accepted") == ()


def test_every_example_is_of_a_check() -> None:
    """No folder of examples is left of a check that has gone."""
    assert {folder.name for folder in EXAMPLES.iterdir()} == set(Check)


def test_every_reason_of_a_document_has_one_check() -> None:
    """A problem of a file, a value or a field has a code that its reader can look up."""
    told: list[Code] = [code for check in Check for code in codes_of(check)]

    assert sorted(told) == sorted([*ManifestCode, *ValueCode, *FieldsCode])
