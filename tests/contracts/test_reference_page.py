"""docs/reference.md is current, and has every field of every kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.members import members
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.structure import Structure
from tools.reference_page import PAGE, page

TEXT = page()


def chapter(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def paths(structure: type[Structure], above: str = "") -> Iterator[str]:
    for member in members(structure).values():
        yield f"{above}{member.alias}"
        if member.structure:
            yield from paths(member.structure, f"{above}{member.alias}.")


def test_the_page_is_current() -> None:
    """`make docs` has been run since a kind changed."""
    assert PAGE.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_member_has_a_row(kind: type[Resource]) -> None:
    """With all of its cells."""
    rows = re.findall(r"^\| `(.*?)` \| (.*) \|$", chapter(kind.kind_name()), re.MULTILINE)

    assert [path for path, _ in rows] == [*paths(kind)]
    assert all(len(cells.split(" | ")) == 4 and "" not in cells.split(" | ") for _, cells in rows)


def test_rows() -> None:
    """One of each sort, to the letter."""
    campaign, solution = chapter("Campaign"), chapter("Solution")
    assert (
        "| `minProvisionedTPS` | whole number from 1 | `1` | `minProvisionedTPS` | in place, slow or costly |"
        in campaign
    )
    assert "| `solutionVersion` | reference to SolutionVersion | required | `solutionVersionArn` | in place" in campaign
    assert "| `solutionConfig.algorithmHyperParameters` | mapping of number or text | none | " in solution
    assert "| `state` | `running` or `stopped` | none | `StartRecommender`, `StopRecommender` | " in chapter(
        "Recommender"
    )
    assert "| `spec.targets.prune` | `true` or `false` | `false` | " in chapter("Project")
    assert "| `run.when` | list of `config` or `data` | `[config]` | " in chapter("Every document")
