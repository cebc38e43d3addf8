"""A larger project: five dataset groups, each with three datasets, four solutions of four versions, and more."""

from __future__ import annotations

from pathlib import Path

from tests.support.movies import write_data
from tests.support.world import World

GROUPS = 5

_PROJECT = """
kind: Project
name: large
spec:
  targets:
    local: {emulator: {state: state, buckets: {large: ../data}}}
"""
_AVRO = "type: record, namespace: com.amazonaws.personalize.schema, version: '1.0'"
_FIELDS: dict[str, list[str | tuple[str, str]]] = {
    "Interactions": ["USER_ID", "ITEM_ID", "EVENT_TYPE", ("TIMESTAMP", "long")],
    "Items": ["ITEM_ID", ("YEAR", "int")],
    "Users": ["USER_ID", ("AGE", "int")],
}


def write_large(folder: Path, groups: int = GROUPS) -> Path:
    """Write the manifests, one file a group, and the data beside their folder. Returns the folder of the manifests."""
    manifests = folder / "manifests"
    manifests.mkdir()
    (manifests / "project.yaml").write_text(_PROJECT)
    for number in range(groups):
        documents = [f"kind: {kind}\nname: {name}\nspec: {spec}\n" for kind, name, spec in _documents(f"g{number}")]
        (manifests / f"group-{number}.yaml").write_text("---\n".join(documents))
    write_data(folder / "data")
    return manifests


def apply_large(world: World, folder: Path, groups: int = GROUPS) -> Path:
    """Write the project and apply it. Returns the folder of the manifests."""
    manifests = write_large(folder, groups)
    world.put_data(folder / "data", "large")
    world.apply(manifests)
    return manifests


def _documents(group: str) -> list[tuple[str, str, str]]:
    of_group = f"datasetGroup: {group}"
    found = [("DatasetGroup", group, "{}"), ("EventTracker", group, f"{{{of_group}}}")]
    for type_, fields in _FIELDS.items():
        name = f"{group}-{type_.lower()}"
        found += [
            (
                "Schema",
                name,
                f"{{schema: {{name: {type_}, {_AVRO}, fields: [{', '.join(_field(of) for of in fields)}]}}}}",
            ),
            ("Dataset", name, f"{{{of_group}, datasetType: {type_}, schema: {name}}}"),
        ]
    location, role = "s3://large/interactions.csv", "arn:aws:iam::123456789012:role/data"
    source = f'dataset: {group}-interactions, dataSource: {{dataLocation: "{location}"}}, roleArn: "{role}"'
    found.append(("DatasetImportJob", group, f"{{{source}}}"))
    for number in range(8):
        expression = f'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("type-{number}")'
        found.append(("Filter", f"{group}-{number}", f"{{{of_group}, filterExpression: '{expression}'}}"))
    for number in range(4):
        name = f"{group}-{number}"
        recipe = f"{of_group}, recipe: aws-similar-items, performAutoTraining: false"
        found.append(("Solution", name, f"{{{recipe}}}"))
        found += [("SolutionVersion", f"{name}-v{version}", f"{{solution: {name}}}") for version in range(4)]
        found.append(("Campaign", name, f"{{solutionVersion: {name}-v0, minProvisionedTPS: 1}}"))
    return found


def _field(of: str | tuple[str, str]) -> str:
    name, type_ = of if isinstance(of, tuple) else (of, "string")
    return f"{{name: {name}, type: {type_}}}"
