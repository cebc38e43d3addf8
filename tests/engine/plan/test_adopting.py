"""Runs that somebody else started: a document with the same inputs takes them over when it may."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.kinds import KINDS
from personalize_gitops.model.action import Action
from tests.support.edits import edit
from tests.support.every import NEEDS, apply_every, file_of
from tests.support.world import World, actions

RUNS = [address for address in NEEDS if KINDS[address.split("/")[0]].is_run]
EXPORT = "DatasetExportJob/events"


def by_others(world: World, folder: Path, address: str) -> Path:
    """Return manifests for an account in which others made everything; they declare the run under a new name."""
    manifests = apply_every(world, folder, address)
    for live in world.snapshot(manifests).objects:
        if live.tags:
            world.untag_by_hand(live.arn, [*live.tags])
    edit(file_of(manifests, address), f"name: {address.split('/')[1]}", "name: taken-over")
    return manifests


def runs(world: World, manifests: Path) -> list[str]:
    return [live.arn for live in world.snapshot(manifests).objects if live.kind.is_run]


@pytest.mark.parametrize("address", RUNS)
def test_adopt_takes_over_the_run_with_the_same_inputs(world: World, tmp_path: Path, address: str) -> None:
    """With --adopt nothing runs again: the run is tagged, and the next plan knows it by its tags."""
    manifests = by_others(world, tmp_path, address)
    before = runs(world, manifests)

    plan = world.plan(manifests, adopt=True)
    world.carry_out(plan)

    assert actions(plan)[f"{address.split('/')[0]}/taken-over"] is Action.ADOPT
    assert actions(world.plan(manifests)) == {}
    assert runs(world, manifests) == before


def test_a_document_alone_permits_it(world: World, tmp_path: Path) -> None:
    """`lifecycle.adopt` takes over the run of its document; without it and without --adopt the run is due."""
    manifests = by_others(world, tmp_path, EXPORT)
    assert actions(world.plan(manifests))["DatasetExportJob/taken-over"] is Action.RUN

    edit(file_of(manifests, EXPORT), "spec:", "lifecycle: {adopt: true}\nspec:")

    assert actions(world.plan(manifests))["DatasetExportJob/taken-over"] is Action.ADOPT


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("ingestionMode: ALL", "ingestionMode: BULK", id="other inputs"),
        pytest.param("spec:", "run: {when: [config, data]}\nspec:", id="inputs that nothing tells"),
    ],
)
def test_a_run_with_other_inputs_is_not_taken_over(world: World, tmp_path: Path, before: str, after: str) -> None:
    """The document's own run is due when the inputs differ, or when nothing tells what the data was."""
    manifests = by_others(world, tmp_path, EXPORT)
    edit(file_of(manifests, EXPORT), before, after)

    assert actions(world.plan(manifests, adopt=True))["DatasetExportJob/taken-over"] is Action.RUN


def test_two_documents_do_not_take_over_one_run(world: World, tmp_path: Path) -> None:
    """Of two documents with the same inputs the first takes the run over, and the other one runs."""
    manifests = by_others(world, tmp_path, EXPORT)
    text = file_of(manifests, EXPORT).read_text()
    (manifests / "again.yaml").write_text(text.replace("taken-over", "twice"))

    found = actions(world.plan(manifests, adopt=True))

    assert found["DatasetExportJob/taken-over"] is Action.ADOPT
    assert found["DatasetExportJob/twice"] is Action.RUN
