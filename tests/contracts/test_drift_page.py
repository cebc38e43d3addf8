"""docs/drift.md has every class of findings, and what it says of each is true."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from personalize_gitops.model.address import Address
from personalize_gitops.model.drift import FAILING, Drift, Finding
from personalize_gitops.model.reason import Source

PAGE = (Path(__file__).parents[2] / "docs" / "drift.md").read_text()
ROWS = {
    found[1]: [cell.strip() for cell in found[2].split(" | ")]
    for found in re.finditer(r"^\| `([a-z-]+)` \| (.*) \|$", PAGE, re.MULTILINE)
}


def test_every_class_has_a_row() -> None:
    """And the schema of the JSON document has each too."""
    schema = json.loads(files("personalize_gitops").joinpath("schemas/drift.json").read_text())

    assert ROWS.keys() == set(Finding)
    assert set(schema["properties"]["drift"]["items"]["properties"]["finding"]["enum"]) == set(Finding)


@pytest.mark.parametrize("finding", Finding, ids=str)
def test_a_row_is_true(finding: Finding) -> None:
    """Severity, whether it fails by default, and the next command are those of the program."""
    source = Source("f") if finding is Finding.UNMANAGED else None
    has_object = finding not in (Finding.UNCHECKED, Finding.EXPIRED)
    item = Drift(Address("Campaign", "c"), finding, (), "arn:c" if has_object else None, source=source)
    _, severity, fails, following = ROWS[finding]
    command = " ".join(item.following).replace("Campaign/c", "ADDR")
    command = re.sub(r"describe-campaign --campaign-arn .*", "describe-…", command)

    assert severity == item.severity
    assert fails.split(",")[0] == ("yes" if finding in FAILING else "no")
    assert following.split("`")[1] == command
