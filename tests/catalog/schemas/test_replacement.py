"""Which schemas can replace another (docs/service/3 §3.3)."""

from typing import Any

import pytest

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.schemas import parse, replacement_problems
from personalize_gitops.render.reasons import text

OLD: list[dict[str, Any]] = [
    {"name": "ITEM_ID", "type": "string"},
    {"name": "GENRES", "type": ["null", "string"], "categorical": True},
]
NEW_COLUMN = {"name": "PRICE", "type": ["null", "float"]}


def messages(
    fields: list[dict[str, Any]], name: str = "Items", dataset_type: DatasetType = DatasetType.ITEMS
) -> list[str]:
    old, new = parse({"name": "Items", "fields": OLD}), parse({"name": name, "fields": fields})
    return [
        f"{tuple(problem.place)}: {text(problem.reason)}" for problem in replacement_problems(old, new, dataset_type)
    ]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param(OLD, id="the same"),
        pytest.param([*OLD, NEW_COLUMN], id="a nullable column more"),
        pytest.param([*reversed(OLD), NEW_COLUMN], id="in another order"),
        pytest.param([OLD[0], {**OLD[1], "type": ["string", "null"]}], id="union in another order"),
    ],
)
def test_may_replace(fields: list[dict[str, Any]]) -> None:
    """A schema with all old columns unchanged, and only nullable new ones, can replace the old one."""
    assert messages(fields) == []


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        pytest.param(OLD[:1], "('fields',): GENRES must stay", id="column gone"),
        pytest.param([*OLD, {**NEW_COLUMN, "type": "float"}], "('fields', 2, 'type'): PRICE is new", id="not nullable"),
        pytest.param([OLD[0], {**OLD[1], "type": "string"}], "('fields', 1): GENRES must keep", id="null gone"),
        pytest.param([OLD[0], {**OLD[1], "categorical": False}], "('fields', 1): GENRES must keep", id="attribute"),
        pytest.param([{**OLD[0], "type": "int"}, OLD[1]], "('fields', 0): ITEM_ID must keep", id="type"),
    ],
)
def test_may_not_replace(fields: list[dict[str, Any]], message: str) -> None:
    """A schema that removes or changes a column, or adds one without null, cannot replace the old one."""
    (problem,) = messages(fields)

    assert problem.startswith(message)


def test_record_name_stays() -> None:
    """A schema with another record name cannot replace the old one."""
    assert messages(OLD, name="Users") == ["('name',): the record must keep its name \"Items\""]


@pytest.mark.parametrize("type_", [DatasetType.INTERACTIONS, DatasetType.ACTIONS, DatasetType.ACTION_INTERACTIONS])
def test_other_dataset_types_never_change(type_: DatasetType) -> None:
    """Only Items and Users datasets can be moved to another schema."""
    (problem,) = messages(OLD, dataset_type=type_)

    assert "cannot be replaced" in problem
