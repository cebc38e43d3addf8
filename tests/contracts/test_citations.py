"""Every citation of docs/service leads to a section there."""

from __future__ import annotations

import re

import pytest

from tests.contracts.citations import PARTS, ROOT, citations, files, sections

CITED = sorted({found.part for file in files() for found in citations(file)})


def test_every_citation_resolves() -> None:
    """The part that is cited exists and has the section; a section without a part is not a citation."""
    assert [str(found) for file in files() for found in citations(file) if not found.resolves] == []


@pytest.mark.parametrize("part", CITED)
def test_every_cited_part_is_listed(part: int) -> None:
    """The README of the digest links each part that the code cites, and each has numbered sections."""
    assert re.search(rf"^\| \[{part}\]\({part}-[a-z-]+\.md\) \|", (PARTS / "README.md").read_text(), re.MULTILINE)
    assert sections(part)


def test_no_citation_has_the_old_form() -> None:
    """Nothing cites a numbered reference outside the repository."""
    old = re.compile(r"\b[Rr]eferences? \d")

    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files()
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if old.search(line)
    ]

    assert found == []
