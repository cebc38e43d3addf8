"""docs/changes.md is current, and leaves nothing out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.change_class import ChangeClass
from personalize_gitops.model.members import members
from personalize_gitops.model.resource import Resource
from personalize_gitops.model.structure import Structure
from tools.changes_page import PAGE, page


def chapter(kind: str) -> str:
    found = re.search(rf"^## {kind}\n(.*?)(?=^## |\Z)", page(KINDS), re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def paths(structure: type[Structure], above: str = "") -> Iterator[str]:
    """Every member, those of members included."""
    for member in members(structure).values():
        yield f"{above}{member.alias}"
        if member.structure and not member.ref:
            yield from paths(member.structure, f"{above}{member.alias}.")


def test_the_page_is_current() -> None:
    """`make docs` has been run since a mark changed."""
    assert PAGE.read_text(encoding="utf-8") == page(KINDS)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_member_is_there_once(kind: type[Resource]) -> None:
    """Each has one row: its own, that of the structure it is in, or those of the members it has."""
    told = re.findall(
        r"`([A-Za-z.0-9]+)`", "".join(re.findall(r"^\| (`.*?) \|", chapter(kind.kind_name()), re.MULTILINE))
    )

    assert len(told) == len(set(told))
    for path in paths(kind):
        own = [row for row in told if f"{path}.".startswith(f"{row}.")]
        inner = [row for row in told if row.startswith(f"{path}.")]
        assert len(own) == 1 or (not own and inner), path


@pytest.mark.parametrize("word", ChangeClass)
def test_every_class_is_explained(word: ChangeClass) -> None:
    """The words of the tables stand in the table of classes."""
    assert f"| {word} |" in page(KINDS)


def test_rows_say_what_is_lost_and_what_it_costs() -> None:
    """One of each sort, to the letter."""
    assert (
        "| `datasetGroup` | impossible unless you choose `recreate` (with loss) | 1m 30s "
        "| requests fail until it is created again | the tracking id that applications send events with |"
    ) in chapter("EventTracker")
    assert (
        "| `recommenderConfig.trainingDataConfig` | in place, slow or costly | 15m "
        "| Trains the recommender from scratch; the old model serves meanwhile. | nothing |"
    ) in chapter("Recommender")
    assert "3m to stop, 10m to start" in chapter("Recommender")
    assert "with the old object: its trained versions" in chapter("Solution")
