"""The steps to other columns where a dataset cannot move to another schema (docs/service/3 §3.3)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.schemas import migration, parse, replacement_problems
from personalize_gitops.model.problem_codes import MigrationCode
from personalize_gitops.model.reason import because
from personalize_gitops.render.reasons import text

ID: dict[str, Any] = {"name": "ITEM_ID", "type": "string"}
GENRES: dict[str, Any] = {"name": "GENRES", "type": ["null", "string"], "categorical": True}
PRICE: dict[str, Any] = {"name": "PRICE", "type": "float"}


def way(old: list[dict[str, Any]], new: list[dict[str, Any]], name: str = "Items") -> str:
    return "\n".join(map(text, migration(parse({"name": name, "fields": old}), parse({"name": name, "fields": new}))))


def test_a_dropped_column_stays_and_is_left_out_of_training() -> None:
    """A removed column stays in the schema and out of training; if it does not accept null, imports keep filling it."""
    steps = way([ID, GENRES, PRICE], [ID])

    assert f"1. keep GENRES as it is: {json.dumps(GENRES)}" in steps
    assert "keep values for PRICE in every import" in steps
    assert "keep values for GENRES" not in steps
    assert "excludedDatasetColumns: {Items: [GENRES, PRICE]}" in steps


def test_a_renamed_column_is_a_new_one_beside_the_old() -> None:
    """A renamed column is added with null, and replaces the old one in training."""
    steps = way([ID, PRICE], [ID, {**PRICE, "name": "COST"}])

    assert "1. keep PRICE as it is" in steps
    assert '2. let COST accept null: {"name": "COST", "type": ["null", "float"]}' in steps
    assert "import rows with values for COST" in steps
    assert "excludedDatasetColumns: {Items: [PRICE]}" in steps


def test_a_retyped_column_is_a_new_one_under_a_free_name() -> None:
    """The name of the added column is one that neither schema has."""
    taken = {"name": "PRICE_NEW", "type": ["null", "int"]}

    steps = way([ID, PRICE, taken], [ID, {**PRICE, "type": "long"}, taken])

    assert '{"name": "PRICE_NEW_NEW", "type": ["null", "long"]}' in steps


def test_a_column_that_takes_no_null_has_to_learn_it() -> None:
    """An added column must accept null; no column is excluded from training."""
    steps = way([ID], [ID, PRICE])

    assert '1. let PRICE accept null: {"name": "PRICE", "type": ["null", "float"]}' in steps
    assert "excludedDatasetColumns" not in steps


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([ID, GENRES, PRICE], [ID]),
        ([ID, GENRES], [ID, {**GENRES, "categorical": False}]),
        ([ID, PRICE], [ID, {**PRICE, "name": "COST"}]),
        ([ID], [ID, PRICE]),
    ],
)
def test_following_the_steps_leads_to_a_schema_the_service_takes(
    old: list[dict[str, Any]], new: list[dict[str, Any]]
) -> None:
    """A schema with the columns of the steps can replace the old one."""
    written = [json.loads(declared) for declared in re.findall(r"\{\"name\".*\}$", way(old, new), re.MULTILINE)]
    named = {field["name"]: field for field in [*new, *written]}

    followed = parse({"name": "Items", "fields": list(named.values())})

    assert replacement_problems(parse({"name": "Items", "fields": old}), followed, DatasetType.ITEMS) == ()


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ("Interactions", "declare an EventTracker in that group"),
        ("ActionInteractions", "with the tracking id of the new Dataset"),
        ("Actions", "Actions datasets cannot be exported"),
    ],
)
def test_what_never_takes_another_schema_goes_to_another_group(record: str, told: str) -> None:
    """The steps lead to another group without data loss, or recreate the dataset after an export where possible."""
    steps = way([ID], [ID, GENRES], name=record)

    assert steps.startswith(
        "Without data loss or outage, in another dataset group:\n  1. declare another DatasetGroup with"
    )
    assert "Or in place, which deletes every imported row and streamed event:" in steps
    assert told in steps
    assert ("export the rows" in steps) is (record == "Interactions")


def test_rows_of_another_sort_are_another_dataset() -> None:
    """Rows of another dataset type need their own dataset; an unknown record name has no steps."""
    items, users = parse({"name": "Items", "fields": [ID]}), parse({"name": "Users", "fields": [ID]})
    odd = parse({"name": "Things", "fields": [ID]})

    assert migration(items, users) == (because(MigrationCode.OTHER_DATASET_TYPE),)
    assert migration(odd, odd) == ()


def test_another_domain_is_another_group() -> None:
    """A schema of another domain needs a dataset group of that domain."""
    items = parse({"name": "Items", "fields": [ID]})

    _, first, *_ = migration(items, items, other_domain=True)

    assert first == because(MigrationCode.STEP, number=1, step=because(MigrationCode.DECLARE_GROUP_OF_DOMAIN))
