"""`renamedFrom` of documents and of the project: what it may name."""

from __future__ import annotations

import pytest

from personalize_gitops.manifest.load import load
from personalize_gitops.model.address import Address
from tests.manifest.writing import PROJECT, Folder

GROUP = "kind: DatasetGroup\nname: {name}\n{more}spec: {{}}\n"


SCHEMA = """
kind: Schema
name: new
renamedFrom: Schema/old
spec:
  schema:
    type: record
    name: Items
    version: "1.0"
    namespace: com.amazonaws.personalize.schema
    fields: [{name: ITEM_ID, type: string}, {name: GENRES, type: string, categorical: true}]
"""


def group(name: str, renamed_from: str = "") -> str:
    return GROUP.format(name=name, more=f"renamedFrom: {renamed_from}\n" if renamed_from else "")


def test_an_earlier_name(folder: Folder) -> None:
    """The document keeps the AWS name of its own name; the earlier address is beside it."""
    folder.write("a.yaml", group("new", "DatasetGroup/old"))

    found = load(folder.path).desired

    assert [str(document.renamed_from) for document in found.renamed] == ["DatasetGroup/old"]
    assert found.documents[Address("DatasetGroup", "new")].aws_name == "new"


def test_an_earlier_name_of_the_project(folder: Folder) -> None:
    """The earlier owner is that name with the same target."""
    name = next(line for line in PROJECT.splitlines() if line.startswith("name: "))
    (folder.path / "project.yaml").write_text(PROJECT.replace(name, f"{name}\nrenamedFrom: before"))
    folder.write("a.yaml", group("new"))

    found = load(folder.path).desired

    assert found.previous_owner == f"before/{found.target}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (group("new", "old"), 'a.yaml:3:1 renamedFrom: invalid address "old": expected Kind/name'),
        (
            group("new", "Filter/old"),
            "renamedFrom: expected the earlier name of a DatasetGroup, found that of a Filter",
        ),
        (group("new", "DatasetGroup/new"), "renamedFrom: DatasetGroup/new is still declared at"),
        (
            f"{group('new', 'DatasetGroup/old')}---\n{group('old')}",
            "renamedFrom: DatasetGroup/old is still declared at",
        ),
        (
            f"{group('new', 'DatasetGroup/old')}---\n{group('other', 'DatasetGroup/old')}",
            "renamedFrom: DatasetGroup/old is the earlier name of the document at",
        ),
        (
            SCHEMA,
            "renamedFrom: Schema cannot be tagged, so it is found by its AWS name: keep the name of the document",
        ),
    ],
)
def test_an_invalid_earlier_name(folder: Folder, text: str, problem: str) -> None:
    """One problem, at the place of the member."""
    folder.write("a.yaml", text)

    assert problem in folder.problem()


def test_a_project_is_not_renamed_from_itself(folder: Folder) -> None:
    """The earlier name is another name."""
    name = next(line for line in PROJECT.splitlines() if line.startswith("name: "))
    (folder.path / "project.yaml").write_text(PROJECT.replace(name, f"{name}\nrenamedFrom: {name.split()[1]}"))

    assert "is the name of the project: expected its earlier name" in folder.problem()
