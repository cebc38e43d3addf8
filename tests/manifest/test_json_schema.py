"""The JSON Schema of the manifests, as an editor would use it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it comes with moto, without types
import pytest
from ruamel.yaml import YAML

from personalize_gitops.manifest.json_schema import json_schema
from tests.support.movies import EXAMPLE

VALIDATOR = jsonschema.Draft202012Validator(json.loads(json_schema()))
DOCUMENTS = {
    f"{document['kind']}/{document['name']}": document
    for path in sorted(EXAMPLE.glob("*.yaml"))
    for document in YAML(typ="safe").load_all(path.read_text())
}


def test_it_is_a_schema() -> None:
    """It is valid in its own dialect."""
    VALIDATOR.check_schema(VALIDATOR.schema)


@pytest.mark.parametrize("address", DOCUMENTS)
def test_the_example_is_valid(address: str) -> None:
    """Every document of the example is valid, with its files, variables and numeric parameters."""
    assert [error.message for error in VALIDATOR.iter_errors(DOCUMENTS[address])] == []


WRONG: dict[str, dict[str, Any]] = {
    "kind": {"kind": "Filtr", "name": "x", "spec": {}},
    "member": {"kind": "EventTracker", "name": "x", "spec": {"datasetGroup": "g", "datasetGrop": "g"}},
    "no name": {"kind": "EventTracker", "spec": {"datasetGroup": "g"}},
    "run": {"kind": "EventTracker", "name": "x", "spec": {"datasetGroup": "g"}, "run": {}},
    "deep": {
        "kind": "Solution",
        "name": "x",
        "spec": {"datasetGroup": "g", "recipe": "aws-sims", "solutionConfig": {"hpoConfg": {}}},
    },
}


@pytest.mark.parametrize("document", WRONG.values(), ids=WRONG)
def test_a_mistake_is_not(document: dict[str, Any]) -> None:
    """The schema refuses what validate refuses for its structure."""
    assert not VALIDATOR.is_valid(document)


def test_patches_are_in_order() -> None:
    """A patch with only the members that it changes is valid."""
    patch = {"kind": "Campaign", "name": "for-you", "lifecycle": {"protect": True}}

    assert list(VALIDATOR.iter_errors(patch)) == []


def test_a_mistake_is_told_of_its_own_kind() -> None:
    """A mistake in a campaign gives one error, not one for every kind."""
    wrong = {"kind": "Campaign", "name": "c", "spec": {"minProvisionTPS": 1}}

    (error,) = VALIDATOR.iter_errors(wrong)

    assert "minProvisionTPS" in error.message


def test_structures_of_one_name_keep_apart() -> None:
    """The data source of an import requires a location, that of a deletion does not."""
    nothing: dict[str, object] = {"dataSource": {}}
    imported = {"kind": "DatasetImportJob", "name": "a", "spec": nothing}
    deleted = {"kind": "DataDeletionJob", "name": "a", "spec": nothing}

    assert [bool(list(VALIDATOR.iter_errors(document))) for document in (imported, deleted)] == [True, False]


def described(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every member within a schema by its name, without those that only tell the kinds apart."""
    if isinstance(schema, dict):
        yield from (schema.get("properties") or {}).items() if "additionalProperties" in schema else ()
        for name, inner in schema.items():
            yield from described(inner) if name != "if" else ()
    elif isinstance(schema, list):
        for inner in schema:
            yield from described(inner)


def test_every_member_is_described() -> None:
    """An editor says of each field what it means."""
    assert [name for name, member in described(VALIDATOR.schema) if name != "file" and not member["description"]] == []


def test_defaults_are_those_of_the_service() -> None:
    """A member that a request leaves out; none is called null."""
    members = dict(described(VALIDATOR.schema))

    assert members["performAutoTraining"]["default"] is True
    assert members["protect"]["default"] is False
    assert members["replace"].get("default", ...) is ...
