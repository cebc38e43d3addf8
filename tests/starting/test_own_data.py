"""The columns of a user's files, from their names and values."""

from __future__ import annotations

from typing import Any

import pytest

from personalize_gitops.catalog.datasets import DatasetType
from personalize_gitops.catalog.schemas import schema_problems
from personalize_gitops.model.problem import Severity
from personalize_gitops.starting.own_data import avro, read_rows, type_of

TEXT = "a long text about the item, which no person would take for the name of a category"


def column(*values: str, name: str = "X") -> dict[str, Any]:
    """Return the field of a column of items with these values."""
    file = read_rows("items.csv", [["ITEM_ID", "KIND", name], *(["i", "book", value] for value in values)])
    (found,) = [field for field in avro(file, DatasetType.ITEMS)["fields"] if field["name"] == name]
    return {key: value for key, value in found.items() if key != "name"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("1", "-2"), {"type": "int"}),
        (("1", ""), {"type": ["null", "int"]}),
        (("1", "3000000000"), {"type": "long"}),
        (("1", "2.5"), {"type": "float"}),
        (("007", "008"), {"type": "string", "categorical": True}),
        (("red", "blue", "red"), {"type": "string", "categorical": True}),
        (tuple(f"name {n}" for n in range(99)), {"type": "string"}),
        (tuple(f"a{n}|b" for n in range(99)), {"type": "string", "categorical": True}),
        ((TEXT, TEXT), {"type": "string", "textual": True}),
        (("", ""), {"type": ["null", "string"], "categorical": True}),
    ],
)
def test_a_column_of_ones_own(values: tuple[str, ...], expected: dict[str, Any]) -> None:
    """Numbers have the smallest type, empty values allow null, few values are categories, long ones are text."""
    assert column(*values) == expected


def test_a_column_that_the_service_knows() -> None:
    """CREATION_TIMESTAMP is a long, also where the values would fit an int."""
    assert column("1", name="CREATION_TIMESTAMP") == {"type": "long"}


def test_items_have_metadata() -> None:
    """Where no column counts as metadata, the one with the fewest values becomes a category."""
    rows = [[f"i{n}", f"title {n}", f"maker {n // 2}"] for n in range(200)]
    file = read_rows("items.csv", [["ITEM_ID", "TITLE", "MAKER"], *rows])

    schema = avro(file, DatasetType.ITEMS)

    assert schema["fields"][2] == {"name": "MAKER", "type": "string", "categorical": True}
    assert [problem for problem in schema_problems(schema, domain=None) if problem.severity is not Severity.INFO] == []


@pytest.mark.parametrize(
    ("header", "type_"),
    [
        ("USER_ID,ITEM_ID,TIMESTAMP", DatasetType.INTERACTIONS),
        ("ITEM_ID,A", DatasetType.ITEMS),
        ("USER_ID,A", DatasetType.USERS),
        ("ACTION_ID,A", DatasetType.ACTIONS),
        ("USER_ID,ACTION_ID,EVENT_TYPE,TIMESTAMP", DatasetType.ACTION_INTERACTIONS),
    ],
)
def test_the_type_of_a_file(header: str, type_: DatasetType) -> None:
    """The ids among the columns tell which dataset a file is for."""
    assert type_of(read_rows("x.csv", [header.split(","), ["1"] * len(header.split(","))])) is type_
