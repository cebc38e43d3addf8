"""Impact: what a change means for what refers to the object, and for what shares its dataset group."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.engine.plan.impact import (
    catch_up,
    move_obstacles,
    moved_references,
    successor_obstacles,
    ways_around,
)
from personalize_gitops.model.action import Action
from personalize_gitops.model.address import Address
from personalize_gitops.model.diff import FieldChange
from personalize_gitops.model.facts import Fact
from personalize_gitops.model.live import Live
from personalize_gitops.model.plan import DeclaredChange
from personalize_gitops.model.problem_codes import SchemaCode
from personalize_gitops.model.reason import Reason, ReasonCode, because
from tests.engine.plan.contexts import context, decided
from tests.support.builders import HEAD, change, document, live, owned, schema, snapshot

GROUP = f"{HEAD}:dataset-group/shop"


def columns(*nullable: str) -> dict[str, Any]:
    """Return the attributes of an Items schema with these nullable columns."""
    return schema("ITEM_ID", *({"name": name, "type": ["null", "string"]} for name in nullable))


SMALL, LARGE = columns(), columns("COLOR")
OTHER = live("Schema/other", SMALL, described=True)


def moves(found: DeclaredChange, before: Live = OTHER) -> list[str]:
    """Return the documents that references of a dataset move to, when it refers to `before` now."""
    dataset = document("Dataset/items", {"datasetGroup": "shop", "datasetType": "Items", "schema": "items"})
    now = owned("Dataset/items", {"datasetGroup": GROUP, "datasetType": "Items", "schema": before.arn})
    fields = [FieldChange(("schema",), before.arn, "arn")]
    seen = snapshot(now, before)
    return [str(move.document.address) for move in moved_references(dataset, now, fields, seen, decided(found))]


def test_a_reference_moves_from_one_resource_to_another() -> None:
    """A dataset that is declared with another schema moves, and the two schemas have to be compatible."""
    assert moves(change(document("Schema/items", LARGE), Action.CREATE)) == ["Schema/items"]


def test_following_a_successor_is_no_move() -> None:
    """The change of the schema itself has already been checked, so its dataset is not checked again."""
    assert moves(change(document("Schema/items", LARGE), Action.SUCCESSOR, live=OTHER)) == []


def test_an_object_that_was_only_listed_is_not_compared() -> None:
    """A list does not show the columns of a schema, so its move is checked when it has been described."""
    listed = live("Schema/other")

    assert moves(change(document("Schema/items", LARGE), Action.CREATE), listed) == []


@pytest.mark.parametrize(
    ("address", "fact"),
    [
        ("Dataset/items", Fact.ONE_DATASET_PER_TYPE),
        ("EventTracker/web", Fact.ONE_TRACKER_PER_GROUP),
        ("MetricAttribution/clicks", Fact.ONE_ATTRIBUTION_PER_GROUP),
        ("DatasetGroup/shop", Fact.GROUP_HOLDS_EVERYTHING),
    ],
)
def test_kinds_that_never_have_a_successor(address: str, fact: Fact) -> None:
    """The obstacle is the fact about the service that rules out a second object."""
    assert successor_obstacles(document(address), {}) == (Reason(fact),)


def test_a_schema_can_only_gain_nullable_columns() -> None:
    """A dataset can move to a schema with more nullable columns, not to one with fewer columns or of another domain."""
    assert successor_obstacles(document("Schema/items", LARGE), SMALL) == ()
    (removed,) = successor_obstacles(document("Schema/items", SMALL), LARGE)
    assert removed.code is SchemaCode.COLUMN_REMOVED
    other_domain = document("Schema/items", {**LARGE, "domain": "ECOMMERCE"})
    assert successor_obstacles(other_domain, SMALL) == (Reason(ReasonCode.OTHER_DOMAIN),)


def test_a_move_has_the_obstacles_of_its_schemas() -> None:
    """A dataset cannot move to a schema that could not replace the one it leaves."""
    dataset = document("Dataset/items", {"datasetGroup": "shop", "datasetType": "Items", "schema": "items"})
    before = live("Schema/other", LARGE, described=True)
    now = owned("Dataset/items", {"datasetGroup": GROUP, "datasetType": "Items", "schema": before.arn})
    decisions = decided(change(document("Schema/items", SMALL), Action.CREATE))
    fields = [FieldChange(("schema",), before.arn, "arn")]

    found = move_obstacles(moved_references(dataset, now, fields, snapshot(now, before), decisions))

    assert found == successor_obstacles(document("Schema/items", SMALL), LARGE)


def test_ways_around_exist_only_where_a_successor_is_impossible() -> None:
    """There are none for a change that a successor can carry out, and none for kinds other than Schema."""
    assert ways_around(document("Schema/items", SMALL), LARGE)
    assert ways_around(document("Schema/items", LARGE), SMALL) == ()
    assert ways_around(document("Filter/seen"), {}) == ()


def test_resources_that_ignore_added_columns_are_listed() -> None:
    """The plan lists the existing solution of the dataset group, which ignores added columns until it is replaced."""
    items = document("Schema/items", LARGE)
    far = document("Solution/far", {"datasetGroup": f"{GROUP}-two"})
    documents = [
        items,
        document("Dataset/items", {"datasetGroup": GROUP, "datasetType": "Items", "schema": "items"}),
        document("Solution/rank", {"datasetGroup": GROUP}),
        document("Recommender/next", {"datasetGroup": GROUP}),  # does not exist yet: it will train on the new columns
        far,
    ]
    lives = [owned("Solution/rank", {"datasetGroup": GROUP}), owned("Solution/far", far.attributes)]

    found = [*catch_up(items, SMALL, context(documents, lives))]

    assert [reason.code for reason in found] == [ReasonCode.COLUMNS_ADDED, ReasonCode.CATCH_UP]
    assert found[1] == because(ReasonCode.CATCH_UP, address=Address("Solution", "rank"), how=Fact.REPLACE_SOLUTION)


def test_an_import_is_listed_for_the_schema_of_its_own_dataset() -> None:
    """The files of an import need the columns that its own dataset gains, not those of its neighbors."""
    items, users = document("Schema/items", LARGE), document("Schema/users", LARGE)
    datasets = [
        document(f"Dataset/{name}", {"datasetGroup": GROUP, "datasetType": name, "schema": name})
        for name in ("items", "users")
    ]
    feed = document("DatasetImportJob/feed", {"dataset": "items"})
    asked = context([items, users, *datasets, feed])

    assert [reason.params.get("address") for reason in catch_up(items, SMALL, asked)] == [None, feed.address]
    assert [*catch_up(users, SMALL, asked)] == []


def test_nothing_has_to_catch_up_if_no_column_is_added() -> None:
    """A schema that only loses columns lists no other resource."""
    solution = document("Solution/rank", {"datasetGroup": GROUP})
    dataset = document("Dataset/items", {"datasetGroup": GROUP, "datasetType": "Items", "schema": "items"})
    asked = context([document("Schema/items", SMALL), dataset, solution], [owned("Solution/rank")])

    assert [*catch_up(document("Schema/items", SMALL), LARGE, asked)] == []
