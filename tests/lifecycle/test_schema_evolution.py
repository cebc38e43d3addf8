"""A schema's columns change: what a dataset can follow to, who misses the news, and the way where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from personalize_gitops.kinds.solution import Solution
from personalize_gitops.model.action import Action
from personalize_gitops.render import text
from personalize_gitops.render.reasons import FACTS
from tests.support.edits import edit
from tests.support.every import DOCUMENTS, file_of, stock_every, write_every
from tests.support.texts import notes_of, reason_of
from tests.support.world import World, actions, change_of

YEAR = '{name: YEAR, type: ["null", int]}'
RUNTIME = '{name: RUNTIME, type: ["null", int]}'


def declare(manifests: Path, address: str, document: str = "") -> None:
    """Write one more document of the project of every kind."""
    kind, name = address.split("/")
    file_of(manifests, address).write_text(f"kind: {kind}\nname: {name}\n{(document or DOCUMENTS[address]).strip()}\n")


@pytest.fixture
def catalog(world: World, tmp_path: Path) -> Path:
    """A trained solution on interactions and items, applied; the folder of its manifests."""
    manifests = write_every(tmp_path, "SolutionVersion/home")
    for address in ("Schema/items", "Dataset/items", "DatasetImportJob/items"):
        declare(manifests, address)
    world.put_data(tmp_path / "data", "every")
    world.apply(manifests)
    return manifests


def test_who_misses_a_new_column_is_named(world: World, catalog: Path) -> None:
    """A nullable column more is a successor schema; the plan names what trains without it, and what has to change."""
    declare(catalog, "Solution/lookalikes")  # made with this plan, so it misses nothing
    edit(file_of(catalog, "Schema/items"), YEAR, f"{YEAR}, {RUNTIME}")

    plan = world.plan(catalog)

    change = change_of(plan, "Schema/items")
    assert change.action is Action.SUCCESSOR
    assert notes_of(change) == (
        (
            "RUNTIME: usable in filters after the next import; "
            "existing recommenders and solutions do not train on new columns"
        ),
        "  DatasetImportJob/items: its CSV files need the new columns from the next import on",
        f"  Solution/home: {FACTS[Solution.catch_up['Schema']]}",
    )
    assert all(f"      {note}\n" in text.plan(plan) for note in notes_of(change))


def test_a_recommender_that_misses_a_new_column_is_named(world: World, tmp_path: Path) -> None:
    """It takes the column up by an update of its training columns; other groups are not concerned."""
    manifests = stock_every(world, tmp_path, "Recommender/next")
    items = DOCUMENTS["Schema/items"].replace("spec:", "spec:\n  domain: VIDEO_ON_DEMAND").replace("YEAR", "MADE")
    items = items.replace("{name: TITLE, type: string}", "{name: CREATION_TIMESTAMP, type: long}")
    items = items.replace('{name: GENRES, type: ["null", string]', "{name: GENRES, type: string")
    declare(manifests, "Schema/items", items)
    declare(manifests, "Dataset/items", "spec: {datasetGroup: video, datasetType: Items, schema: items}")
    declare(manifests, "DatasetGroup/shop")
    declare(manifests, "Solution/home")
    world.apply(manifests)
    edit(file_of(manifests, "Schema/items"), "{name: MADE", f"{RUNTIME}, {{name: MADE")

    assert notes_of(change_of(world.plan(manifests), "Schema/items"))[1:] == (
        "  Recommender/next: to train on new columns, change recommenderConfig.trainingDataConfig, which retrains it",
    )


def test_moving_a_dataset_to_another_schema_document_says_the_same(world: World, catalog: Path) -> None:
    """The columns count, not whether they came by a changed document or by another one."""
    declare(catalog, "Schema/films", file_of(catalog, "Schema/items").read_text().split("\n", 2)[2])
    edit(file_of(catalog, "Schema/films"), YEAR, f"{YEAR}, {RUNTIME}")
    edit(file_of(catalog, "Dataset/items"), "schema: items", "schema: films")

    change = change_of(world.plan(catalog), "Dataset/items")

    assert change.action is Action.UPDATE
    assert notes_of(change)[0].startswith("RUNTIME: ")
    edit(file_of(catalog, "Schema/films"), YEAR, '{name: YEAR, type: ["null", long]}')
    change = change_of(world.plan(catalog), "Dataset/items")
    assert change.action is Action.BLOCKED
    assert "YEAR must keep its type" in reason_of(change)
    assert notes_of(change)[0] == "Without data loss:"


def test_the_way_out_is_a_way(world: World, catalog: Path) -> None:
    """A retyped column is blocked with steps; the schema those steps write down is one the dataset takes."""
    edit(file_of(catalog, "Schema/items"), YEAR, "{name: YEAR, type: string}")
    plan = world.plan(catalog)

    steps = notes_of(change_of(plan, "Schema/items"))

    assert actions(plan) == {"Schema/items": Action.BLOCKED}
    kept = '{"name": "YEAR", "type": ["null", "int"]}'
    added = '{"name": "YEAR_NEW", "type": ["null", "string"]}'
    assert steps[1:4] == (
        f"  1. keep YEAR as it is: {kept}",
        f"  2. add a column that replaces YEAR: {added}",
        "  3. import rows with values for YEAR_NEW, which filters can use after that",
    )
    edit(file_of(catalog, "Schema/items"), "{name: YEAR, type: string}", f"{kept}, {added}")
    world.apply(catalog)
    assert actions(world.plan(catalog)) == {}


def test_interactions_can_be_made_anew_in_their_place(world: World, catalog: Path) -> None:
    """The schema of interactions never changes; with recreation asked for, as the steps say, data comes anew."""
    edit(file_of(catalog, "Schema/events"), "      - {name: EVENT_TYPE, type: string}\n", "")
    edit(
        file_of(catalog, "Schema/events"),
        "      - {name: EVENT_VALUE",
        "      - {name: EVENT_TYPE, type: string}\n      - {name: EVENT_VALUE",
    )
    edit(
        file_of(catalog, "Schema/events"),
        "{name: TIMESTAMP, type: long}",
        '{name: TIMESTAMP, type: long}\n      - {name: DEVICE, type: ["null", string]}',
    )
    notes = notes_of(change_of(world.plan(catalog), "Schema/events"))

    assert notes[0] == "Without data loss or outage, in another dataset group:"
    assert notes[-1].startswith("  3. set `lifecycle: {replace: recreate}` on the Schema and on its Dataset")
    header, *rows = (catalog.parent / "data" / "interactions.csv").read_text().splitlines()
    content = "\n".join([f"{header},DEVICE", *(f"{row},tv" for row in rows)])
    (catalog.parent / "data" / "interactions.csv").write_text(f"{content}\n")
    world.put_data(catalog.parent / "data", "every")
    for address in ("Schema/events", "Dataset/events"):
        edit(file_of(catalog, address), "name: events\n", "name: events\nlifecycle: {replace: recreate}\n")
    plan = world.plan(catalog)
    assert {address: actions(plan)[address] for address in ("Schema/events", "Dataset/events")} == {
        "Schema/events": Action.RECREATE,
        "Dataset/events": Action.RECREATE,
    }
    assert change_of(plan, "Dataset/events").risk == "data-loss"
    assert actions(plan)["DatasetImportJob/events"] is Action.RUN
    world.apply(catalog)
    assert actions(world.plan(catalog)) == {}
