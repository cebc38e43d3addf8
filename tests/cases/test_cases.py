"""Every case of the table comes to its plan, and the table leaves out no member of any kind.

How a case is written, and how plans are written anew, stands in the docstring of this package.
"""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import pytest

from tests.cases.case import CASES, expected, printed

MANIFESTS = """
kind: Project
name: shop
spec: {targets: {prod: {}}}
---
kind: DatasetGroup
name: shop
spec: {}
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_comes_to_its_plan(case: Path) -> None:
    """The manifests of a case, met with its account, make the plan that stands beside them."""
    found = printed(case).splitlines(keepends=True)

    assert not "".join(unified_diff(expected(case).splitlines(keepends=True), found, "plan.txt", "as planned now"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_says_what_it_shows(case: Path) -> None:
    """The first line of live.yaml is a sentence for the reader."""
    first = (case / "live.yaml").read_text().partition("\n")[0]

    assert first.startswith("# ")
    assert first.endswith(".")


@pytest.mark.parametrize(
    ("live", "fact"),
    [
        ("Solution/home: {spec: {datasetGroup: shop, recipe: aws-similar-items, performHpo: true}}", "no performHpo"),
        ("Solution/home: {spec: {datasetGroup: shop, solutionConfig: {hpo: {}}}}", "solutionConfig.hpo\n"),
        ("EventTracker/web: {spec: {datasetGroup: video}}", "DatasetGroup/video stands for 0 objects"),
        ("EventTracker/web: {owned: EventTracker/web}", "needs a spec"),
        ("DatasetGroup/shop: {stauts: ACTIVE}", "stauts"),
    ],
)
def test_what_no_account_could_hold_is_an_error(tmp_path: Path, live: str, fact: str) -> None:
    """A member, a reference or a word misspelt in live.yaml does not pass in silence."""
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "shop.yaml").write_text(MANIFESTS)
    (tmp_path / "live.yaml").write_text(live)

    with pytest.raises(ValueError, match=fact):
        printed(tmp_path)
