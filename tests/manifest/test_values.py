"""The values of scalars, variables and files."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from ruamel.yaml import YAML

from personalize_gitops.manifest.values import Builder
from personalize_gitops.model.address import Address
from tests.manifest.writing import Folder

SCALARS = {
    "on": "on",
    "off": "off",
    "yes": "yes",
    "No": "No",
    "true": True,
    "False": False,
    "017": 17,
    "0o17": 15,
    "0x1F": 31,
    "-12": -12,
    "1e3": 1000.0,
    ".5": 0.5,
    "-.inf": float("-inf"),
    "null": None,
    "~": None,
    "": None,
    "12:30": "12:30",
    "2024-01-31": "2024-01-31",
    "'5'": "5",
    "!!str 5": "5",
    "!!int abc": "abc",
    "-_": "-_",
    "0b_": "0b_",
    "._": "._",
}


def built(text: str, **variables: Any) -> Any:
    """The value of YAML text."""
    node = YAML(typ="safe").compose(StringIO(f"x: {text}"))
    builder = Builder(variables)
    value = builder.value(node)["x"]
    assert builder.problems == []
    return value


@pytest.mark.parametrize(("text", "value"), SCALARS.items())
def test_scalars_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    """`on` and `yes` are text, 017 is seventeen, and what only looks like a number is text."""
    found = built(text)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("value", [2, 0.5, True, "red"])
def test_a_whole_variable_keeps_its_type(value: Any) -> None:
    """A text that is one variable has the type of its value, also through another variable."""
    assert built("${v}", v=value) == value
    assert type(built("${w}", v=value, w="${v}")) is type(value)


def test_a_variable_inside_a_text_is_text() -> None:
    """Inside a text, numbers and booleans appear as in YAML."""
    assert built("a-${n}-${b}-${t}", n=2, b=True, t="x${n}") == "a-2-true-x2"


def test_two_dollars_are_one() -> None:
    """`$${name}` becomes `${name}`."""
    assert built("$${n} and ${n}", n=2) == "${n} and 2"
    assert built("$${n}", n=2) == "${n}"


def test_a_dollar_alone_means_nothing() -> None:
    """$LATEST, and $GENRE in a filter, are not variables."""
    assert built("$LATEST", LATEST="x") == "$LATEST"


def test_the_environment_is_read(folder: Folder) -> None:
    """`${env:NAME}` is the value of the environment variable."""
    assert folder.tags("{branch: 'on ${env:BRANCH}'}", env={"BRANCH": "main"}) == {"branch": "on main"}


def test_a_name_missing_in_the_environment(folder: Folder) -> None:
    """An unset variable of the environment is a problem at its place."""
    folder.write("group.yaml", "kind: DatasetGroup\nname: g\nspec: {}\ntags: {a: '${env:NOPE}'}\n")

    assert folder.problem() == "group.yaml:4:11 environment variable NOPE is not set"


def test_an_unknown_variable(folder: Folder) -> None:
    """The problem of a misspelt variable suggests the nearest one."""
    folder.write("group.yaml", "kind: DatasetGroup\nname: g\nspec: {}\ntags: {a: '${wrod}'}\n")

    assert folder.problem() == 'group.yaml:4:11 unknown variable wrod (did you mean "word"?)'


def test_a_variable_made_from_itself(folder: Folder) -> None:
    """A cycle of variables is a problem that lists it."""
    folder.write("group.yaml", "kind: DatasetGroup\nname: g\nspec: {}\ntags: {a: '${ring}'}\n")

    assert folder.problem() == "group.yaml:4:11 variable ring refers to itself: ring → gnir → ring"


def test_a_target_overrides_a_variable(folder: Folder) -> None:
    """tps is 2 in general, 9 on prod."""
    folder.write("campaign.yaml", CAMPAIGN)

    found = {name: folder.load(name).desired.documents[Address("Campaign", "c")] for name in ("local", "prod")}

    assert {name: document.attributes["minProvisionedTPS"] for name, document in found.items()} == {
        "local": 2,
        "prod": 9,
    }


CAMPAIGN = """\
kind: Campaign
name: c
spec:
  solutionVersion: arn:aws:personalize:eu-west-1:111122223333:solution/s/1
  minProvisionedTPS: ${tps}
"""

SCHEMA = """\
{"type": "record", "name": "Items", "namespace": "x", "version": "1.0", "fields": [
  {"name": "ITEM_ID", "type": "string"}, {"name": "YEAR", "type": "int"}
]}
"""


def test_a_file_is_relative_to_its_manifest(folder: Folder) -> None:
    """A path in `{file: …}` is relative to the folder of its manifest."""
    folder.write("deep/schemas/items.avsc", SCHEMA)
    folder.write("deep/items.yaml", "{kind: Schema, name: items, spec: {schema: {file: schemas/items.avsc}}}")

    (schema,) = (d for d in folder.load().desired.documents.values() if d.address.kind_name == "Schema")

    assert schema.attributes["schema"]["name"] == "Items"


def test_a_patched_file_is_relative_to_its_patch(folder: Folder) -> None:
    """A path in a patch is relative to the folder of the patch."""
    folder.write("items.yaml", "{kind: Schema, name: items, spec: {schema: {file: none.avsc}}}")
    folder.write("targets/local/items.yaml", "{kind: Schema, name: items, spec: {schema: {file: here.avsc}}}")
    folder.write("targets/local/here.avsc", SCHEMA)

    assert len(folder.load("local").desired.documents) == 2


@pytest.mark.parametrize(
    ("named", "why"),
    [("none.avsc", "No such file or directory"), (".", "Is a directory"), ("latin.txt", "not UTF-8")],
)
def test_a_file_that_cannot_be_read(folder: Folder, named: str, why: str) -> None:
    """The problem is at the name of the file, with the reason."""
    folder.write("items.yaml", f"kind: Schema\nname: items\nspec:\n  schema: {{file: {named}}}\n")
    (folder.path / "latin.txt").write_bytes(b"\xe9")

    assert folder.problem() == f"items.yaml:4:18 cannot read {(folder.path / named)}: {why}"


def test_a_file_with_a_null_in_its_name(folder: Folder) -> None:
    """A name with a null character is a problem, not a traceback."""
    folder.write("items.yaml", 'kind: Schema\nname: items\nspec:\n  schema: {file: "a\\0b"}\n')

    assert folder.problem() == "items.yaml:4:18 invalid file name: it contains a null character"
